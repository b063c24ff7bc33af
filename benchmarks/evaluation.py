"""How long evaluation takes for a picture, by how many of them it takes at once: on one core.

    python benchmarks/evaluation.py --project build/bench/my-torch-project [--rounds 3] [--quick]

The network of the project, as build_model makes it, and random pictures. The numbers of pictures
take turns. Writes results/evaluation.json.
"""

import dataclasses
import sys
import time
from statistics import median

import torch
from measure import read_options, spread, target, write
from torch import Tensor, nn

SHAPES = {"28 x 28, grey": (1, 28), "32 x 32": (3, 32), "64 x 64": (3, 64)}
AT_ONCE = [1024, 256, 64, 16]
PICTURES = 1024
CLASSES = [str(number) for number in range(10)]


def make_model(channels: int, size: int) -> nn.Module:
    """Return the project's own network for such pictures."""
    from config import Config
    from data import Info
    from model import build_model

    info = Info(
        classes=CLASSES,
        channels=channels,
        height=size,
        width=size,
        mean=[0.5] * channels,
        std=[0.25] * channels,
    )
    return build_model(dataclasses.replace(Config()), info).eval()


@torch.inference_mode()
def seconds_for(model: nn.Module, pictures: Tensor, at_once: int) -> float:
    """Return the seconds in which the network answers for all pictures (N, C, H, W), uint8."""
    began = time.perf_counter()
    for part in pictures.split(at_once):
        model(part.float().div_(255))
    return time.perf_counter() - began


def main() -> None:
    """Measure, say which targets are met, and write the result."""
    from_loader = "what the project takes"
    options = read_options(__doc__, 3)
    torch.set_num_threads(1)
    sys.path.insert(0, str(options.project))
    from engine.dataset import CPU, InMemory
    from engine.loader import evaluation_batch_size

    measured, targets = {}, []
    for name, (channels, size) in SHAPES.items():
        model = make_model(channels, size)
        count = 64 if options.quick else PICTURES
        pictures = torch.randint(256, (count, channels, size, size), dtype=torch.uint8)
        own = evaluation_batch_size(InMemory(pictures, torch.zeros(count)), PICTURES, CPU)
        ways = {str(at_once): at_once for at_once in AT_ONCE} | {from_loader: own}
        found: dict[str, list[float]] = {way: [] for way in ways}
        for number in range(-1, options.rounds):  # one round before, that is not counted
            for way, at_once in ways.items():
                taken = seconds_for(model, pictures, at_once) / count
                if number >= 0:
                    found[way].append(round(taken * 1e6, 2))
        measured[name] = {"at once": own, "us": found}
        middle = {way: round(median(times)) for way, times in found.items()}
        print(f"  {name}, µs a picture: {middle}; it takes {own} at once", flush=True)
        pairs = zip(found[from_loader], found[str(PICTURES)], strict=True)
        value = spread(few / many for few, many in pairs)
        title = f"evaluation of pictures of {name}: time, as the project takes them / 1,024 at once"
        targets.append(target(title, value, 0.8))
    write(options.results / "evaluation.json", {"targets": targets, "measured": measured})


if __name__ == "__main__":
    main()
