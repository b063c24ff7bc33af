"""skorch, as its "Quickstart" has it: a classifier with the methods of scikit-learn.

    python skorch_.py --model mlp --batch-size 64 --epochs 20

AdamW with its defaults and a constant rate, on NumPy arrays, no validation, no checkpoints.
"""

import torch
from common import LR, build_model, load_data, read_arguments, report
from skorch import NeuralNetClassifier
from torch import nn


def main() -> None:
    """Train, and say how well it answers."""
    options = read_arguments(__doc__)
    data = load_data(options)
    images, labels = data["train"]
    model = build_model(options.model, images)
    net = NeuralNetClassifier(
        model,
        criterion=nn.CrossEntropyLoss,
        optimizer=torch.optim.AdamW,
        lr=LR,
        max_epochs=options.epochs,
        batch_size=options.batch_size,
        iterator_train__shuffle=True,
        train_split=None,
        device=options.device,
        verbose=0,
    )
    net.fit(images.numpy(), labels.numpy())
    report(net.module_, data)


if __name__ == "__main__":
    main()
