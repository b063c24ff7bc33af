"""Hugging Face Trainer, with a network of one's own as the page "Trainer" allows.

    python transformers_.py --model mlp --batch-size 64 --epochs 20

All defaults: fused AdamW, a rate that falls linearly, a log and a checkpoint every 500 steps, the
progress bar. No validation.
"""

from typing import Any

import torch.nn.functional as F
from common import LR, build_model, load_data, read_arguments, report
from torch import Tensor, nn
from torch.utils.data import Dataset
from transformers import Trainer, TrainingArguments


class Named(Dataset):
    """Images and labels under the names of the arguments of `forward`."""

    def __init__(self, images: Tensor, labels: Tensor) -> None:
        self.images, self.labels = images, labels

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int) -> dict[str, Tensor]:
        return {"images": self.images[index], "labels": self.labels[index]}


class WithLoss(nn.Module):
    """The network, returning its loss as Trainer wants it."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, images: Tensor, labels: Tensor) -> dict[str, Any]:
        """Return the loss and the logits."""
        logits = self.model(images)
        return {"loss": F.cross_entropy(logits, labels), "logits": logits}


def main() -> None:
    """Train, and say how well it answers."""
    options = read_arguments(__doc__)
    data = load_data(options)
    model = WithLoss(build_model(options.model, data["train"][0]))
    arguments = TrainingArguments(
        output_dir="trainer",
        num_train_epochs=options.epochs,
        per_device_train_batch_size=options.batch_size,
        learning_rate=LR,
        use_cpu=options.device == "cpu",
        bf16=options.device != "cpu",
    )
    Trainer(model, arguments, train_dataset=Named(*data["train"])).train()
    report(model.model, data)


if __name__ == "__main__":
    main()
