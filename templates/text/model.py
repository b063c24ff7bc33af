"""The network, its loss and its metrics.

What the other files expect of this one:

- `build_model(config, info)` returns a new network: characters (N, T) int64 in, with 0 behind the
  end of each text; logits (N, K) out, one for each of the K classes.
- `compute_loss(model, batch, config)` returns the loss of each example (N,), and the logits. It is
  used in training and in evaluation: `model.training` tells which.
- `metrics(info)` lists the functions that say how good the outputs are.

To freeze a layer, call its `requires_grad_(False)` in `build_model`. Then its weights are not
trained, and the statistics of a normalisation layer stay as they are.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from config import Config
from data import Info
from engine.dataset import Batch
from engine.metrics import Metric, accuracy, balanced_accuracy, macro_f1

ALPHABET = 4096  # vectors of characters; characters with higher numbers share them
BUCKETS = 2**16  # vectors of pieces of text; there are more pieces, so some share one
LONGEST = 4  # characters in a piece


class Reader(nn.Module):
    """Reads texts in their order, forwards and backwards, with a recurrent network.

    docs.pytorch.org/docs/stable/generated/torch.nn.GRU.html

    Args:
        width: Of the vector of a character, and of the state in each direction.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.embed_characters = nn.Embedding(ALPHABET, width)
        self.gru = nn.GRU(width, width, batch_first=True, bidirectional=True)

    def forward(self, characters: Tensor) -> Tensor:
        """Return the mean and the maximum of the states at all characters: (N, 4 * width).

        Args:
            characters: (N, T) int64, 0 behind the end of each text.
        """
        vectors = self.embed_characters(characters % ALPHABET)  # (N, T, width)
        inside = characters > 0  # (N, T)
        lengths = inside.sum(dim=1)  # (N,)
        # Packed, a sequence is read up to its end: what is behind it changes nothing.
        packed = pack_padded_sequence(
            vectors, lengths.cpu(), batch_first=True, enforce_sorted=False
        )
        packed_states, _ = self.gru(packed)
        states, _ = pad_packed_sequence(
            packed_states, batch_first=True, total_length=characters.shape[1]
        )  # (N, T, 2 * width), 0 behind the end
        mean = states.sum(dim=1) / lengths.unsqueeze(1)  # what is behind the end adds 0
        outside = ~inside.unsqueeze(2)  # (N, T, 1)
        largest = states.masked_fill(outside, -1).amax(dim=1)  # no state is below -1
        return torch.cat([mean, largest], dim=1)


class Pieces(nn.Module):
    """Adds up a vector for each piece of 1 to 4 characters (n-gram) in a text, wherever it stands.

    docs.pytorch.org/docs/stable/generated/torch.nn.EmbeddingBag.html

    Args:
        width: Of a vector.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.vectors = nn.EmbeddingBag(BUCKETS, width, mode="sum", padding_idx=0)
        nn.init.zeros_(self.vectors.weight)  # a piece that training has not seen says nothing

    def forward(self, characters: Tensor) -> Tensor:
        """Return the sum, divided by the root of the number of pieces: (N, width).

        So long texts, which have more pieces, do not give much larger sums than short ones.

        Args:
            characters: (N, T) int64, 0 behind the end of each text.
        """
        numbers = torch.cat([number_pieces(characters, size) for size in range(1, LONGEST + 1)], 1)
        count = (numbers > 0).sum(dim=1, keepdim=True)  # (N, 1)
        return self.vectors(numbers) / count.sqrt()


def number_pieces(characters: Tensor, size: int) -> Tensor:
    """Return a number below BUCKETS for each piece of a text, 0 where there is none.

    The beginning and the end of a text count as characters. Written as ^ and $, the pieces of "hi"
    of size 2 are "^h", "hi" and "i$". The number of a piece is a hash of its characters: so no list
    of all pieces is needed, and a few pieces share a number.

    Args:
        characters: (N, T) int64, 0 behind the end of each text.
        size: How many characters a piece has.

    Returns:
        (N, pieces) int64.
    """
    lengths = (characters > 0).sum(dim=1, keepdim=True) + 2  # with beginning and end
    padded = F.pad(characters, (1, LONGEST))  # (N, 1 + T + LONGEST), at least one piece
    pieces = padded.unfold(dimension=1, size=size, step=1)  # (N, pieces, size)
    hashes = torch.zeros_like(pieces[:, :, 0])
    for position in range(size):
        # Numbers that become too large for int64 start again from below: that is no harm here.
        hashes = hashes * 1_000_003 + pieces[:, :, position] + 1
    starts = torch.arange(pieces.shape[1], device=characters.device)  # (pieces,)
    is_inside = starts + size <= lengths  # (N, pieces)
    return torch.where(is_inside, hashes % (BUCKETS - 1) + 1, 0)


class TextNet(nn.Module):
    """A reader, the pieces beside it, and a linear layer on both.

    Args:
        width: Of the reader in each direction, and of the vector of a piece.
        dropout: The share of features that training sets to zero.
        num_classes: How many logits come out.
    """

    def __init__(self, width: int, dropout: float, num_classes: int) -> None:
        super().__init__()
        self.reader = Reader(width)
        self.pieces = Pieces(width)
        self.dropout = nn.Dropout(dropout)
        self.classifier = nn.Linear(4 * width + width, num_classes)

    def forward(self, characters: Tensor) -> Tensor:
        """Return a raw score ("logit") for each class, however much padding there is.

        Args:
            characters: (N, T) int64, 0 behind the end of each text.
        """
        features = torch.cat([self.reader(characters), self.pieces(characters)], dim=1)
        return self.classifier(self.dropout(features))  # (N, num_classes)


def build_model(config: Config, info: Info) -> nn.Module:
    """Return a new network for so many classes.

    Args:
        config: The settings.
        info: What is known of the data: classes, max_length.
    """
    return TextNet(config.width, config.dropout, len(info.classes))


def compute_loss(model: nn.Module, batch: Batch, config: Config) -> tuple[Tensor, Tensor]:
    """Return the loss of each example (N,), and the logits (N, K).

    Args:
        model: From build_model; `model.training` is True in training alone.
        batch: Characters (N, T) int64, and the numbers of the classes (N,) int64.
        config: The settings.
    """
    characters, labels = batch
    logits = model(characters)
    # reduction="none" gives the loss of each example: train.py takes their mean. With
    # --class-weights it multiplies them first, in training alone: no weights are needed here.
    losses = F.cross_entropy(logits, labels, reduction="none")
    return losses, logits


def metrics(info: Info) -> list[Metric]:
    """Return the metrics. Each is a function of all logits (N, K) and labels (N,), on the CPU.

    Write a function and add it to the list. By the name of the function it appears in the line of
    an epoch, in metrics.csv (as val_NAME), in the plots and in eval.json, and --best-by takes it.
    Higher is better, unless the name ends in loss, error, mae or mse.
    """
    return [accuracy, macro_f1, balanced_accuracy]
