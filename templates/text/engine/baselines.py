"""What simpler models reach on the same texts: eval.py prints them beside ours."""

from collections.abc import Iterator
from typing import Any

import torch
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence
from tqdm import tqdm

from engine.backbone import EXAMPLE, Backbone, is_at_hand, read_encoder
from engine.dataset import Info
from engine.examples import texts_of
from engine.settings import Settings
from engine.tokens import number_tokens

BATCH = 64
MOST_TOKENS = 256  # of a text
MOST_CHARACTERS = 1_000_000  # of all texts: to find the features of more takes minutes


def baselines(
    train: Any, test: Any, info: Info, settings: Settings
) -> Iterator[tuple[str, Tensor]]:
    """Yield each simpler model's name, and its outputs for the test data: probabilities (N, K).

    The first one is linear in how often pieces of 1 to 4 characters occur. The second one is
    linear in the features of an encoder that has learned already: that of --backbone, else the one
    that README.md names. It is left out if its weights are not here, or there are many texts.
    """
    texts = texts_of(train, list(range(len(train))))
    labels = [int(train[index][1]) for index in range(len(train))]
    test_texts = texts_of(test, list(range(len(test))))

    count = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), sublinear_tf=True)
    model = make_pipeline(count, LogisticRegression(C=30, max_iter=1000))
    model.fit(texts, labels)
    yield "character n-grams", torch.from_numpy(model.predict_proba(test_texts))

    name = getattr(settings, "backbone", None) or EXAMPLE
    is_small = sum(map(len, texts + test_texts)) <= MOST_CHARACTERS
    if is_small and is_at_hand(name):
        features = frozen_features(name, texts + test_texts).numpy()
        model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
        model.fit(features[: len(texts)], labels)
        outputs = model.predict_proba(features[len(texts) :])
        yield f"frozen {name} + logistic regression", torch.from_numpy(outputs)


@torch.inference_mode()
def frozen_features(name: str, texts: list[str]) -> Tensor:
    """Return the features of texts (N, F), of an encoder as it was before our training."""
    encoder = read_encoder(name, MOST_TOKENS)
    backbone = Backbone(name, encoder.config)
    backbone.load_pretrained()
    backbone.eval()
    sequences = [number_tokens(text, encoder.tokenizer) for text in texts]
    # Those of like length share a batch, so there is little padding.
    order = torch.tensor([len(sequence) for sequence in sequences]).argsort()
    features = torch.zeros(len(texts), backbone.num_features)
    for indices in tqdm(order.split(BATCH), "features", leave=False, disable=None):
        some = [sequences[index] for index in indices.tolist()]
        features[indices] = backbone(pad_sequence(some, batch_first=True))
    return features
