"""Answer for rows of a table with model.onnx, without PyTorch.  python infer_onnx.py ROWS.csv

It needs: pip install numpy onnxruntime

A row goes in as its numbers and its categories. engine/cells.py beside this file says what a cell
means, as in training: a number, a part of a date, or NaN where it is missing. Of each number goes
in (number - center) / scale, as model.json has them, made float32 only then. Of each category goes
in its place in the list of the column in model.json, counted from 1, and 0 for one that is not in
it.
"""

import argparse
import csv
import json
import sys
from pathlib import Path
from typing import NoReturn

import numpy as np
import onnxruntime

from engine.cells import (
    LARGEST,
    Unreadable,
    clean,
    name_columns,
    number_words,
    read_values,
    word_code,
)
from engine.terminal import in_one_line


def read_table(path: Path) -> dict[str, list[str]]:
    """Return the columns of a CSV file by their names."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.reader(file, skipinitialspace=True))
    except (OSError, UnicodeDecodeError) as error:
        refuse(f"{path} cannot be read as UTF-8: {error}")
    rows = [row for row in lines if any(map(str.strip, row))]
    if len(rows) < 2:
        refuse(f"{path} has no rows below the names of its columns")
    names, *rows = rows
    for number, row in enumerate(rows, 1):
        if len(row) != len(names):
            refuse(f"row {number} of {path} has {len(row)} cells, not {len(names)}")
    return {name: [clean(row[at]) for row in rows] for at, name in enumerate(name_columns(names))}


def refuse(reason: str) -> NoReturn:
    """End the program with one line that says why."""
    print(in_one_line(f"error: {reason}"), file=sys.stderr)
    sys.exit(2)


def encode(table: dict[str, list[str]], about: dict) -> tuple[np.ndarray, np.ndarray]:
    """Return the numbers (N, F) float32 and the categories (N, C) int64 of the rows."""
    numbers = []
    for column in about["numbers"].values():
        part = column["part"]
        cells = table[column["column"]]
        values = np.array(read_values(cells, column, [part])[part])
        scaled = (values - column["center"]) / column["scale"]
        numbers.append(np.clip(scaled, -LARGEST, LARGEST).astype(np.float32))
    categories = []
    for name, known in about["categories"].items():
        codes = number_words(known)
        categories.append(np.array([word_code(cell, codes) for cell in table[name]], np.int64))
    rows = len(next(iter(table.values())))
    return np.array(numbers).reshape(-1, rows).T, np.array(categories).reshape(-1, rows).T


def main() -> None:
    """Print the likeliest class of each row and how likely it is, or the number predicted."""
    parser = argparse.ArgumentParser(description="Answer for rows of a table with model.onnx.")
    parser.add_argument("table", help="a CSV file in UTF-8, its columns between commas")
    path = Path(parser.parse_args().table)

    session = onnxruntime.InferenceSession(Path(__file__).with_name("model.onnx"))
    about = json.loads(session.get_modelmeta().custom_metadata_map["model.json"])
    table = read_table(path)
    wanted = [column["column"] for column in about["inputs"]["numbers"].values()]
    wanted += about["inputs"]["categories"]
    missing = [name for name in dict.fromkeys(wanted) if name not in table]
    if missing:
        refuse(f"{path} lacks the columns {', '.join(missing)}")
    try:
        numbers, categories = encode(table, about["inputs"])
    except Unreadable as error:
        refuse(f"{error.cell!r} in {path} is no number, or no date, of its column")
    for row in range(len(numbers)):
        inputs = {}
        for node in session.get_inputs():  # there is none for what the table does not have
            is_numbers = node.type == "tensor(float)"
            inputs[node.name] = (numbers if is_numbers else categories)[row : row + 1]
        (outputs,) = session.run(None, inputs)
        answer = np.asarray(outputs)[0]
        if about["classes"]:
            best = answer.argmax()
            line = f"row {row + 1}: {about['classes'][best]} {answer[best]:.1%}"
            print(in_one_line(line))  # a name must not command the terminal
        else:
            print(f"row {row + 1}: {answer:.7g}")


if __name__ == "__main__":
    main()
