"""fastai with its own readers and networks, as its quick start has them.

    python fastai_own.py pictures|table FOLDER [--epochs 5] [--seed 0]

Pictures: `vision_learner` with a ResNet-18 that has learned nothing yet. A table, whose column
"target" is a number: `tabular_learner` with Categorify, FillMissing and Normalize; the mean and
the standard deviation of the target are taken out before.
"""

import argparse
from pathlib import Path

import torch


def say(score: float) -> float:
    """Print what an epoch has scored, at once."""
    print(f"scored {score:.4f}", flush=True)
    return score


def learn_pictures(folder: Path, epochs: int) -> None:
    """Train on picture files in train/ and val/, a folder for each class."""
    from fastai.vision.all import AccumMetric, ImageDataLoaders, resnet18, vision_learner

    def accuracy(outputs: torch.Tensor, labels: torch.Tensor) -> float:
        return say((outputs.argmax(1) == labels).double().mean().item())

    loaders = ImageDataLoaders.from_folder(
        folder, train="train", valid="val", num_workers=0, device=torch.device("cpu")
    )
    learner = vision_learner(
        loaders, resnet18, pretrained=False, metrics=AccumMetric(accuracy, flatten=False)
    )
    learner.fit_one_cycle(epochs)


def learn_table(folder: Path, epochs: int) -> None:
    """Train on train.csv, validate on val.csv."""
    import pandas as pd
    from fastai.tabular.all import (
        AccumMetric,
        Categorify,
        FillMissing,
        Normalize,
        RegressionBlock,
        TabularDataLoaders,
        cont_cat_split,
        range_of,
        tabular_learner,
    )

    train, val = (pd.read_csv(folder / f"{part}.csv") for part in ("train", "val"))
    frame = pd.concat([train, val], ignore_index=True)
    frame["target"] = (frame["target"] - train["target"].mean()) / train["target"].std()
    numbers, categories = cont_cat_split(frame, dep_var="target")
    rows = range_of(frame)

    def r2(outputs: torch.Tensor, labels: torch.Tensor) -> float:
        errors = (outputs - labels).double().square().sum()
        around_mean = (labels - labels.mean()).double().square().sum()
        return say(float(1 - errors / around_mean))

    loaders = TabularDataLoaders.from_df(
        frame,
        procs=[Categorify, FillMissing, Normalize],
        cat_names=categories,
        cont_names=numbers,
        y_names="target",
        y_block=RegressionBlock(),
        valid_idx=rows[len(train) :],
        num_workers=0,
        device=torch.device("cpu"),
    )
    learner = tabular_learner(loaders, metrics=AccumMetric(r2))
    learner.fit_one_cycle(epochs)


def main() -> None:
    """Train for so many epochs, or until somebody ends it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=["pictures", "table"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    learn = learn_pictures if options.kind == "pictures" else learn_table
    learn(options.folder, options.epochs)


if __name__ == "__main__":
    main()
