"""Accelerate, as in its own example: a training that can be killed and resumed.

    python accelerate_digits.py --run DIR [--resume]

Follows examples/by_feature/checkpointing.py of huggingface/accelerate and the page "Checkpointing"
of its documentation. Checkpoints: the folders DIR/step_N; DIR/final.pt is for torture.py.
"""

import argparse
from pathlib import Path

import torch
from accelerate import Accelerator, utils
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def main() -> None:
    """Train for 8 epochs of 11 batches, from the start or from the newest folder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--resume", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    accelerator = Accelerator(cpu=True)
    utils.set_seed(0)
    images, labels = (torch.as_tensor(part[:704]) for part in load_digits(return_X_y=True))
    dataset = TensorDataset(images.float().reshape(-1, 1, 8, 8) / 16, labels)
    loader = DataLoader(dataset, batch_size=64, shuffle=True)
    model = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Dropout(0.2), nn.Linear(128, 10),
    )  # fmt: skip
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=1e-2, total_steps=88)
    model, optimizer, loader, scheduler = accelerator.prepare(model, optimizer, loader, scheduler)
    folders = sorted(options.run.glob("step_*"), key=lambda folder: int(folder.name[5:]))
    step = int(folders[-1].name[5:]) if options.resume and folders else 0
    if step:
        accelerator.load_state(folders[-1])
    first, skip = divmod(step, len(loader))
    for epoch in range(first, 8):
        resumed = epoch == first and skip
        for images, labels in accelerator.skip_first_batches(loader, skip) if resumed else loader:
            images = images.roll(torch.randint(-1, 2, (2,)).tolist(), (2, 3))  # a shift by a pixel
            accelerator.backward(nn.functional.cross_entropy(model(images), labels))
            optimizer.step()
            scheduler.step()
            optimizer.zero_grad()
            step += 1
            if step % 5 == 0:
                accelerator.save_state(options.run / f"step_{step}")
    state = {"model": accelerator.get_state_dict(model), "optimizer": optimizer.state_dict()}
    torch.save(state, options.run / "final.pt")


if __name__ == "__main__":
    main()
