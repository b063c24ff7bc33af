"""One step by hand: import torch, load the digits the way that --with names, and take a step.

    python by_hand.py --with numpy|scikit-learn|nothing

With nothing there are no data, and no step. Prints when torch was there and when the data were, by
the clock that measures the process.
"""

import argparse
import time
from importlib.metadata import distribution


def main() -> None:
    """Import, load, take a step, and print both times."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--with", choices=["numpy", "scikit-learn", "nothing"], dest="how")
    how = parser.parse_args().how
    import torch

    there = time.perf_counter()
    if how == "numpy":
        import numpy as np

        path = distribution("scikit-learn").locate_file("sklearn/datasets/data/digits.csv.gz")
        table = np.loadtxt(str(path), np.uint8, delimiter=",")
        images, labels = torch.from_numpy(table[:, :-1]), torch.from_numpy(table[:, -1])
    elif how == "scikit-learn":
        from sklearn.datasets import load_digits

        images, labels = (torch.as_tensor(part) for part in load_digits(return_X_y=True))
    print(f"imported {there}\nready {time.perf_counter()}")
    if how == "nothing":
        return
    model = torch.nn.Sequential(
        torch.nn.Conv2d(1, 16, 3, padding=1),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(2),
        torch.nn.Flatten(),
        torch.nn.Linear(16 * 4 * 4, 10),
    )
    optimizer = torch.optim.AdamW(model.parameters())
    logits = model(images[:64].float().view(-1, 1, 8, 8) / 16)
    torch.nn.functional.cross_entropy(logits, labels[:64].long()).backward()
    optimizer.step()


if __name__ == "__main__":
    main()
