"""Write what a project trains on and validates on as files that need nothing of it.

    python write_parts.py KIND --project PROJECT --settings JSON FOLDER

KIND is digits (FOLDER gets digits.npz), texts or table (train.csv and val.csv). A table has the
columns as they are in the file; the last one, "target", is what is predicted.
"""

import argparse
import csv
import json
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np


def write_csv(path: Path, head: list[str], rows: Iterable[Iterable]) -> None:
    """Write rows below a head."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])


def main() -> None:
    """Write them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=["digits", "texts", "table"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--project", type=Path, required=True)
    parser.add_argument("--settings", type=json.loads, default={})
    options = parser.parse_args()
    sys.path.insert(0, str(options.project))
    from config import Config
    from data import load_data

    config = Config(**options.settings)
    if options.kind == "table":
        from engine.table_cache import read_cached
        from engine.table_rows import understand_rows

        table = read_cached(Path(config.data), None)
        rows = understand_rows(table, config.target, config)
        columns = [list(column) for column in rows.table.values()]
        for part in ("train", "val"):
            lines = []
            for row in getattr(rows.split, part).tolist():
                lines.append([*(column[row] for column in columns), float(rows.labels[row])])
            write_csv(options.folder / f"{part}.csv", [*rows.table, "target"], lines)
        return

    data = load_data(config)
    if options.kind == "texts":
        for part in ("train", "val"):
            found = getattr(data, part)
            names = [data.info.classes[label] for label in found.labels.tolist()]
            lines = zip(found.texts, names, strict=True)
            write_csv(options.folder / f"{part}.csv", ["text", "label"], lines)
        return

    arrays = {}
    for part in ("train", "val"):
        found = getattr(data, part)
        pictures = [np.asarray(found[row][0]) for row in range(len(found))]
        arrays[f"{part}_inputs"] = np.stack(pictures)
        arrays[f"{part}_labels"] = found.labels.numpy()
    np.savez(options.folder / "digits.npz", **arrays)


if __name__ == "__main__":
    main()
