"""fastai's Learner around a PyTorch network, as its page "Migrating from PyTorch" has it.

    python fastai_.py --model mlp --batch-size 64 --epochs 20

fastai's own Adam and a constant rate, no checkpoints. It validates after each epoch, which counts
in no step. The steps are timed by a hook of PyTorch, which sees PyTorch's optimizers alone: so a
callback notes them here.
"""

import sitecustomize  # hook/, where steps are timed
import torch
from common import LR, build_model, load_data, make_loaders, read_arguments, report
from fastai.callback.core import Callback
from fastai.data.core import DataLoaders
from fastai.learner import Learner
from torch import nn


class NoteSteps(Callback):
    """Hands each step of the optimizer to the hook."""

    def after_step(self) -> None:
        """Note the time."""
        sitecustomize.noted()


def main() -> None:
    """Train, and say how well it answers."""
    options = read_arguments(__doc__)
    data = load_data(options)
    loaders = DataLoaders(*make_loaders(options, data), device=torch.device(options.device))
    model = build_model(options.model, data["train"][0])
    learner = Learner(loaders, model, loss_func=nn.CrossEntropyLoss(), cbs=NoteSteps())
    with learner.no_logging():
        learner.fit(options.epochs, LR)
    report(model, data)


if __name__ == "__main__":
    main()
