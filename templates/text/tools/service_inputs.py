"""What tools.serve takes: texts."""

import json
import tempfile
from pathlib import Path
from typing import Any

from config import Config
from data import Info
from engine.checkpoint import LoadedModel
from engine.settings import UserError
from tools.service_answers import answer_files

MOST_BYTES = 2_000_000  # of a request


def answer_asked(
    loaded: LoadedModel[Config, Info], asked: list[Any], parameters: dict[str, Any]
) -> list[Any]:
    """Return what predict.py answers to each text.

    Args:
        loaded: The model.
        asked: The texts.
        parameters: top_k.

    Raises:
        UserError: One of them is no text, or empty.
    """
    for number, text in enumerate(asked, 1):
        if not isinstance(text, str) or not text.strip():
            raise UserError(f"input {number} is no text")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "texts.jsonl")  # in a file, so that no text is taken for a file's name
        column = loaded.info.text_column
        lines = [json.dumps({column: text}) + "\n" for text in asked]
        path.write_text("".join(lines), encoding="utf-8")
        return answer_files(loaded, [str(path)], len(asked), parameters)
