"""What tools.serve takes: rows of a table, each an object with the columns as its keys."""

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
    """Return what predict.py answers to each row.

    Args:
        loaded: The model.
        asked: Each a dict: under the name of a column a text, a number, or None where it is
            missing. All have the same columns.
        parameters: top_k.

    Raises:
        UserError: One of them is no row, or lacks a column.
    """
    for number, row in enumerate(asked, 1):
        if not isinstance(row, dict):
            raise UserError(f"input {number} is no row: a JSON object of columns is needed")
        for name, value in row.items():
            if not isinstance(value, str | int | float | None):
                raise UserError(f"input {number}: {name} must be a text, a number or null")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "rows.jsonl")
        lines = [json.dumps(row) + "\n" for row in asked]
        path.write_text("".join(lines), encoding="utf-8")
        try:
            return answer_files(loaded, [str(path)], len(asked), parameters)
        except UserError as error:
            raise UserError(str(error).replace(str(path), "a row")) from error
