"""PyTorch-Ignite, as its "Getting started" has it.

    python ignite_.py --model mlp --batch-size 64 --epochs 20

AdamW with its defaults and a constant rate, no validation, no checkpoints.
"""

import torch
from common import LR, build_model, load_data, make_loaders, read_arguments, report
from ignite.engine import create_supervised_trainer
from torch import nn


def main() -> None:
    """Train, and say how well it answers."""
    options = read_arguments(__doc__)
    data = load_data(options)
    model = build_model(options.model, data["train"][0]).to(options.device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=LR)
    loss_fn = nn.CrossEntropyLoss()
    trainer = create_supervised_trainer(model, optimizer, loss_fn, options.device)
    trainer.run(make_loaders(options, data)[0], max_epochs=options.epochs)
    report(model, data)


if __name__ == "__main__":
    main()
