"""A loop by hand, as PyTorch's quickstart has it, but with AdamW.

    python naive.py --project PROJECT [--settings JSON] [--seed 0]

A constant rate; a validation in each epoch.
"""

import torch
from job import LR, accuracy_or_r2, load_job, read_arguments, say


def main() -> None:
    """Train until somebody ends it."""
    options = read_arguments(__doc__)
    job = load_job(options)
    train_loader = job.loader(job.train, shuffle=True)
    val_loader = job.loader(job.val)
    model = job.model
    optimizer = torch.optim.AdamW(model.parameters(), lr=LR)
    for _ in range(options.epochs):
        model.train()
        for inputs, labels in train_loader:
            optimizer.zero_grad()
            loss = job.loss(model(inputs), labels)
            loss.backward()
            optimizer.step()

        model.eval()
        with torch.no_grad():
            found = [(model(inputs), labels) for inputs, labels in val_loader]
        outputs, labels = (torch.cat(parts) for parts in zip(*found, strict=True))
        say(accuracy_or_r2(outputs, labels))


if __name__ == "__main__":
    main()
