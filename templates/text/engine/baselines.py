"""What a simpler model reaches on the same texts: eval.py prints it beside ours."""

from collections.abc import Iterator
from typing import Any

import torch
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from torch import Tensor

from engine.dataset import Info
from engine.examples import texts_of
from engine.settings import Settings


def baselines(
    train: Any, test: Any, info: Info, settings: Settings
) -> Iterator[tuple[str, Tensor]]:
    """Yield a simpler model's name, and its outputs for the test data: probabilities (N, K).

    It is linear in how often pieces of 1 to 4 characters occur.
    """
    count = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), sublinear_tf=True)
    model = make_pipeline(count, LogisticRegression(C=30, max_iter=1000))
    texts = texts_of(train, list(range(len(train))))
    labels = [int(train[index][1]) for index in range(len(train))]
    model.fit(texts, labels)
    test_texts = texts_of(test, list(range(len(test))))
    yield "character n-grams", torch.from_numpy(model.predict_proba(test_texts))
