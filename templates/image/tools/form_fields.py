"""What is asked of a person: a picture, and where it can be answered a drawing, as plain data."""

from pathlib import Path
from typing import Any

from config import Config
from data import Info
from engine.checkpoint import LoadedModel


def describe_form(folder: Path, loaded: LoadedModel[Config, Info]) -> dict[str, Any]:
    """Return under "drawable" whether the model knows drawings, or else photos alone.

    Args:
        folder: The run's.
        loaded: The model, and what is known of the pictures in training.
    """
    return {"drawable": is_ink_on_paper(loaded.info.mean)}


def is_ink_on_paper(mean: list[float]) -> bool:
    """Return whether training saw grey pictures that are mostly light or mostly dark.

    Args:
        mean: Of each channel, in 0..1.
    """
    is_grey = max(mean) - min(mean) < 0.004
    return is_grey and abs(mean[0] - 0.5) > 0.125
