"""What scikit-learn's models reach on the same examples: eval.py prints it beside ours."""

from collections.abc import Iterator
from typing import Any

import torch
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from torch import Tensor
from torch.utils.data import TensorDataset


def baselines(
    train: TensorDataset, test: TensorDataset, state: dict[str, Any]
) -> Iterator[tuple[str, Tensor]]:
    """Yield a model's name and its answers (N,): a linear one, then gradient boosting."""
    count = len(state["inputs"]["numbers"])
    fill = make_pipeline(SimpleImputer(add_indicator=True), StandardScaler())
    kinds = [(fill, slice(0, count))] if count else []
    if state["inputs"]["categories"]:
        kinds.append((OneHotEncoder(handle_unknown="ignore"), slice(count, None)))
    encode = make_column_transformer(*kinds)
    linear: Any = LogisticRegression(max_iter=1000) if state["classes"] else Ridge()
    boosting = HistGradientBoostingClassifier if state["classes"] else HistGradientBoostingRegressor
    models = {
        "logistic regression" if state["classes"] else "ridge": make_pipeline(encode, linear),
        "gradient boosting": boosting(random_state=0),
    }
    table, questions = (torch.cat(one.tensors[:2], dim=1).numpy() for one in (train, test))
    for name, model in models.items():
        model.fit(table, train.tensors[-1].numpy())
        yield name, torch.from_numpy(model.predict(questions))
