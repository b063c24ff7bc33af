"""What tools.serve takes: points."""

import tempfile
from pathlib import Path
from typing import Any

from config import Config
from data import Info
from engine.checkpoint import LoadedModel
from engine.settings import UserError
from tools.service_answers import answer_files

MOST_BYTES = 100_000  # of a request


def answer_asked(
    loaded: LoadedModel[Config, Info], asked: list[Any], parameters: dict[str, Any]
) -> list[Any]:
    """Return on which side of the line each point is."""
    if not all(isinstance(point, str) for point in asked):
        raise UserError('a point is a text with two numbers: "0.2 0.7"')
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "points.txt")
        path.write_text("\n".join(asked), encoding="utf-8")
        return answer_files(loaded, [str(path)], len(asked), parameters)
