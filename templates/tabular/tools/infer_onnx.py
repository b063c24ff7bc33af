"""Answer for rows of a table with model.onnx, without PyTorch.  python infer_onnx.py ROWS.csv

It needs: pip install numpy onnxruntime

A row goes in as its numbers, NaN where one is missing, and its categories. Of each number goes in
(number - center) / scale, as model.json has them, made float32 only then. Where it "has_comma",
1,5 is one and a half. Of each category goes in its place in the list of the column in model.json,
counted from 1, and 0 for one that is not in it.
"""

import argparse
import csv
import io
import json
import re
import unicodedata
from pathlib import Path

import numpy as np
import onnxruntime

# What stands in a cell that holds no number.
MISSING = {
    *("", "?", "-", "na", "n/a", "#n/a", "<na>", "nan", "inf", "null", "none", "없음", "미상"),
    *("#div/0!", "#value!", "#ref!", "missing", "unknown"),
}
LARGEST = 3e38  # more does not fit into float32


def to_number(cell: str, has_comma: bool) -> float:
    """Return the number that a cell holds, NaN where it says that there is none."""
    if cell.lower() in MISSING:
        return np.nan
    cell = cell.strip("$€£¥₩%원 ").replace("\u2212", "-")
    if has_comma and "," in cell:
        cell = cell.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", cell):  # 12,345.5
        cell = cell.replace(",", "")
    return float(cell)


def encode(row: dict[str, str], about: dict) -> tuple[np.ndarray, np.ndarray]:
    """Return the numbers (1, F) float32 and the categories (1, C) int64 of a row."""
    numbers = []
    for column in about["numbers"].values():
        number = to_number(row[column["column"]], column["has_comma"])
        numbers.append((number - column["center"]) / column["scale"])
    categories = []
    for name, known in about["categories"].items():
        categories.append(1 + known.index(row[name]) if row[name] in known else 0)
    scaled = np.clip(np.array([numbers]), -LARGEST, LARGEST)
    return scaled.astype(np.float32), np.array([categories], np.int64)


def main() -> None:
    """Print the likeliest class of each row and how likely it is, or the number predicted."""
    parser = argparse.ArgumentParser(description="Answer for rows of a table with model.onnx.")
    parser.add_argument("table", help="a CSV file in UTF-8, its columns between commas")
    path = Path(parser.parse_args().table)

    session = onnxruntime.InferenceSession(Path(__file__).with_name("model.onnx"))
    about = json.loads(session.get_modelmeta().custom_metadata_map["model.json"])
    text = path.read_bytes().decode("utf-8-sig")
    text = unicodedata.normalize("NFC", text)  # as model.json has its names and categories
    with io.StringIO(text, newline="") as file:
        for count, cells in enumerate(csv.DictReader(file, skipinitialspace=True), 1):
            row = {name.strip(): cell.strip() for name, cell in cells.items()}
            numbers, categories = encode(row, about["inputs"])
            inputs = {}
            for node in session.get_inputs():  # there is none for what the table does not have
                inputs[node.name] = numbers if node.type == "tensor(float)" else categories
            (outputs,) = session.run(None, inputs)
            answer = np.asarray(outputs)[0]
            if about["classes"]:
                best = answer.argmax()
                print(f"row {count}: {about['classes'][best]} {answer[best]:.1%}")
            else:
                print(f"row {count}: {answer:.7g}")


if __name__ == "__main__":
    main()
