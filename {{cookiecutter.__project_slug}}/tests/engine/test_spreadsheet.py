"""What predict.py writes for Excel is text there, and reads back as what it was."""

import csv

import pytest

from engine.spreadsheet import as_written, without_formula
from engine.table import read_table
from predict import write_table

FORMULAS = ["=1+1", "+cmd|'/C calc'!A0", "-2+3+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1"]
FORMULAS += ['=HYPERLINK("http://a.b?"&A1)', "-", "--", "+", "-a", "\uff1d1+1", "\n=1", "-1-1"]
NUMBERS = ["-3.5", "+1e3", "-1E-05", "-1,234.5", "-0,5", "+82 10 1234", "-5%", "-.5", "-inf", "3"]
OTHERS = ["", "a", "1=1", "'tis", "'", "''", "a;=1", "한국어", 'say "=1"', "'=1", "''=1", "'-3.5"]


@pytest.mark.parametrize("cell", FORMULAS)
def test_a_cell_that_would_be_computed_becomes_text(cell):
    if cell != "-":  # alone it is what many write for a missing value
        assert without_formula(cell) == f"'{cell}"


@pytest.mark.parametrize("number", NUMBERS)
def test_numbers_stay_as_they_are(number):
    assert without_formula(number) == number
    assert as_written(number) == number


@pytest.mark.parametrize("cell", FORMULAS + NUMBERS + OTHERS)
def test_every_cell_reads_back_as_it_was(cell):
    assert as_written(without_formula(cell)) == cell


def test_the_answers_read_back_as_what_was_asked(tmp_path):
    cells = [cell.strip() for cell in FORMULAS + NUMBERS + OTHERS]
    asked = {"=text": cells, "n": [str(number) for number in range(len(cells))]}
    path = tmp_path / "answers.csv"
    write_table(path, {**asked, "prediction": ["=yes"] * len(cells)})
    assert read_table(path) == {**asked, "prediction": ["=yes"] * len(cells)}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.reader(file):
            assert not row[0].startswith(("=", "@", "\uff1d"))
            assert row[0][:1] not in ("+", "-") or row[0] in [*NUMBERS, "-"]
    # In some countries Excel begins a cell after each ";": in quotes it does not.
    assert '"a;=1"' in path.read_text(encoding="utf-8-sig")


def test_a_table_of_others_keeps_its_apostrophes(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("text,label\n'@home,a\n'=1,b\n", encoding="utf-8")
    assert read_table(path) == {"text": ["'@home", "'=1"], "label": ["a", "b"]}
