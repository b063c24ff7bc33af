"""fastai's Learner around a PyTorch network, as its page "Migrating from PyTorch" has it.

    python fastai_.py --project PROJECT [--settings JSON] [--epochs 5] [--seed 0]

`fit_one_cycle` over so many epochs, with fastai's Adam.
"""

import torch
from fastai.callback.schedule import Learner  # gives it fit_one_cycle
from fastai.data.core import DataLoaders
from fastai.metrics import AccumMetric
from job import LR, accuracy_or_r2, load_job, read_arguments, say
from torch import Tensor


def score(outputs: Tensor, labels: Tensor) -> float:
    """Say how good the outputs are."""
    value = accuracy_or_r2(outputs, labels)
    say(value)
    return value


def main() -> None:
    """Train for so many epochs, or until somebody ends it."""
    options = read_arguments(__doc__)
    job = load_job(options)
    loaders = DataLoaders(
        job.loader(job.train, shuffle=True), job.loader(job.val), device=torch.device("cpu")
    )
    learner = Learner(
        loaders, job.model, loss_func=job.loss, metrics=AccumMetric(score, flatten=False)
    )
    learner.fit_one_cycle(options.epochs, LR)


if __name__ == "__main__":
    main()
