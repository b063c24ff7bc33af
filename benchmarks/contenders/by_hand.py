"""No training: import torch, then load the digits by hand, the way that --with names.

    python by_hand.py --with numpy|scikit-learn|nothing

Prints when torch was there and when the data were, by the clock that measures the process.
"""

import argparse
import time
from importlib.metadata import distribution


def main() -> None:
    """Import, load, and print both times."""
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
        assert len(images) == len(labels)
    elif how == "scikit-learn":
        from sklearn.datasets import load_digits

        images, labels = (torch.as_tensor(part) for part in load_digits(return_X_y=True))
        assert len(images) == len(labels)
    print(f"imported {there}\nready {time.perf_counter()}")


if __name__ == "__main__":
    main()
