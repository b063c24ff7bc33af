"""The loop by hand once more, with torchvision's ImageFolder in place of the project's reader.

    python image_folder.py FOLDER --project PROJECT [--seed 0]

FOLDER holds grey pictures in train/ and val/, a folder for each class. They are read from their
files in each epoch. The network is the project's.
"""

import argparse
import sys
from pathlib import Path

import torch
from job import LR, accuracy_or_r2, say
from torch import nn
from torch.utils.data import DataLoader
from torchvision.datasets import ImageFolder
from torchvision.transforms import Compose, Grayscale, ToTensor


def main() -> None:
    """Train until somebody ends it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--project", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    sys.path.insert(0, str(options.project))
    from config import Config
    from data import Info
    from model import build_model

    config = Config()
    transform = Compose([Grayscale(), ToTensor()])
    train, val = (ImageFolder(options.folder / part, transform) for part in ("train", "val"))
    train_loader = DataLoader(train, config.batch_size, shuffle=True)
    val_loader = DataLoader(val, config.batch_size)
    _, height, width = train[0][0].shape
    info = Info(classes=train.classes, channels=1, height=height, width=width)
    torch.manual_seed(options.seed)
    model = build_model(config, info)
    optimizer = torch.optim.AdamW(model.parameters(), lr=LR)
    loss_fn = nn.CrossEntropyLoss()
    while True:
        model.train()
        for inputs, labels in train_loader:
            optimizer.zero_grad()
            loss = loss_fn(model(inputs), labels)
            loss.backward()
            optimizer.step()

        model.eval()
        with torch.no_grad():
            found = [(model(inputs), labels) for inputs, labels in val_loader]
        outputs, labels = (torch.cat(parts) for parts in zip(*found, strict=True))
        say(accuracy_or_r2(outputs, labels))


if __name__ == "__main__":
    main()
