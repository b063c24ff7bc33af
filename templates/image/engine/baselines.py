"""What a simpler model reaches on the same pictures: eval.py prints it beside ours."""

from collections.abc import Iterator
from typing import Any

import torch
import torch.nn.functional as F
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import Tensor

from engine.dataset import Info
from engine.loader import make_loader
from engine.settings import Settings

SIDE = 8  # pixels of a thumbnail


def baselines(
    train: Any, test: Any, info: Info, settings: Settings
) -> Iterator[tuple[str, Tensor]]:
    """Yield a simpler model's name, and its outputs for the test data: probabilities (N, K).

    It is linear in the pixels of thumbnails, 8 by 8.
    """
    pixels, labels = thumbnails(train, settings)
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    model.fit(pixels, labels)
    test_pixels, _ = thumbnails(test, settings)
    yield "logistic regression", torch.from_numpy(model.predict_proba(test_pixels))


def thumbnails(dataset: Any, settings: Settings) -> tuple[Tensor, Tensor]:
    """Return pictures as the rows of a table (N, C * 8 * 8), and their labels (N,)."""
    rows, labels = [], []
    for pictures, batch_labels in make_loader(dataset, 1024, settings):
        rows.append(F.adaptive_avg_pool2d(pictures, SIDE).flatten(1))
        labels.append(batch_labels)
    return torch.cat(rows), torch.cat(labels)
