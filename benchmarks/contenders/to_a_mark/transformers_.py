"""Hugging Face Trainer, with a network of one's own as the page "Trainer" allows.

    python transformers_.py --project PROJECT [--settings JSON] [--epochs 12] [--seed 0]

Fused AdamW with a rate that falls linearly, over so many epochs; all else as by default.
"""

from typing import Any

import torch
from job import LR, Job, accuracy_or_r2, load_job, read_arguments, say
from torch import Tensor, nn
from torch.utils.data import default_collate
from transformers import EvalPrediction, Trainer, TrainingArguments


class WithLoss(nn.Module):
    """The network, returning its loss as Trainer wants it."""

    def __init__(self, job: Job) -> None:
        super().__init__()
        self.model, self.loss = job.model, job.loss

    def forward(self, inputs: Any, labels: Tensor) -> dict[str, Tensor]:
        """Return the loss and the outputs."""
        outputs = self.model(inputs)
        return {"loss": self.loss(outputs, labels), "outputs": outputs}


def score(found: EvalPrediction) -> dict[str, float]:
    """Say how good the outputs are."""
    value = accuracy_or_r2(torch.from_numpy(found.predictions), torch.from_numpy(found.label_ids))
    say(value)
    return {"score": value}


def main() -> None:
    """Train for so many epochs, or until somebody ends it."""
    options = read_arguments(__doc__)
    job = load_job(options)
    job.model.to(memory_format=torch.contiguous_format)  # a checkpoint takes no other
    collate = getattr(job.train, "collate_fn", None) or default_collate

    def name_parts(examples: list[Any]) -> dict[str, Any]:
        inputs, labels = collate(examples)
        return {"inputs": inputs, "labels": labels}

    arguments = TrainingArguments(
        output_dir="trainer",
        num_train_epochs=options.epochs,
        per_device_train_batch_size=job.batch_size,
        learning_rate=LR,
        eval_strategy="epoch",
        label_names=["labels"],
        remove_unused_columns=False,  # examples are pairs, not columns
        seed=options.seed,
        report_to="none",
        use_cpu=True,
    )
    trainer = Trainer(
        WithLoss(job),
        arguments,
        data_collator=name_parts,
        train_dataset=job.train,
        eval_dataset=job.val,
        compute_metrics=score,
    )
    trainer.train()


if __name__ == "__main__":
    main()
