"""The network, and how it does on a batch."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from config import Config

BUCKETS = 2**16  # all pieces of text share so many vectors, chosen by a hash: no vocabulary needed


class TextNet(nn.Module):
    """Characters (N, T), 0 behind the end of each text, in, logits (N, num_classes) out.

    A recurrent network reads in order; beside it, the pieces of 1 to 4 characters are counted.
    """

    def __init__(self, num_classes: int, width: int, dropout: float) -> None:
        super().__init__()
        self.characters = nn.Embedding(4096, width)
        self.forwards = nn.GRU(width, width, batch_first=True)
        self.backwards = nn.GRU(width, width, batch_first=True)
        self.pieces = nn.Embedding(BUCKETS, width)
        nn.init.zeros_(self.pieces.weight)  # one that training has not seen says nothing
        self.dropout = nn.Dropout(dropout)
        self.classifier = nn.Linear(5 * width, num_classes)

    def forward(self, characters: Tensor) -> Tensor:
        """Return one raw score ("logit") per class, however much padding there is."""
        features = torch.cat([self.read(characters), self.count(characters)], dim=1)
        return self.classifier(self.dropout(features))  # (N, num_classes)

    def read(self, characters: Tensor) -> Tensor:
        """Return the mean and the maximum of the states of both GRUs: (N, 4 * width)."""
        step = torch.arange(characters.shape[1], device=characters.device)  # (T,)
        length = (characters > 0).sum(1, keepdim=True).clamp(min=1)  # (N, 1)
        inside = step < length  # (N, T)
        turned = characters.gather(1, torch.where(inside, length - 1 - step, step))
        states, _ = self.forwards(self.characters(characters % 4096))  # (N, T, width)
        others, _ = self.backwards(self.characters(turned % 4096))
        states = torch.cat([states, others], dim=2)
        outside = ~inside.unsqueeze(2)  # (N, T, 1)
        mean = states.masked_fill(outside, 0).sum(1) / length
        return torch.cat([mean, states.masked_fill(outside, -1).amax(1)], dim=1)

    def count(self, characters: Tensor) -> Tensor:
        """Return the sum of the vectors of all pieces, by the root of their number: (N, width)."""
        starts = characters.shape[1] + 1
        padded = F.pad(characters, (1, 4))  # 0 also marks the beginning
        length = (characters > 0).sum(1, keepdim=True)
        inside = torch.arange(starts, device=characters.device) <= length  # (N, T + 1)
        hashes, vectors = torch.zeros_like(inside, dtype=torch.long), []
        for size in range(4):
            hashes = hashes * 1_000_003 + padded[:, size : size + starts] + 1  # of one more
            vectors.append(self.pieces(hashes % BUCKETS))  # (N, T + 1, width)
        return (sum(vectors) * inside.unsqueeze(2)).sum(1) / (4 * (length + 1)).sqrt()


def build_model(config: Config, classes: list[str], _: dict[str, Any]) -> nn.Module:
    """Return a new network for so many classes."""
    return TextNet(len(classes), config.width, config.dropout)


def score_batch(model: nn.Module, batch: list[Tensor], _: Config) -> tuple[Tensor, Tensor]:
    """Return each example's loss and logits: (N,), (N, num_classes). For training and eval."""
    characters, labels = batch  # (N, T) int64, (N,) int64
    logits = model(characters)
    return F.cross_entropy(logits, labels, reduction="none"), logits
