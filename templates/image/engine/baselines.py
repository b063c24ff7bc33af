"""What simpler models reach on the same pictures: eval.py prints them beside ours."""

from collections.abc import Callable, Iterator
from typing import Any

import torch
import torch.nn.functional as F
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import Tensor

from engine.backbone import EXAMPLE, Backbone, backbone_size, is_at_hand
from engine.dataset import Info
from engine.loader import make_loader
from engine.settings import Settings, UserError

SIDE = 8  # pixels of a thumbnail
BATCH = 64
FEW = 1000  # pictures to train with: of more, features take minutes without a GPU
Describe = Callable[[Tensor], Tensor]


def baselines(
    train: Any, test: Any, info: Info, settings: Settings
) -> Iterator[tuple[str, Tensor]]:
    """Yield each simpler model's name, and its outputs for the test data: probabilities (N, K).

    The first one is linear in the pixels of thumbnails, 8 by 8. The second one is linear in the
    features of a network that has learned from other pictures: that of --backbone, else the one
    that README.md names. It is left out if its weights are not here, or there are many pictures.
    """
    yield "logistic regression", fit(thumbnails, train, test, settings)
    name = getattr(settings, "backbone", None) or EXAMPLE
    features = frozen_features(name) if len(train) <= FEW else None
    if features is not None:
        yield f"frozen {name} + logistic regression", fit(features, train, test, settings)


def fit(describe: Describe, train: Any, test: Any, settings: Settings) -> Tensor:
    """Return the outputs of a linear model for the test data: probabilities (N, K).

    Args:
        describe: Makes rows of numbers (N, F) out of pictures.
        train: What it learns from.
        test: What it answers to.
        settings: For the loaders.
    """
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    model.fit(*rows_and_labels(describe, train, settings))
    rows, _ = rows_and_labels(describe, test, settings)
    return torch.from_numpy(model.predict_proba(rows))


@torch.inference_mode()
def rows_and_labels(describe: Describe, dataset: Any, settings: Settings) -> tuple[Tensor, Tensor]:
    """Return pictures as the rows of a table (N, F), and their labels (N,)."""
    rows, labels = [], []
    for pictures, batch_labels in make_loader(dataset, BATCH, settings):
        rows.append(describe(pictures))
        labels.append(batch_labels)
    return torch.cat(rows), torch.cat(labels)


def thumbnails(pictures: Tensor) -> Tensor:
    """Return the pixels of pictures (N, C, H, W), made 8 by 8: (N, C * 8 * 8)."""
    return F.adaptive_avg_pool2d(pictures, SIDE).flatten(1)


def frozen_features(name: str) -> Describe | None:
    """Return what gives the features (N, F) of pictures (N, C, H, W); None without its weights."""
    if not is_at_hand(name):
        return None
    backbone = Backbone(name).eval()
    try:
        backbone.load_pretrained()
    except UserError:  # the file is damaged: a training would say so
        return None
    size = backbone_size(name)

    def describe(pictures: Tensor) -> Tensor:
        if pictures.shape[-1] < size and pictures.shape[-2] < size:
            pictures = F.interpolate(pictures, (size, size), mode="bilinear", antialias=True)
        return backbone(pictures)

    return describe
