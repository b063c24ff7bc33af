"""What a simpler model reaches on the same examples: eval.py prints it beside ours."""

from collections.abc import Iterator
from typing import Any

import torch
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from torch import Tensor

from data import Texts


def baselines(train: Texts, test: Texts, _: dict[str, Any]) -> Iterator[tuple[str, Tensor]]:
    """Yield a model's name and its answers (N,): linear in how often 1 to 4 characters meet."""
    count = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), sublinear_tf=True)
    model = make_pipeline(count, LogisticRegression(C=30, max_iter=1000))
    model.fit(train.texts, train.tensors[-1].numpy())
    yield "character n-grams", torch.from_numpy(model.predict(test.texts))
