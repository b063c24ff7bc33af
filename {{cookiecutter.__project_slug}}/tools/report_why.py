"""What a report says of why the model answers so."""

from pathlib import Path

import torch

from config import Config
from data import Info, load_data
from engine.checkpoint import LoadedModel, load_model, load_same_data
from engine.dataset import Data
from engine.errors import WriteError
from engine.settings import UserError
from model import build_model
from tools.explained import Explained
from tools.run_files import Scores
from tools.why_mistakes import explain_mistakes


def explain_run(folder: Path, scores: Scores, data: str | None = None) -> Explained:
    """Return why the model of a run answers so, as far as that can be found out.

    Where it cannot, a line is printed that says why.

    Args:
        folder: The run's.
        scores: What eval.json says.
        data: Where the run's data are now; None where they have not moved.
    """
    if Info.is_sequence:
        return Explained()
    if any("index" not in one for one in scores.mistakes):
        print("note: not said why it answers so: python eval.py once more")
        return Explained()
    try:
        loaded = load_model(folder, torch.device("cpu"), Config, Info, build_model, data)
        parts = load_same_data(load_data, loaded, folder)
    except UserError as error:
        print(f"note: not said why it answers so: {error}")
        return Explained()
    return explain_loaded(loaded, parts, scores, folder)


def explain_loaded(
    loaded: LoadedModel[Config, Info], data: Data[Info], scores: Scores, folder: Path
) -> Explained:
    """Return why a model answers so; nothing, and a printed line, where asking it fails."""
    try:
        return explain_mistakes(loaded, data, scores, folder)
    except WriteError:
        raise
    except Exception as error:  # the examples of an own dataset may be anything
        print(f"note: not said why it answers so, these examples cannot be changed: {error!r}")
        return Explained()
