"""A plain loop with torchdata's StatefulDataLoader: a training that can be killed and resumed.

    python torchdata_digits.py --run DIR [--resume]

Follows the README of torchdata/stateful_dataloader and PyTorch's "Saving and loading a general
checkpoint". Checkpoints: DIR/step_N.pt; DIR/final.pt is for torture.py.
"""

import argparse
from pathlib import Path

import torch
from sklearn.datasets import load_digits
from torch import nn
from torchdata.stateful_dataloader import StatefulDataLoader


def main() -> None:
    """Train for 8 epochs of 11 batches, from the start or from the newest checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--resume", action="store_true")
    options = parser.parse_args()
    options.run.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    torch.manual_seed(0)
    images, labels = (torch.as_tensor(part[:704]) for part in load_digits(return_X_y=True))
    dataset = torch.utils.data.TensorDataset(images.float().reshape(-1, 1, 8, 8) / 16, labels)
    model = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Dropout(0.2), nn.Linear(128, 10),
    )  # fmt: skip
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=1e-2, total_steps=88)
    loader = StatefulDataLoader(dataset, batch_size=64, shuffle=True)
    parts = {"model": model, "optimizer": optimizer, "scheduler": scheduler, "loader": loader}
    saved = {"step": 0, "epoch": 0}
    if options.resume and (files := sorted(options.run.glob("step_*.pt"))):
        saved = torch.load(files[-1], weights_only=True)
        for name, part in parts.items():
            part.load_state_dict(saved[name])
    step = saved["step"]
    for epoch in range(saved["epoch"], 8):
        for images, labels in loader:
            images = images.roll(torch.randint(-1, 2, (2,)).tolist(), (2, 3))  # a shift by a pixel
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(images), labels).backward()
            optimizer.step()
            scheduler.step()
            step += 1
            if step % 5 == 0:
                now = {name: part.state_dict() for name, part in parts.items()}
                torch.save(now | {"step": step, "epoch": epoch}, options.run / f"step_{step:02}.pt")
    state = {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
    torch.save(state, options.run / "final.pt")


if __name__ == "__main__":
    main()
