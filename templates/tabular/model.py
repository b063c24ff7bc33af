"""The network, its loss and its metrics.

What the other files expect of this one:

- `build_model(config, info)` returns a new network: numbers (N, F) float32 and categories (N, C)
  int64 in, as two arguments; logits (N, K) out, one for each of the K classes. Where there are no
  classes, the predicted numbers (N,) come out.
- `compute_loss(model, batch, config)` returns the loss of each example (N,), and the outputs. It
  is used in training and in evaluation: `model.training` tells which.
- `metrics(info)` lists the functions that say how good the outputs are.

To freeze a layer, call its `requires_grad_(False)` in `build_model`. Then its weights are not
trained, and the statistics of a normalisation layer stay as they are.
"""

from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from config import Config
from data import Info
from engine.dataset import Batch
from engine.metrics import Metric, accuracy, balanced_accuracy, macro_f1, mae, r2, rmse


class EmbeddedNumbers(nn.Module):
    """Numbers (N, F), NaN where one is missing, become features (N, self.features).

    A straight line through all values of a column says too little: a price may rise with age up to
    25 and fall then. So each column has curves, made of straight pieces between the edges of its
    bins, and their shapes are learned: piecewise linear encoding, arxiv.org/abs/2203.05556

    Args:
        edges: Of the bins of each column, ascending, on the scale of the numbers.
        gaps: Whether a column had missing values in training.
        width: How many curves a column has, each giving a feature.
    """

    def __init__(self, edges: list[list[float]], gaps: list[bool], width: int) -> None:
        super().__init__()
        columns = len(edges)
        bins = max(len(column) for column in edges)
        # A column with fewer bins than another has endless ones at its end: no number fills any
        # part of these.
        starts = torch.zeros(columns, bins)
        lengths = torch.full((columns, bins), torch.inf)
        for column, found in enumerate(edges):
            for place, (start, end) in enumerate(pairwise(found)):
                starts[column, place] = start
                lengths[column, place] = end - start
        # Buffers are saved with the weights, but not trained.
        self.starts = nn.Buffer(starts)
        self.lengths = nn.Buffer(lengths)
        self.gaps = nn.Buffer(torch.tensor(gaps))  # (F,)

        self.rises = nn.Parameter(torch.zeros(columns, bins, width))  # of a curve in each bin
        self.slopes = nn.Parameter(torch.empty(columns, width).uniform_(-1, 1))
        self.biases = nn.Parameter(torch.empty(columns, width).uniform_(-1, 1))
        self.features = columns * width + columns

    def forward(self, numbers: Tensor) -> Tensor:
        """Return features (N, self.features): the curves, then 1 for each that is missing."""
        missing = numbers.isnan()
        numbers = numbers.nan_to_num(nan=0).unsqueeze(2)  # (N, F, 1); 0 is the median
        # How much of each bin lies below the number: 1 or 0, and a share of the one it is in.
        filled = ((numbers - self.starts) / self.lengths).clamp(0, 1)  # (N, F, bins)
        curves = torch.einsum("nfb,fbw->nfw", filled, self.rises)
        # A straight line for all bins together. Far off it bends, so that a single number that is
        # 1000 times too large does not decide everything.
        lines = 3 * torch.tanh(numbers / 3) * self.slopes + self.biases
        features = F.relu(curves + lines).flatten(1)
        return torch.cat([features, (missing & self.gaps).to(features.dtype)], dim=1)


