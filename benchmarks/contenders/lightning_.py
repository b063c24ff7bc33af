"""Lightning: bare, or with --default as its page "Lightning in 15 minutes" has it.

    python lightning_.py --model mlp --batch-size 64 --epochs 20 [--default]

Bare: no logger, checkpoints, progress bar or summary. Default: Trainer's own defaults, and the loss
is logged in each step. AdamW with its defaults and a constant rate, no validation.
"""

import lightning as L
import torch
import torch.nn.functional as F
from common import LR, build_model, load_data, make_loaders, read_arguments, report
from torch import Tensor, nn

BARE = ["logger", "enable_checkpointing", "enable_progress_bar", "enable_model_summary"]


class Classifier(L.LightningModule):
    """The network, its loss and its optimizer."""

    def __init__(self, model: nn.Module, with_log: bool) -> None:
        super().__init__()
        self.model, self.with_log = model, with_log

    def training_step(self, batch: list[Tensor], batch_idx: int) -> Tensor:
        """Return the loss of a batch."""
        images, labels = batch
        loss = F.cross_entropy(self.model(images), labels)
        if self.with_log:
            self.log("train_loss", loss)
        return loss

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """Return the optimizer."""
        return torch.optim.AdamW(self.parameters(), lr=LR)


def main() -> None:
    """Train, and say how well it answers."""
    options = read_arguments(__doc__, default="with all that Trainer does by default")
    data = load_data(options)
    loader, _ = make_loaders(options, data)
    module = Classifier(build_model(options.model, data["train"][0]), options.default)
    trainer = L.Trainer(
        max_epochs=options.epochs,
        accelerator="cpu" if options.device == "cpu" else "gpu",
        devices=1,
        precision="32-true" if options.device == "cpu" else "bf16-mixed",
        **({} if options.default else dict.fromkeys(BARE, False)),
    )
    trainer.fit(module, loader)
    report(module.model, data)


if __name__ == "__main__":
    main()
