"""Train a linear model, a random forest and gradient boosting on the rows of a tabular project.

    python simpler_models.py CONFIG.json

To be run in the folder of the project: load_data says which rows train and which test, and what
goes in. CONFIG.json holds the settings that are not the defaults. Prints the scores as JSON.
"""

import json
import sys
from pathlib import Path

from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline

sys.path.insert(0, str(Path.cwd()))

from config import Config
from data import load_data
from engine.baselines import linear, read_rows


def main() -> None:
    """Print, for each model, its score on the test rows: accuracy, or R² where numbers are told."""
    config = Config(**json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    data = load_data(config)
    train, test = read_rows(data.train, config), read_rows(data.test, config)
    if data.info.classes:
        models = {
            "linear": linear(data.info, LogisticRegression(max_iter=1000)),
            "forest": make_pipeline(SimpleImputer(), RandomForestClassifier(random_state=0)),
            "boosting": HistGradientBoostingClassifier(random_state=0),
        }
    else:
        models = {
            "linear": linear(data.info, Ridge()),
            "forest": make_pipeline(SimpleImputer(), RandomForestRegressor(random_state=0)),
            "boosting": HistGradientBoostingRegressor(random_state=0),
        }
    scores = {}
    for name, model in models.items():
        model.fit(train.features, train.labels)
        scores[name] = float(model.score(test.features, test.labels))
    counts = {"train": len(train.labels), "val": len(data.val), "test": len(test.labels)}
    counts |= {"numbers": len(data.info.numbers), "categories": len(data.info.categories)}
    print(json.dumps({"scores": scores, "counts": counts, "classes": len(data.info.classes)}))


if __name__ == "__main__":
    main()
