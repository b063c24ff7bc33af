"""A Dataset of files whose folder stands in data.py; the split is random_split's."""

from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch.utils.data import Dataset, random_split

from data import Info
from engine.dataset import Data

FILE = "data.py"
OPTIONS = ["--batch-size", "8"]

FOLDER = Path(__file__).parent / "pictures"


class Photos(Dataset):
    def __init__(self, info):
        self.info = info
        self.paths = sorted(FOLDER.glob("*/*.png"))
        self.names = sorted({path.parent.name for path in self.paths})

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        path = self.paths[index]
        return read_input(path, self.info), self.names.index(path.parent.name)


def read_input(path, info):
    with Image.open(path) as image:
        pixels = np.array(image.convert("RGB").resize((info.width, info.height)))
    return torch.from_numpy(pixels).permute(2, 0, 1).float() / 255


def load_data(config):
    info = Info(channels=3, height=16, width=16)
    photos = Photos(info)
    info.classes = photos.names
    generator = torch.Generator().manual_seed(0)
    train, val, test = random_split(photos, [0.6, 0.2, 0.2], generator)
    return Data(train, val, test, info)


def prepare(project):
    import numpy as np
    from PIL import Image

    random = np.random.default_rng(0)
    for number in range(120):
        name = ("cat", "dog", "fish")[number % 3]
        folder = project / "pictures" / name
        folder.mkdir(parents=True, exist_ok=True)
        pixels = random.integers(0, 120, (20, 24, 3), dtype=np.uint8)
        pixels[:, :, number % 3] += 100
        Image.fromarray(pixels).save(folder / f"{number}.png")
