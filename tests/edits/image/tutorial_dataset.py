"""The Dataset of the official tutorial, on a folder of files and a list of labels.

docs.pytorch.org/tutorials/beginner/basics/data_tutorial.html
"""

import csv
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch.utils.data import Dataset

from data import Info, load_digits
from engine.dataset import Data
from engine.splits import number_classes, split_indices

FILE = "data.py"
OPTIONS = ["--data", "pictures", "--image-size", "16", "--batch-size", "8"]


class CustomImageDataset(Dataset):
    def __init__(self, img_dir, names, labels, info, transform=None):
        self.img_dir = img_dir
        self.names = names
        self.labels = labels
        self.info = info
        self.transform = transform

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, idx):
        image = read_input(self.img_dir / self.names[idx], self.info)
        if self.transform:
            image = self.transform(image)
        return image, self.labels[idx]


def read_input(path, info):
    image = Image.open(path).convert("RGB").resize((info.width, info.height))
    pixels = np.asarray(image).astype(np.float64) / 255
    return pixels.transpose(2, 0, 1)


def flip(image):
    if torch.rand(1) < 0.5:
        return image[:, :, ::-1].copy()
    return image


def load_data(config):
    if config.data is None:
        return load_digits()
    folder = Path(config.data)
    with (folder / "annotations.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    names = [name for name, _ in rows]
    labels, classes = number_classes([word for _, word in rows], folder)
    info = Info(classes=classes, channels=3, height=config.image_size, width=config.image_size)

    def part(indices, transform=None):
        chosen = [names[index] for index in indices]
        return CustomImageDataset(folder, chosen, labels[indices].tolist(), info, transform)

    split = split_indices(labels)
    return Data(
        train=part(split.train, flip),
        val=part(split.val),
        test=part(split.test),
        info=info,
    )


def prepare(project):
    import numpy as np
    from PIL import Image

    random = np.random.default_rng(0)
    folder = project / "pictures"
    folder.mkdir()
    lines = []
    for number in range(120):
        pixels = random.integers(0, 120, (20, 24, 3), dtype=np.uint8)
        pixels[:, :, number % 3] += 100
        Image.fromarray(pixels).save(folder / f"{number}.png")
        lines.append(f"{number}.png,{('red', 'green', 'blue')[number % 3]}\n")
    (folder / "annotations.csv").write_text("".join(lines), encoding="utf-8")
