"""What all contenders share: their arguments, data, network and settings.

Digits: 1,079 for training and 359 for validation, as many as the project takes, float32 in 0..1;
`resnet` trains on 50,000 random images of 32 x 32, uint8. The network itself scales both by mean
and standard deviation.
"""

import argparse
import importlib
from contextlib import AbstractContextManager, nullcontext
from importlib.metadata import distribution
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

LR = 3e-3  # the peak where there is a schedule
WEIGHT_DECAY = 0.01
SYNTHETIC = 50_000  # images that `resnet` trains on


def read_arguments(doc: str, **flags: str) -> argparse.Namespace:
    """Return what every contender is told: --model, --batch-size, --epochs, --device."""
    parser = argparse.ArgumentParser(description=doc.splitlines()[0])
    parser.add_argument("--model", choices=["mlp", "cnn", "resnet"], default="mlp")
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--images", type=int, default=SYNTHETIC, help="how many for resnet")
    for name, text in flags.items():
        parser.add_argument(f"--{name}", action="store_true", help=text)
    return parser.parse_args()


def load_data(options: argparse.Namespace) -> dict[str, tuple[Tensor, Tensor]]:
    """Return images (N, C, H, W) and labels (N,) of `train` and `val`, in memory."""
    if options.model == "resnet":
        sizes = {"train": options.images, "val": max(20, options.images // 50)}
        return {part: synthetic(size) for part, size in sizes.items()}
    path = distribution("scikit-learn").locate_file("sklearn/datasets/data/digits.csv.gz")
    table = torch.from_numpy(np.loadtxt(str(path), np.uint8, delimiter=","))  # (1797, 64 + 1)
    table = table[torch.randperm(len(table), generator=torch.Generator().manual_seed(0))]
    images = (table[:, :-1].float() / 16).view(-1, 1, 8, 8)
    labels = table[:, -1].long()
    return {"train": (images[:1079], labels[:1079]), "val": (images[1079:1438], labels[1079:1438])}


def synthetic(count: int) -> tuple[Tensor, Tensor]:
    """Return random images (N, 3, 32, 32) and labels (N,)."""
    generator = torch.Generator().manual_seed(count)
    images = torch.randint(256, (count, 3, 32, 32), dtype=torch.uint8, generator=generator)
    return images, torch.randint(10, (count,), generator=generator)


def build_model(name: str, images: Tensor) -> nn.Module:
    """Return a new network: the one that the project gets as its model.py."""
    channels, height, width = images.shape[1:]
    pixels = images[:5000].double()
    mean, std = pixels.mean((0, 2, 3)).tolist(), pixels.std((0, 2, 3)).tolist()
    info = SimpleNamespace(
        classes=list("0123456789"),
        channels=channels,
        height=height,
        width=width,
        mean=mean,
        std=std,
    )
    torch.manual_seed(0)
    return importlib.import_module(f"models.{name}").build_model(None, info)


def make_loaders(options: argparse.Namespace, data: dict[str, Any]) -> tuple[Any, Any]:
    """Return loaders for training and validation as PyTorch's tutorials make them."""
    train, val = (TensorDataset(*data[name]) for name in ("train", "val"))
    pin = options.device != "cpu"
    loader = DataLoader(train, batch_size=options.batch_size, shuffle=True, pin_memory=pin)
    return loader, DataLoader(val, batch_size=1024, pin_memory=pin)


def autocast(device: torch.device) -> AbstractContextManager:
    """Return the precision to compute in: bf16 on a GPU, as the project does, else fp32."""
    return nullcontext() if device.type == "cpu" else torch.autocast(device.type, torch.bfloat16)


@torch.inference_mode()
def report(model: nn.Module, data: dict[str, tuple[Tensor, Tensor]]) -> None:
    """Print the share of right answers in validation, to see that something was learned."""
    images, labels = (part.to(next(model.parameters()).device) for part in data["val"])
    model.eval()
    print(f"accuracy {(model(images).argmax(1) == labels).double().mean():.4f}")
