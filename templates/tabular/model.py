"""The network, and how it does on a batch."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from config import Config


class TableNet(nn.Module):
    """Numbers (N, F), NaN where missing, and categories (N, C) in, logits (N, num_classes) out.

    Without classes a number (N,) comes out, on the scale (mean, standard deviation) of the target.
    """

    def __init__(
        self, numbers: dict[str, list[float]], categories: dict[str, list[str]],
        scale: list[float], num_classes: int, width: int, dropout: float,
    ) -> None:  # fmt: skip
        super().__init__()
        columns = torch.tensor([*numbers.values()]).view(-1, 3).T  # (3, F), saved with the weights
        self.mean, self.std, self.gaps = (nn.Buffer(row.clone()) for row in columns)
        self.scale = nn.Buffer(torch.tensor(scale))
        sizes = [(len(known) + 1, min(32, 2 + len(known) // 2)) for known in categories.values()]
        self.embeddings = nn.ModuleList(nn.Embedding(*size, padding_idx=0) for size in sizes)
        features = 2 * len(numbers) + sum(width for _, width in sizes)
        self.layers = nn.Sequential(
            nn.Linear(features, width), nn.ReLU(), nn.Dropout(dropout),
            nn.Linear(width, width), nn.ReLU(), nn.Dropout(dropout),
            nn.Linear(width, num_classes or 1),
        )  # fmt: skip

    def forward(self, numbers: Tensor, categories: Tensor) -> Tensor:
        """Return one raw score ("logit") per class, or a number."""
        scaled = ((numbers - self.mean) / self.std).clamp(-10, 10)  # (N, F)
        missing = numbers.isnan()
        parts = [scaled.masked_fill(missing, 0), missing * self.gaps]  # 0 is the mean
        parts += [one(categories[:, column]) for column, one in enumerate(self.embeddings)]
        outputs = self.layers(torch.cat(parts, dim=1))  # (N, num_classes or 1)
        if len(self.scale) == 0:
            return outputs
        mean, std = self.scale
        return outputs.squeeze(1).float() * std + mean


def build_model(config: Config, classes: list[str], inputs: dict[str, Any]) -> nn.Module:
    """Return a new network for such columns."""
    dropout = config.dropout if classes else config.dropout / 5  # numbers bear less of it
    parts = (inputs[key] for key in ("numbers", "categories", "scale"))
    return TableNet(*parts, num_classes=len(classes), width=config.width, dropout=dropout)


def score_batch(model: Any, batch: list[Tensor], config: Config) -> tuple[Tensor, Tensor]:
    """Return each example's loss and logits or number: (N,), (N, num_classes) or (N,)."""
    numbers, categories, labels = batch  # (N, F) float, (N, C) int64, (N,)
    outputs = model(numbers, categories)
    if labels.is_floating_point():
        return ((outputs - labels) / model.scale[1]).square(), outputs
    smooth = config.label_smoothing * model.training
    return F.cross_entropy(outputs, labels, reduction="none", label_smoothing=smooth), outputs
