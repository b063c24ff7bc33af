"""The network, its loss and its metrics.

What the other files expect of this one:

- `build_model(config, info)` returns a new network: characters (N, T) int64 in, with 0 behind the
  end of each text; logits (N, K) out, one for each of the K classes. With --backbone tokens come in
  instead of characters. It loads no weights: a part that is called `backbone` and has a method
  `load_pretrained` gets those that it has learned when a training begins.
- `compute_loss(model, batch, config)` returns the loss of each example (N,), and the logits. It is
  used in training and in evaluation: `model.training` tells which.
- `metrics(info)` lists the functions that say how good the outputs are.

To freeze a layer, call its `requires_grad_(False)` in `build_model`. Then its weights are not
trained, and the statistics of a normalisation layer stay as they are.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from config import Config
from data import Info
from engine.backbone import Backbone
from engine.dataset import Batch
from engine.metrics import Metric, accuracy, balanced_accuracy, macro_f1
from engine.pieces import NUMBERS, number_pieces

TIMES = 4  # how often a piece counts in a text
LENGTH = 32.0  # of the vector of all weights of a text: the larger, the faster it is learned


class Pieces(nn.Module):
    """Adds up a vector for each piece of 1 to 5 characters (n-gram) in a text, wherever it stands.

    A piece that few texts have says more than one that nearly all have. So it has a larger weight,
    its inverse document frequency:
    scikit-learn.org/stable/modules/feature_extraction.html, "Tf-idf term weighting"
    The vectors are learned: docs.pytorch.org/docs/stable/generated/torch.nn.EmbeddingBag.html

    Args:
        width: Numbers in a vector.
        dropout: The share of pieces that training leaves out.
        weights: (NUMBERS,) float32, of each piece by its number, 0 for number 0.
    """

    def __init__(self, width: int, dropout: float, weights: Tensor) -> None:
        super().__init__()
        self.vectors = nn.EmbeddingBag(NUMBERS, width, mode="sum", padding_idx=0)
        nn.init.zeros_(self.vectors.weight)  # a piece that training has not seen says nothing
        self.dropout = nn.Dropout(dropout)
        self.weights = nn.Buffer(weights)

    def forward(self, characters: Tensor) -> Tensor:
        """Return the sum of the vectors, each multiplied by its weight: (N, width).

        Args:
            characters: (N, T) int64, 0 behind the end of each text.
        """
        numbers = number_pieces(characters)  # (N, P), the same ones side by side
        # Of a piece that comes up four times the first time counts whole, the second time a half.
        time = torch.ones_like(numbers)
        for before in range(1, TIMES + 1):
            time[:, before:] += (numbers[:, before:] == numbers[:, :-before]).long()
        weights = self.weights[numbers] / time  # (N, P)
        weights = weights.masked_fill(time > TIMES, 0)
        # Long texts have more pieces. Divided by the root of the sum of their squares, the weights
        # are as large together as those of a short text.
        weights = LENGTH * F.normalize(weights, dim=1)
        return self.vectors(numbers, per_sample_weights=self.dropout(weights))


class TextNet(nn.Module):
    """The pieces of a text, and what they say for each class.

    Args:
        width: The most numbers in the vector of a piece.
        dropout: The share of pieces that training leaves out.
        weights: (NUMBERS,) float32, of each piece by its number.
        num_classes: How many logits come out.
    """

    def __init__(self, width: int, dropout: float, weights: Tensor, num_classes: int) -> None:
        super().__init__()
        if num_classes <= width:  # the vector of a piece is what it says for each class
            self.pieces = Pieces(num_classes, dropout, weights)
            self.classifier = nn.Identity()
        else:
            self.pieces = Pieces(width, dropout, weights)
            self.classifier = nn.Linear(width, num_classes)

    def forward(self, characters: Tensor) -> Tensor:
        """Return a raw score ("logit") for each class, however much padding there is.

        Args:
            characters: (N, T) int64, 0 behind the end of each text.
        """
        return self.classifier(self.pieces(characters))  # (N, num_classes)


class FineTuned(nn.Module):
    """An encoder that has learned language already, and a new layer behind it.

    First the new layer alone learns, while the encoder is frozen (--frozen-epochs); then both do,
    the encoder with small steps (--backbone-lr):
    docs.pytorch.org/tutorials/beginner/transfer_learning_tutorial.html

    Args:
        name: Of the encoder, on huggingface.co, or a folder.
        backbone_config: JSON: what its layers are.
        num_classes: How many logits come out.
    """

    def __init__(self, name: str, backbone_config: str, num_classes: int) -> None:
        super().__init__()
        self.backbone = Backbone(name, backbone_config)
        self.classifier = nn.Linear(self.backbone.num_features, num_classes)

    def forward(self, tokens: Tensor) -> Tensor:
        """Return a raw score ("logit") for each class, however much padding there is.

        Args:
            tokens: (N, T) int64, 0 behind the end of each text.
        """
        features = self.backbone(tokens)  # (N, num_features): the mean of what all tokens say
        logits = self.classifier(features)  # (N, num_classes)
        return logits


def build_model(config: Config, info: Info) -> nn.Module:
    """Return a new network for so many classes.

    Args:
        config: The settings.
        info: What is known of the data: classes, piece_counts; with --backbone the encoder.
    """
    if config.backbone is not None:
        return FineTuned(config.backbone, info.backbone_config, len(info.classes))
    counts = getattr(info, "piece_counts", None)  # an Info of your own may do without
    weights = weigh_pieces(counts)
    return TextNet(config.width, config.dropout, weights, len(info.classes))


def weigh_pieces(counts: Tensor | None) -> Tensor:
    """Return the weight of each piece by its number: (NUMBERS,) float32, 0 for number 0.

    Args:
        counts: (NUMBERS,) in how many training texts each piece is, at number 0 how many texts
            there are. None: all weigh the same.
    """
    weights = torch.ones(NUMBERS)
    if counts is not None:
        weights = 1 + torch.log((1 + counts[0]) / (1 + counts))
    weights[0] = 0
    return weights


def compute_loss(model: nn.Module, batch: Batch, config: Config) -> tuple[Tensor, Tensor]:
    """Return the loss of each example (N,), and the logits (N, K).

    Args:
        model: From build_model; `model.training` is True in training alone.
        batch: Characters or tokens (N, T) int64, and the numbers of the classes (N,) int64.
        config: The settings.
    """
    texts, labels = batch
    logits = model(texts)
    scores = logits
    if model.training and config.margin > 0:
        # The right class has to win by so much, as in a support vector machine. So training goes
        # on where an answer is right but not clear, and its loss is larger than that in validation.
        scores = logits - config.margin * F.one_hot(labels, logits.shape[1])
    # reduction="none" gives the loss of each example: train.py takes their mean. With
    # --class-weights it multiplies them first, in training alone: no weights are needed here.
    losses = F.cross_entropy(scores, labels, reduction="none")
    return losses, logits


def metrics(info: Info) -> list[Metric]:
    """Return the metrics. Each is a function of all logits (N, K) and labels (N,), on the CPU.

    Write a function and add it to the list. By the name of the function it appears in the line of
    an epoch, in metrics.csv (as val_NAME), in the plots and in eval.json, and --best-by takes it.
    Higher is better, unless the name ends in loss, error, mae or mse.
    """
    return [accuracy, macro_f1, balanced_accuracy]
