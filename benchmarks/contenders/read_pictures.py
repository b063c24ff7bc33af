"""How fast pictures are read without a cache: by torchvision, and out of shards of WebDataset.

    python read_pictures.py FOLDER SIZE        prints JSON: microseconds for each picture

Needs torchvision and webdataset. An epoch in batches of 64, with no worker and with one on each
core, each after one that is not counted. torchvision decodes the files of FOLDER; WebDataset reads
the same bytes out of shards, and decodes them with Pillow, as its documentation does. All become
SIZE by SIZE pixels, float32 in 0..1.
"""

import json
import os
import platform
import sys
import tempfile
import time
from importlib import metadata
from pathlib import Path

import torch
import webdataset as wds
from torch.utils.data import DataLoader, Dataset
from torchvision.io import ImageReadMode, decode_jpeg, read_file
from torchvision.transforms import v2

BATCH_SIZE = 64
SHARDS = 16
PACKAGES = ["torch", "torchvision", "webdataset", "pillow"]


class Files(Dataset):
    """Pictures that torchvision decodes."""

    def __init__(self, paths: list[Path], size: int) -> None:
        self.paths = [str(path) for path in paths]
        self.resize = v2.Resize([size, size])

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        """Return a picture and its class."""
        picture = decode_jpeg(read_file(self.paths[index]), mode=ImageReadMode.RGB)
        return self.resize(picture).float() / 255, index % 10


def write_shards(paths: list[Path], folder: Path) -> list[str]:
    """Write the pictures into tar files, and return these."""
    names = []
    for number in range(SHARDS):
        names.append(str(folder / f"{number}.tar"))
        with wds.TarWriter(names[-1]) as shard:
            for index in range(number, len(paths), SHARDS):
                content = paths[index].read_bytes()
                shard.write({"__key__": f"{index}", "jpg": content, "cls": index % 10})
    return names


def make_loaders(paths: list[Path], shards: list[str], size: int) -> dict[str, DataLoader]:
    """Return what reads all pictures, by what it is called."""
    transform = v2.Compose(
        [v2.PILToTensor(), v2.Resize([size, size]), v2.ToDtype(torch.float32, scale=True)]
    )
    loaders = {}
    for name, workers in (("one", 0), ("all", os.cpu_count() or 1)):
        loaders[f"torchvision, {name}"] = DataLoader(
            Files(paths, size), batch_size=BATCH_SIZE, num_workers=workers
        )
        dataset = wds.WebDataset(shards, shardshuffle=False).decode("pilrgb")
        dataset = dataset.to_tuple("jpg", "cls").map_tuple(transform, int).batched(BATCH_SIZE)
        loaders[f"webdataset, {name}"] = wds.WebLoader(
            dataset, batch_size=None, num_workers=workers
        )
    return loaders


def main() -> None:
    """Measure, and print the result."""
    torch.set_num_threads(1)
    paths = sorted(Path(sys.argv[1]).rglob("*.jpg"))
    found: dict[str, object] = {"python": platform.python_version()}
    found |= {name: metadata.version(name) for name in PACKAGES}
    with tempfile.TemporaryDirectory() as place:
        shards = write_shards(paths, Path(place))
        for name, loader in make_loaders(paths, shards, int(sys.argv[2])).items():
            for _ in range(2):
                began = time.perf_counter()
                seen = sum(len(labels) for _, labels in loader)
                seconds = time.perf_counter() - began
            assert seen == len(paths), f"{name} read {seen} of {len(paths)} pictures"
            found[name] = round(seconds / len(paths) * 1e6, 1)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
