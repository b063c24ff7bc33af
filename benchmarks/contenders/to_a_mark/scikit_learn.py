"""A model of scikit-learn with its defaults: fitted, scored on what validates, done.

    python scikit_learn.py KIND MODEL FOLDER [--seed 0]

KIND is digits, pictures, texts or table: what lies in FOLDER, as write_parts.py writes it; pictures
are files in train/ and val/, a folder for each class. MODEL: linear, svc, forest or boosting; for
texts words (with a linear model) or characters (with a linear SVC).
"""

import argparse
import csv
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np


class Parts(NamedTuple):
    """What is fitted, and what is scored."""

    inputs: Any
    labels: Any
    val_inputs: Any
    val_labels: Any


def read_digits(folder: Path) -> Parts:
    """Return digits as rows of pixels."""
    arrays = np.load(folder / "digits.npz")
    found = []
    for part in ("train", "val"):
        found.append(arrays[f"{part}_inputs"].reshape(-1, 64))
        found.append(arrays[f"{part}_labels"])
    return Parts(*found)


def read_pictures(folder: Path) -> Parts:
    """Return grey pictures as rows of pixels in 0..1."""
    from PIL import Image

    found: list[Any] = []
    for part in ("train", "val"):
        paths = sorted((folder / part).glob("*/*.png"))
        found.append(np.stack([np.asarray(Image.open(path)).ravel() for path in paths]) / 255)
        found.append([path.parent.name for path in paths])
    return Parts(*found)


def read_texts(folder: Path) -> Parts:
    """Return texts and their languages."""
    found: list[Any] = []
    for part in ("train", "val"):
        with (folder / f"{part}.csv").open(encoding="utf-8", newline="") as file:
            _, *rows = csv.reader(file)
        found.append([text for text, _ in rows])
        found.append([label for _, label in rows])
    return Parts(*found)


def read_table(folder: Path) -> Parts:
    """Return the columns of a table; words are categories."""
    import pandas as pd

    frames = [pd.read_csv(folder / f"{part}.csv") for part in ("train", "val")]
    both = pd.concat(frames)
    for name in both.select_dtypes(exclude="number"):
        both[name] = both[name].astype("category")
    labels = both.pop("target").to_numpy()
    count = len(frames[0])
    return Parts(both[:count], labels[:count], both[count:], labels[count:])


def make_classifier(name: str, seed: int) -> Any:
    """Return a model for pictures as rows of pixels."""
    if name == "linear":
        from sklearn.linear_model import LogisticRegression

        return LogisticRegression(max_iter=1000)
    if name == "svc":
        from sklearn.svm import SVC

        return SVC()
    if name == "forest":
        from sklearn.ensemble import RandomForestClassifier

        return RandomForestClassifier(random_state=seed)
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(random_state=seed)


def make_text_model(name: str) -> Any:
    """Return a model for texts."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline

    if name == "words":
        from sklearn.linear_model import LogisticRegression

        return make_pipeline(TfidfVectorizer(), LogisticRegression(max_iter=1000))
    from sklearn.svm import LinearSVC

    count = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), sublinear_tf=True)
    return make_pipeline(count, LinearSVC())


def make_regressor(name: str, seed: int) -> Any:
    """Return a model that predicts numbers from the columns of a table."""
    if name == "boosting":
        from sklearn.ensemble import HistGradientBoostingRegressor

        return HistGradientBoostingRegressor(categorical_features="from_dtype", random_state=seed)
    from sklearn.compose import make_column_selector, make_column_transformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    words = OneHotEncoder(handle_unknown="ignore")
    numbers = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    prepare = make_column_transformer(
        (words, make_column_selector(dtype_include="category")),
        (numbers, make_column_selector(dtype_include="number")),
    )
    if name == "forest":
        from sklearn.ensemble import RandomForestRegressor

        return make_pipeline(prepare, RandomForestRegressor(random_state=seed))
    from sklearn.linear_model import Ridge

    return make_pipeline(prepare, Ridge())


def main() -> None:
    """Read, fit, and print the score."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=["digits", "pictures", "texts", "table"])
    parser.add_argument("model")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    if options.kind == "texts":
        parts = read_texts(options.folder)
        model = make_text_model(options.model)
    elif options.kind == "table":
        parts = read_table(options.folder)
        model = make_regressor(options.model, options.seed)
    else:
        read = read_digits if options.kind == "digits" else read_pictures
        parts = read(options.folder)
        model = make_classifier(options.model, options.seed)
    model.fit(parts.inputs, parts.labels)
    print(f"scored {model.score(parts.val_inputs, parts.val_labels):.4f}", flush=True)


if __name__ == "__main__":
    main()
