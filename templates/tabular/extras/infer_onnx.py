"""Answer for rows of a table with model.onnx, without PyTorch.  python infer_onnx.py ROWS.csv

It needs: pip install numpy onnxruntime

A row goes in as its numbers, NaN where one is missing (scaling them is in the network), and its
categories, each as its place in the list of the column in model.json, counted from 1, and 0 for
one that is not in it. Columns in "commas" write 1,5 for one and a half.
"""

import argparse
import csv
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

MISSING = {
    *("", "?", "-", "na", "n/a", "#n/a", "<na>", "nan", "inf", "null", "none", "없음", "미상"),
    *("#div/0!", "#value!", "#ref!", "missing", "unknown"),
}


def to_number(value: str, comma: bool) -> float:
    """Return the number that a text is, NaN where it says that there is none."""
    if value.lower() in MISSING:
        return np.nan
    value = value.strip("$€£¥₩%원 ").replace("\u2212", "-")
    if comma and "," in value:
        value = value.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", value):
        value = value.replace(",", "")
    return float(value)


def encode(row: dict[str, str], inputs: dict) -> dict[str, np.ndarray]:
    """Return the numbers (1, F) and the categories (1, C) of a row; a table may lack either."""
    numbers = [to_number(row[name], name in inputs["commas"]) for name in inputs["numbers"]]
    known = inputs["categories"].items()
    codes = [1 + values.index(row[name]) if row[name] in values else 0 for name, values in known]
    tables = {"numbers": np.array([numbers], np.float32), "categories": np.array([codes], np.int64)}
    return {name: table for name, table in tables.items() if table.size}


def main() -> None:
    """Print the likeliest class of each row and how likely it is, or the number predicted."""
    parser = argparse.ArgumentParser(description="Answer for rows of a table with model.onnx.")
    parser.add_argument("table", help="a CSV file in UTF-8, its columns between commas")
    path = parser.parse_args().table
    session: Any = onnxruntime.InferenceSession(Path(__file__).with_name("model.onnx"))
    about = json.loads(session.get_modelmeta().custom_metadata_map["model.json"])
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file, skipinitialspace=True), 1):
            values = {name.strip(): value.strip() for name, value in row.items()}
            (answer,) = session.run(None, encode(values, about["inputs"]))[0]
            if about["classes"]:
                text = f"{about['classes'][answer.argmax()]} {answer.max():.1%}"
            else:
                text = f"{answer:.7g}"
            print(f"row {number}: {text}")


if __name__ == "__main__":
    main()
