"""What scikit-learn's models reach on the same rows: eval.py prints it beside ours."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import torch
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from torch import Tensor

from engine.loader import make_loader
from engine.settings import Settings


class Rows(NamedTuple):
    """Examples as scikit-learn takes them."""

    features: np.ndarray  # (N, F + C): the numbers, then the categories
    labels: np.ndarray  # (N,)


def baselines(train: Any, test: Any, info: Any, settings: Settings) -> Iterator[tuple[str, Tensor]]:
    """Yield a simpler model's name, and its outputs for the test data.

    These are probabilities (N, K), or numbers (N,) where there are no classes: of a linear model,
    then of gradient boosting.
    """
    training_rows = read_rows(train, settings)
    test_rows = read_rows(test, settings)
    models: dict[str, Any]
    if info.classes:
        models = {
            "logistic regression": linear(info, LogisticRegression(max_iter=1000)),
            "gradient boosting": HistGradientBoostingClassifier(random_state=0),
        }
    else:
        models = {
            "ridge": linear(info, Ridge()),
            "gradient boosting": HistGradientBoostingRegressor(random_state=0),
        }
    for name, model in models.items():
        model.fit(training_rows.features, training_rows.labels)
        if info.classes:
            outputs = model.predict_proba(test_rows.features)
        else:
            outputs = model.predict(test_rows.features)
        yield name, torch.from_numpy(outputs)


def linear(info: Any, model: Any) -> Pipeline:
    """Return a linear model on scaled numbers and one-hot categories."""
    count = len(info.numbers)
    steps = []
    if info.numbers:
        scale = make_pipeline(SimpleImputer(add_indicator=True), StandardScaler())
        steps.append((scale, slice(0, count)))
    if info.categories:
        steps.append((OneHotEncoder(handle_unknown="ignore"), slice(count, None)))
    return make_pipeline(make_column_transformer(*steps), model)


def read_rows(dataset: Any, settings: Settings) -> Rows:
    """Return all examples of a part of the data."""
    features, labels = [], []
    for (numbers, categories), batch_labels in make_loader(dataset, 1024, settings):
        features.append(torch.cat([numbers, categories], dim=1))
        labels.append(batch_labels)
    return Rows(torch.cat(features).numpy(), torch.cat(labels).numpy())
