"""Why a model made its worst mistakes with texts, for tools.report."""

from pathlib import Path
from typing import Any

from config import Config
from data import Info
from engine.checkpoint import LoadedModel
from engine.dataset import Data
from engine.examples import texts_of
from tools.explained import Explained
from tools.run_files import Scores
from tools.why import show, worth_of_words

SECONDS = 0.8  # for each text
SHOWN = 30  # words of a text


def explain_mistakes(
    loaded: LoadedModel[Config, Info], data: Data[Info], scores: Scores, folder: Path
) -> Explained:
    """Return which words spoke for the worst wrong answers.

    Args:
        loaded: The model.
        data: That of the run.
        scores: What eval.json says, with the mistakes.
        folder: The run's.
    """
    dataset: Any = getattr(data, scores.split)
    said = []
    for one in scores.mistakes:
        (text,) = texts_of(dataset, [one["index"]])
        said.append(show(worth_of_words(loaded, text, SECONDS), SHOWN))
    return Explained(mistakes=said)