class EmbeddedCategories(nn.Module):
    """Categories (N, C) become features (N, self.features): a learned vector for each word.

    Args:
        sizes: How many words each column has; number 0 stands for one that training has not seen.
    """

    def __init__(self, sizes: list[int]) -> None:
        super().__init__()
        widths = [min(32, 2 + size // 2) for size in sizes]  # a rule of thumb
        self.embeddings = nn.ModuleList()
        for size, width in zip(sizes, widths, strict=True):
            # One more, number 0, for unknown words: padding_idx keeps its vector at 0.
            self.embeddings.append(nn.Embedding(size + 1, width, padding_idx=0))
        self.features = sum(widths)

    def forward(self, categories: Tensor) -> Tensor:
        """Return features (N, self.features)."""
        vectors = [
            embedding(categories[:, column]) for column, embedding in enumerate(self.embeddings)
        ]
        return torch.cat(vectors, dim=1)


class TableNet(nn.Module):
    """Two hidden layers on embedded numbers and categories, shared by a team of networks.

    Several networks that were trained apart err in different ways, and the mean of their answers is
    better than each. Here they are one network, whose members differ in the scales that they put
    on the features: TabM, arxiv.org/abs/2410.24210. In training each row is answered by one
    member, drawn at random; in evaluation by all of them.

    Args:
        embed_numbers: Makes features of the numbers; None where a table has none.
        embed_categories: Makes features of the categories; None where a table has none.
        features: How many features come from both.
        width: Of each hidden layer.
        members: How many networks are in the team.
        dropout: The share of hidden values that training sets to zero.
        outputs: How many numbers come out.
    """

    def __init__(
        self,
        embed_numbers: EmbeddedNumbers | None,
        embed_categories: EmbeddedCategories | None,
        features: int,
        width: int,
        members: int,
        dropout: float,
        outputs: int,
    ) -> None:
        super().__init__()
        self.embed_numbers = embed_numbers
        self.embed_categories = embed_categories
        self.scales = nn.Embedding(members, features)  # begin as random numbers around 0
        self.layers = nn.Sequential(
            nn.Linear(features, width),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(width, width),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(width, outputs),
        )

    def forward(self, numbers: Tensor, categories: Tensor) -> Tensor:
        """Return (N, outputs): a raw score ("logit") for each class, or a number.

        Args:
            numbers: (N, F) float32, scaled, NaN where one is missing.
            categories: (N, C) int64, 0 for a word that training has not seen.
        """
        embedded = []
        if self.embed_numbers is not None:
            embedded.append(self.embed_numbers(numbers))
        if self.embed_categories is not None:
            embedded.append(self.embed_categories(categories))
        features = torch.cat(embedded, dim=1)  # (N, features)
        members = torch.arange(self.scales.num_embeddings, device=features.device)
        if self.training:
            drawn = torch.randint(len(members), (len(features),), device=features.device)
            return self.layers(features * self.scales(drawn))
        answers = [self.layers(features * scales) for scales in self.scales(members)]
        return torch.stack(answers).mean(dim=0)


class PredictNumber(nn.Module):
    """A network with one output, made to predict numbers on the scale of the target.

    Args:
        network: Gives (N, 1): how many standard deviations from the mean.
        mean: Of the target, over the training rows.
        std: The standard deviation of the target.
        is_log: Whether both are those of its natural logarithm, which is then what is learned.
    """

    def __init__(self, network: nn.Module, mean: float, std: float, is_log: bool) -> None:
        super().__init__()
        self.network = network
        self.mean = nn.Buffer(torch.tensor(mean))
        self.std = nn.Buffer(torch.tensor(std))
        self.is_log = is_log

    def forward(self, numbers: Tensor, categories: Tensor) -> Tensor:
        """Return the predicted numbers (N,)."""
        outputs = self.network(numbers, categories).squeeze(1)
        outputs = outputs.float()  # with --precision bf16 a large target would be rounded
        predicted = outputs * self.std + self.mean
        if self.is_log:
            return predicted.clamp(-80, 80).exp()  # beyond, float32 has only 0 and infinity
        return predicted


def build_model(config: Config, info: Info) -> nn.Module:
    """Return a new network for such columns.

    Args:
        config: The settings.
        info: What is known of the data: classes, numbers, categories, target_mean and so on.
    """
    embed_numbers = None
    embed_categories = None
    features = 0
    if info.numbers:
        embed_numbers = EmbeddedNumbers(
            edges=[column["edges"] for column in info.numbers.values()],
            gaps=[column["has_gaps"] for column in info.numbers.values()],
            width=8,
        )
        features += embed_numbers.features
    if info.categories:
        sizes = [len(words) for words in info.categories.values()]
        embed_categories = EmbeddedCategories(sizes)
        features += embed_categories.features
    network = TableNet(
        embed_numbers,
        embed_categories,
        features,
        config.width,
        config.members,
        config.dropout,
        outputs=len(info.classes) or 1,
    )
    if info.classes:
        return network
    return PredictNumber(network, info.target_mean, info.target_std, info.target_is_log)


def compute_loss(model: nn.Module, batch: Batch, config: Config) -> tuple[Tensor, Tensor]:
    """Return the loss of each example (N,), and the outputs: logits (N, K), or numbers (N,).

    Args:
        model: From build_model; `model.training` is True in training alone.
        batch: Numbers (N, F) and categories (N, C), and the labels (N,): int64 or float32.
        config: The settings.
    """
    (numbers, categories), labels = batch
    outputs = model(numbers, categories)
    if labels.is_floating_point():
        errors = outputs - labels
        if model.is_log:  # so says PredictNumber: then the logarithm is learned
            errors = outputs.log() - labels.clamp(min=1e-30).log()
        return (errors / model.std).square(), outputs  # in standard deviations, whatever the unit
    label_smoothing = 0.0
    if model.training:
        label_smoothing = config.label_smoothing
    # reduction="none" gives the loss of each example: train.py takes their mean. With
    # --class-weights it multiplies them first, in training alone: no weights are needed here.
    losses = F.cross_entropy(outputs, labels, label_smoothing=label_smoothing, reduction="none")
    return losses, outputs


def metrics(info: Info) -> list[Metric]:
    """Return the metrics. Each is a function of all outputs, (N, K) or (N,), and labels (N,).

    Write a function and add it to the list. By the name of the function it appears in the line of
    an epoch, in metrics.csv (as val_NAME), in the plots and in eval.json, and --best-by takes it.
    Higher is better, unless the name ends in loss, error, mae or mse.
    """
    if info.classes:
        return [accuracy, macro_f1, balanced_accuracy]
    return [mae, rmse, r2]
