"""Lightning, as its own documentation would have it: a training that can be killed and resumed.

    python lightning_digits.py --run DIR [--resume]

Follows "Lightning in 15 minutes" and "Saving and loading checkpoints" (advanced: ModelCheckpoint
every n steps; fit with ckpt_path). Checkpoints: DIR/*.ckpt; DIR/final.pt is for torture.py.
"""

import argparse
from pathlib import Path

import lightning as L
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Digits(L.LightningModule):
    """A small CNN, its loss, optimizer and schedule."""

    def __init__(self) -> None:
        super().__init__()
        self.model = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Dropout(0.2), nn.Linear(128, 10),
        )  # fmt: skip

    def training_step(self, batch: list, batch_idx: int) -> torch.Tensor:  # noqa: D102
        images = batch[0].roll(torch.randint(-1, 2, (2,)).tolist(), (2, 3))  # a shift by a pixel
        return nn.functional.cross_entropy(self.model(images), batch[1])

    def configure_optimizers(self) -> tuple:  # noqa: D102
        optimizer = torch.optim.AdamW(self.parameters(), lr=1e-2)
        scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=1e-2, total_steps=88)
        return [optimizer], [{"scheduler": scheduler, "interval": "step"}]


def main() -> None:
    """Train for 8 epochs of 11 batches, from the start or from the last checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--resume", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    L.seed_everything(0)
    images, labels = (torch.as_tensor(part[:704]) for part in load_digits(return_X_y=True))
    dataset = TensorDataset(images.float().reshape(-1, 1, 8, 8) / 16, labels)
    loader = DataLoader(dataset, batch_size=64, shuffle=True)
    saver = L.pytorch.callbacks.ModelCheckpoint(options.run, every_n_train_steps=5, save_last=True)
    trainer = L.Trainer(max_epochs=8, accelerator="cpu", logger=False, callbacks=[saver])
    trainer.fit(module := Digits(), loader, ckpt_path="last" if options.resume else None)
    state = {"model": module.state_dict(), "optimizer": trainer.optimizers[0].state_dict()}
    torch.save(state, options.run / "final.pt")


if __name__ == "__main__":
    main()
