"""The floor: a loop by hand, with nothing in it that training does not need.

    python floor.py --model mlp --batch-size 64 --epochs 20

The data lie in memory (on a GPU in its memory, as in cifar10-airbench) and a batch is a slice of a
random order. The optimizer, fused AdamW, and the one-cycle schedule of each step are the project's.
"""

import math
from functools import partial

import torch
import torch.nn.functional as F
from common import LR, WEIGHT_DECAY, autocast, build_model, load_data, read_arguments, report
from torch.optim.lr_scheduler import LambdaLR


def one_cycle(step: int, steps: int) -> float:
    """Return the share of the rate at a step: up for a quarter of them, then down."""
    peak = steps // 4
    fall = 0.5 + 0.5 * math.cos(math.pi * (step - peak) / (steps - peak))
    return (step + 1) / (peak + 1) if step < peak else fall


def main() -> None:
    """Train, and say how well it answers."""
    options = read_arguments(__doc__)
    data, device = load_data(options), torch.device(options.device)
    images, labels = (part.to(device) for part in data["train"])
    model = build_model(options.model, images).to(device)
    optimizer = torch.optim.AdamW(model.parameters(), LR, weight_decay=WEIGHT_DECAY, fused=True)
    steps = options.epochs * -(-len(images) // options.batch_size)
    scheduler = LambdaLR(optimizer, partial(one_cycle, steps=steps))
    for _ in range(options.epochs):
        total = torch.zeros((), device=device)
        for rows in torch.randperm(len(images), device=device).split(options.batch_size):
            with autocast(device):
                logits = model(images.index_select(0, rows))
                loss = F.cross_entropy(logits, labels.index_select(0, rows))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            scheduler.step()
            total += loss.detach()
    report(model, data)


if __name__ == "__main__":
    main()
