"""What is asked of a person: how a text begins, and how it goes on, as plain data."""

from pathlib import Path
from typing import Any

from config import Config
from data import Info
from engine.checkpoint import LoadedModel

MOST_CHARACTERS = 20_000  # of a beginning
MOST_WRITTEN = 2000  # characters
HOTTEST = 2  # temperature: beyond it nearly anything is written
LAST_SEED = 999_999_999


def describe_form(folder: Path, loaded: LoadedModel[Config, Info]) -> dict[str, Any]:
    """Return the limits of what a page takes.

    Args:
        folder: The run's.
        loaded: The model, and the characters that training has seen.
    """
    return {
        "most_characters": MOST_CHARACTERS,
        "most_written": MOST_WRITTEN,
        "hottest": HOTTEST,
        "last_seed": LAST_SEED,
    }
