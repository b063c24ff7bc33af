"""A loop by hand, as PyTorch's quickstart has it, but with AdamW.

    python naive.py --project PROJECT [--settings JSON] [--seed 0]

A constant rate; a validation in each epoch.
"""

import torch
from job import LR, accuracy_or_r2, load_job, read_arguments, say
from torch import nn
from torch.utils.data import DataLoader


def train(
    model: nn.Module, loss_fn: nn.Module, train_loader: DataLoader, val_loader: DataLoader
) -> None:
    """Train until somebody ends it, and say after each epoch how good the network is."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=LR)
    while True:
        model.train()
        for inputs, labels in train_loader:
            optimizer.zero_grad()
            loss = loss_fn(model(inputs), labels)
            loss.backward()
            optimizer.step()

        model.eval()
        with torch.no_grad():
            found = [(model(inputs), labels) for inputs, labels in val_loader]
        outputs, labels = (torch.cat(parts) for parts in zip(*found, strict=True))
        say(accuracy_or_r2(outputs, labels))


def main() -> None:
    """Train on what the project has."""
    job = load_job(read_arguments(__doc__))
    train(job.model, job.loss, job.loader(job.train, shuffle=True), job.loader(job.val))


if __name__ == "__main__":
    main()
