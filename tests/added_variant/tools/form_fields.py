"""What is asked of a person: a point. Nothing has to be known for that."""

from pathlib import Path
from typing import Any

from config import Config
from data import Info
from engine.checkpoint import LoadedModel


def describe_form(folder: Path, loaded: LoadedModel[Config, Info]) -> dict[str, Any]:
    """Return nothing: both numbers are always from 0 to 1."""
    return {}
