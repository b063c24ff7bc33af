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

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from config import Config
from data import Info
from engine.dataset import Batch
from engine.metrics import Metric, accuracy, balanced_accuracy, macro_f1, mae, r2, rmse


class ScaledNumbers(nn.Module):
    """Numbers (N, F), NaN where one is missing, become features (N, 2 * F).

    The numbers come scaled: data.py gives each column the mean 0 and the standard deviation 1. The
    first half of the features are these; a missing one becomes 0, the mean. The second half says
    which are missing: 0 or 1, and always 0 for a column in which none was missing in training.

    Args:
        gaps: 1 for a column with missing values in training, else 0.
    """

    def __init__(self, gaps: list[float]) -> None:
        super().__init__()
        self.gaps = nn.Buffer(torch.tensor(gaps))  # (F,): saved with the weights, but not trained

    def forward(self, numbers: Tensor) -> Tensor:
        """Return features (N, 2 * F)."""
        numbers = numbers.clamp(-10, 10)  # a single number far off shall not decide everything
        missing = numbers.isnan()
        return torch.cat([numbers.masked_fill(missing, 0), missing * self.gaps], dim=1)


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
    """Two hidden layers on scaled numbers and embedded categories.

    Args:
        scale_numbers: Makes features of the numbers; None where a table has none.
        embed_categories: Makes features of the categories; None where a table has none.
        features: How many features come from both.
        width: Of each hidden layer.
        dropout: The share of hidden values that training sets to zero.
        outputs: How many numbers come out.
    """

    def __init__(
        self,
        scale_numbers: ScaledNumbers | None,
        embed_categories: EmbeddedCategories | None,
        features: int,
        width: int,
        dropout: float,
        outputs: int,
    ) -> None:
        super().__init__()
        self.scale_numbers = scale_numbers
        self.embed_categories = embed_categories
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
        features = []
        if self.scale_numbers is not None:
            features.append(self.scale_numbers(numbers))
        if self.embed_categories is not None:
            features.append(self.embed_categories(categories))
        return self.layers(torch.cat(features, dim=1))


class PredictNumber(nn.Module):
    """A network with one output, made to predict numbers on the scale of the target.

    Args:
        network: Gives (N, 1): how many standard deviations from the mean.
        mean: Of the target, over the training rows.
        std: The standard deviation of the target.
    """

    def __init__(self, network: nn.Module, mean: float, std: float) -> None:
        super().__init__()
        self.network = network
        self.mean = nn.Buffer(torch.tensor(mean))
        self.std = nn.Buffer(torch.tensor(std))

    def forward(self, numbers: Tensor, categories: Tensor) -> Tensor:
        """Return the predicted numbers (N,)."""
        outputs = self.network(numbers, categories).squeeze(1)
        outputs = outputs.float()  # with --precision bf16 a large target would be rounded
        return outputs * self.std + self.mean


def build_model(config: Config, info: Info) -> nn.Module:
    """Return a new network for such columns.

    Args:
        config: The settings.
        info: What is known of the data: classes, numbers, categories, target_mean, target_std.
    """
    scale_numbers = None
    embed_categories = None
    features = 0
    if info.numbers:
        columns = info.numbers.values()
        scale_numbers = ScaledNumbers([float(column["has_gaps"]) for column in columns])
        features += 2 * len(columns)
    if info.categories:
        sizes = [len(words) for words in info.categories.values()]
        embed_categories = EmbeddedCategories(sizes)
        features += embed_categories.features
    if info.classes:
        dropout = config.dropout
        outputs = len(info.classes)
    else:
        dropout = config.dropout / 5  # more would make the predicted numbers worse
        outputs = 1
    network = TableNet(scale_numbers, embed_categories, features, config.width, dropout, outputs)
    if info.classes:
        return network
    return PredictNumber(network, info.target_mean, info.target_std)


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
        # In standard deviations, whatever the unit is. `std` comes from PredictNumber.
        errors = (outputs - labels) / model.std
        return errors.square(), outputs
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
