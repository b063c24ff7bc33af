"""Accelerate, as its quicktour has it.

    python accelerate_.py --project PROJECT [--settings JSON] [--seed 0]

AdamW with a constant rate; a validation in each epoch, as the quicktour evaluates.
"""

import torch
from accelerate import Accelerator
from job import LR, accuracy_or_r2, load_job, read_arguments, say


def main() -> None:
    """Train until somebody ends it."""
    options = read_arguments(__doc__)
    job = load_job(options)
    accelerator = Accelerator(cpu=True)
    optimizer = torch.optim.AdamW(job.model.parameters(), lr=LR)
    model, optimizer, train_loader, val_loader = accelerator.prepare(
        job.model, optimizer, job.loader(job.train, shuffle=True), job.loader(job.val)
    )
    for _ in range(options.epochs):
        model.train()
        for inputs, labels in train_loader:
            optimizer.zero_grad()
            loss = job.loss(model(inputs), labels)
            accelerator.backward(loss)
            optimizer.step()

        model.eval()
        found = []
        for inputs, labels in val_loader:
            with torch.no_grad():
                outputs = model(inputs)
            found.append(accelerator.gather_for_metrics((outputs, labels)))
        outputs, labels = (torch.cat(parts) for parts in zip(*found, strict=True))
        say(accuracy_or_r2(outputs, labels))


if __name__ == "__main__":
    main()
