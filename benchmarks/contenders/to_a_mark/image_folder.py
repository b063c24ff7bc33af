"""The loop by hand once more, with torchvision's ImageFolder in place of the project's reader.

    python image_folder.py FOLDER --project PROJECT [--seed 0]

FOLDER holds grey pictures in train/ and val/, a folder for each class. They are read from their
files in each epoch. The network is the project's.
"""

import argparse
import sys
from pathlib import Path

import torch
from naive import train
from torch import nn
from torch.utils.data import DataLoader
from torchvision.datasets import ImageFolder
from torchvision.transforms import Compose, Grayscale, ToTensor


def main() -> None:
    """Read the pictures, and train until somebody ends it."""
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
    train_data = ImageFolder(options.folder / "train", transform)
    val_data = ImageFolder(options.folder / "val", transform)
    train_loader = DataLoader(train_data, config.batch_size, shuffle=True)
    val_loader = DataLoader(val_data, config.batch_size)
    _, height, width = train_data[0][0].shape
    info = Info(classes=train_data.classes, channels=1, height=height, width=width)
    torch.manual_seed(options.seed)
    model = build_model(config, info)
    train(model, nn.CrossEntropyLoss(), train_loader, val_loader)


if __name__ == "__main__":
    main()
