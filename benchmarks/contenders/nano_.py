"""A loop in the manner of nanoGPT, around the network of the project: only the loop is another one.

    python nano_.py --text FILE --epochs 3 --steps 50 --device cuda      # in a language project

Windows at random places of a file that is mapped into memory, the next batch fetched while the GPU
computes, bf16, gradients clipped, a rate that is set in each step, and the loss read in each tenth:
as train.py of github.com/karpathy/nanoGPT does it, of which no line is taken over. An epoch is only
how the steps are counted.
"""

import argparse
import math
import sys
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

sys.path.insert(0, str(Path.cwd()))

from model import LanguageModel

LR = 1e-3
LOWEST_LR = 1e-4
WARM_UP = 100  # steps
WEIGHT_DECAY = 0.1
CLIP_NORM = 1.0


def read_arguments() -> argparse.Namespace:
    """Return what it is told."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--text", type=Path, required=True)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--compile", action="store_true")
    for name in ("epochs", "steps", "batch-size", "context", "width", "heads", "layers"):
        parser.add_argument(f"--{name}", type=int, required=True)
    return parser.parse_args()


def write_tokens(text: Path) -> tuple[Path, int]:
    """Write the numbers of the characters beside the text, and return how many kinds there are."""
    characters = text.read_text(encoding="utf-8")
    numbers = {character: number for number, character in enumerate(sorted(set(characters)))}
    path = text.with_suffix(".bin")
    np.array([numbers[character] for character in characters], np.uint16).tofile(path)
    return path, len(numbers)


def fetch(tokens: Path, options: argparse.Namespace) -> tuple[Tensor, Tensor]:
    """Return windows at random places, and what follows at each place: (N, T) both."""
    data = np.memmap(tokens, dtype=np.uint16, mode="r")
    begins = torch.randint(len(data) - options.context, (options.batch_size,)).tolist()
    windows = [data[begin : begin + options.context + 1].astype(np.int64) for begin in begins]
    batch = torch.from_numpy(np.stack(windows))
    inputs, targets = batch[:, :-1].contiguous(), batch[:, 1:].contiguous()
    if options.device == "cpu":
        return inputs, targets
    inputs, targets = inputs.pin_memory(), targets.pin_memory()
    return (
        inputs.to(options.device, non_blocking=True),
        targets.to(options.device, non_blocking=True),
    )


def learning_rate(step: int, steps: int) -> float:
    """Return the rate of a step: up in a line, then down along a cosine."""
    if step < WARM_UP:
        return LR * (step + 1) / (WARM_UP + 1)
    done = (step - WARM_UP) / max(1, steps - WARM_UP)
    return LOWEST_LR + 0.5 * (1 + math.cos(math.pi * done)) * (LR - LOWEST_LR)


def main() -> None:
    """Train."""
    options = read_arguments()
    tokens, characters = write_tokens(options.text)
    torch.manual_seed(1337)
    torch.set_float32_matmul_precision("high")
    network = LanguageModel(
        characters=characters,
        context=options.context,
        width=options.width,
        heads=options.heads,
        layers=options.layers,
        dropout=0.15,
    ).to(options.device)
    optimizer = torch.optim.AdamW(
        network.parameters(), LR, (0.9, 0.99), weight_decay=WEIGHT_DECAY, fused=True
    )
    model = torch.compile(network) if options.compile else network
    precision = nullcontext()
    if options.device != "cpu":
        precision = torch.autocast(options.device, torch.bfloat16)
    steps = options.epochs * options.steps
    inputs, targets = fetch(tokens, options)
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step, steps)
        with precision:
            logits = model(inputs)
            loss = F.cross_entropy(logits.flatten(0, 1), targets.flatten())
        inputs, targets = fetch(tokens, options)  # while the GPU computes
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), CLIP_NORM)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        if step % 10 == 0:
            print(f"step {step}: loss {loss.item():.4f}")


if __name__ == "__main__":
    main()
