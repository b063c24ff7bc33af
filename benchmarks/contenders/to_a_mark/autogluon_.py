"""AutoGluon, as its "Quick Start" for tables has it: its default models, then their ensemble.

    python autogluon_.py FOLDER

FOLDER holds train.csv and val.csv; the column "target" is a number. AutoGluon validates on rows of
train.csv that it draws itself; val.csv is scored once, when it is done.
"""

import argparse
from pathlib import Path

from autogluon.tabular import TabularPredictor


def main() -> None:
    """Fit, and print the score."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    predictor = TabularPredictor(label="target", problem_type="regression", eval_metric="r2")
    predictor.fit(str(folder / "train.csv"), num_cpus=1)
    scores = predictor.evaluate(str(folder / "val.csv"))
    print(f"scored {scores['r2']:.4f}", flush=True)


if __name__ == "__main__":
    main()
