"""What is asked of a person: a text, and how long it may be, as plain data."""

from pathlib import Path
from typing import Any

from config import Config
from data import Info
from engine.checkpoint import LoadedModel

MOST_CHARACTERS = 20_000  # of a text, unless the model reads more


def describe_form(folder: Path, loaded: LoadedModel[Config, Info]) -> dict[str, Any]:
    """Return under "most_characters" how long a text may be that a page takes.

    Args:
        folder: The run's.
        loaded: The model, and what is known of the texts in training.
    """
    return {"most_characters": max(MOST_CHARACTERS, loaded.info.max_length)}
