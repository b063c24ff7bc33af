"""skorch, as its "Quickstart" has it, with a validation in each epoch.

    python skorch_.py --project PROJECT [--settings JSON] [--seed 0]

AdamW with a constant rate. The validation part is given by `predefined_split`; the score of an
epoch is that of skorch's EpochScoring.
"""

from typing import Any

import numpy as np
import torch
from job import LR, accuracy_or_r2, load_job, read_arguments, say
from skorch import NeuralNet
from skorch.callbacks import EpochScoring
from skorch.helper import predefined_split
from torch.utils.data import Dataset


def score(net: NeuralNet, dataset: Dataset, labels: Any) -> float:
    """Say how good the outputs are."""
    outputs = torch.from_numpy(net.predict(dataset))
    value = accuracy_or_r2(outputs, torch.as_tensor(np.asarray(labels)))
    say(value)
    return value


def main() -> None:
    """Train until somebody ends it."""
    options = read_arguments(__doc__)
    job = load_job(options)
    loading = {}
    if hasattr(job.train, "collate_fn"):
        loading = {
            f"iterator_{part}__collate_fn": job.train.collate_fn for part in ("train", "valid")
        }
    net = NeuralNet(
        job.model,
        criterion=job.loss,
        optimizer=torch.optim.AdamW,
        lr=LR,
        max_epochs=options.epochs,
        batch_size=job.batch_size,
        iterator_train__shuffle=True,
        train_split=predefined_split(job.val),
        callbacks=[EpochScoring(score, name="score", lower_is_better=False)],
        **loading,
    )
    net.fit(job.train)


if __name__ == "__main__":
    main()
