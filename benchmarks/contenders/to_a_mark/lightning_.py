"""Lightning, with what its Trainer does by default.

    python lightning_.py --project PROJECT [--settings JSON] [--seed 0]

AdamW with a constant rate; the score is computed in `on_validation_epoch_end`.
"""

import lightning as L
import torch
from job import LR, Job, accuracy_or_r2, load_job, read_arguments, say
from torch import Tensor


class Module(L.LightningModule):
    """The network, its loss and its optimizer."""

    def __init__(self, job: Job) -> None:
        super().__init__()
        self.model, self.loss = job.model, job.loss
        self.found: list[tuple[Tensor, Tensor]] = []

    def training_step(self, batch: list, batch_idx: int) -> Tensor:
        """Return the loss of a batch."""
        inputs, labels = batch
        return self.loss(self.model(inputs), labels)

    def validation_step(self, batch: list, batch_idx: int) -> None:
        """Keep the outputs of a batch."""
        inputs, labels = batch
        self.found.append((self.model(inputs), labels))

    def on_validation_epoch_end(self) -> None:
        """Score all outputs, but not those of the trial before training."""
        outputs, labels = (torch.cat(parts) for parts in zip(*self.found, strict=True))
        self.found.clear()
        if not self.trainer.sanity_checking:
            say(accuracy_or_r2(outputs, labels))

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """Return the optimizer."""
        return torch.optim.AdamW(self.parameters(), lr=LR)


def main() -> None:
    """Train until somebody ends it."""
    options = read_arguments(__doc__)
    job = load_job(options)
    trainer = L.Trainer(max_epochs=options.epochs, accelerator="cpu")
    trainer.fit(Module(job), job.loader(job.train, shuffle=True), job.loader(job.val))


if __name__ == "__main__":
    main()
