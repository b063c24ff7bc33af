"""A rare class comes three times in an epoch; two workers read the examples."""

import random

from torch.utils.data import ConcatDataset, Dataset, Subset

from data import CLASSES, Digits, Info
from engine.dataset import Data
from engine.splits import split_indices

FILE = "data.py"
OPTIONS = ["--num-workers", "2"]


class Flickering(Dataset):
    def __init__(self, dataset):
        self.dataset = dataset

    def __len__(self):
        return len(self.dataset)

    def __getitem__(self, index):
        picture, label = self.dataset[index]
        return (picture * (0.8 + 0.4 * random.random())).clamp(0, 1), label


def load_data(config):
    digits = Digits()
    split = split_indices(digits.labels)
    rare = split.train[digits.labels[split.train] == 3]
    parts = [Subset(digits, split.train.tolist()), Subset(digits, rare.repeat(2).tolist())]
    return Data(
        train=Flickering(ConcatDataset(parts)),
        val=digits.part(split.val),
        test=digits.part(split.test),
        info=Info(classes=CLASSES, channels=1, height=8, width=8),
    )


def check(project):
    import csv
    import subprocess
    import sys

    options = ["--epochs", "2", "--limit-batches", "6", "--device", "cpu", "--width", "8"]
    command = [sys.executable, "train.py", *options, "--run-dir", "runs/no_workers"]
    subprocess.run(command, cwd=project, check=True, timeout=300, stdout=subprocess.DEVNULL)
    tables = []
    for name in ("unbroken", "no_workers"):
        with (project / "runs" / name / "metrics.csv").open(encoding="utf-8") as file:
            tables.append([row["train_loss"] for row in csv.DictReader(file)])
    assert tables[0] == tables[1], "workers draw other random numbers"
