"""Accelerate, as its quicktour has it.

    python accelerate_.py --model mlp --batch-size 64 --epochs 20

AdamW with its defaults and a constant rate, no validation, no checkpoints. `prepare` gets an
ordinary DataLoader: of one that fetches whole batches (batch_size=None) it makes wrong batches.
"""

import torch
import torch.nn.functional as F
from accelerate import Accelerator
from common import LR, build_model, load_data, make_loaders, read_arguments, report


def main() -> None:
    """Train, and say how well it answers."""
    options = read_arguments(__doc__)
    data = load_data(options)
    on_cpu = options.device == "cpu"
    accelerator = Accelerator(cpu=on_cpu, mixed_precision="no" if on_cpu else "bf16")
    model = build_model(options.model, data["train"][0])
    optimizer = torch.optim.AdamW(model.parameters(), lr=LR)
    loader = make_loaders(options, data)[0]
    model, optimizer, loader = accelerator.prepare(model, optimizer, loader)
    for _ in range(options.epochs):
        for images, labels in loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(images), labels)
            accelerator.backward(loss)
            optimizer.step()
    report(model, data)


if __name__ == "__main__":
    main()
