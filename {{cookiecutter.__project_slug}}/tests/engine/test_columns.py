"""The columns of a table: kinds found by themselves, values that become tensors."""

import math
from statistics import fmean, pstdev

import pytest
import torch

from commands.settings import UserError
from loading.columns import encode, is_missing, kind_of, learn_columns, to_number

NAMES = [f"name {chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(30)]


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        ("height", ["1.5", "2", "1e3", "-4"], "numbers"),
        ("height", ["1.5", "", "NA", "2", "?"], "numbers"),
        ("counts", ["3", "3", "4", "5"], "numbers"),
        ("year", ["2019", "2024", "2031", "1999"], "numbers"),
        ("height", ["1.5", "2", "tall", "-4"], "categories"),
        ("colour", ["red", "blue", "red", ""], "categories"),
        ("few rows", NAMES[:20], "categories"),
        ("many rows", NAMES * 2, "categories"),
        ("number", ["3", "0", "1", "2"], "an identifier"),
        ("year", ["2012", "2009", "2010", "2011"], "numbers"),
        ("(no name)", ["7", "9", "12", "3"], "an identifier"),
        ("price", ["₩1,500", "450", "12,000원"], "numbers"),
        ("share", ["5%", "7.5%"], "numbers"),
        ("height", ["1,75", "2", "1,8"], "numbers"),
        ("height", [*map(str, range(30)), "합계"], "no numbers: '합계'"),
        ("", ["0", "1", "2", "3"], "an identifier"),
        ("PassengerId", ["801", "17", "250"], "an identifier"),
        ("customer_id", ["801", "17", "250"], "an identifier"),
        ("학생 번호", ["801", "17", "250"], "an identifier"),
        ("index", ["801", "17", "250"], "an identifier"),
        ("name", NAMES, "almost all different"),
        ("name", [*NAMES, *[""] * 90], "almost all different"),
        ("day", ["2024-01-31", "2024-02-01"], "dates"),
        ("day", ["1/2/24", "31/12/24 10:30", ""], "dates"),
        ("day", ["31.12.2024", "1.1.2025"], "dates"),
        ("day", ["2024. 1. 2.", "2024. 11. 30."], "dates"),
        ("day", ["2024년 1월 2일", "2024년 12월 31일"], "dates"),
        ("time", ["2024-01-31T10:00:00Z", "2024-02-01T23:59:59Z"], "dates"),
        ("day", ["2024-01-31", "2024-02-01", "later"], "categories"),
        ("unit", ["cm", "cm", "", "cm"], "always the same"),
        ("empty", ["", "NA", "-"], "always the same"),
    ],
)
def test_the_kind_of_a_column_is_found_from_its_values(name, values, kind):
    assert kind_of(name, values) == kind


@pytest.mark.parametrize("value", ["", "?", "-", "NA", "n/a", "NaN", "null", "None"])
def test_many_ways_to_say_that_there_is_no_value_are_understood(value):
    assert is_missing(value)
    numbers, _ = encode(
        {"a": ["1", value]}, {"numbers": {"a": [0, 1, 0]}, "categories": {}, "commas": []}
    )
    assert numbers.isnan().flatten().tolist() == [False, True]


def test_zero_and_text_are_values():
    assert not any(map(is_missing, ["0", "0.0", "no", "false", "--", "North"]))


@pytest.mark.parametrize(
    ("text", "number"),
    [("1", 1), ("-1.5e-3", -0.0015), (".5", 0.5), ("+7", 7), ("x", None), ("", None),
     ("1,5", None), ("12_34", None), ("nan", None), ("1,234", 1234), ("$5", 5), ("1e999", None)],
)  # fmt: skip
def test_a_number_is_finite_and_has_a_decimal_point(text, number):
    assert to_number(text) == number


def test_statistics_gaps_and_categories_come_from_the_rows_of_training_alone():
    columns = {
        "full": ["1", "2", "4", "1000", ""],
        "gaps": ["", "1", "2", "-500", "3"],
        "colour": ["red", "blue", "red", "green", ""],
    }
    inputs, _ = learn_columns(columns, [0, 1, 2])
    full = [1.0, 2.0, 4.0]
    assert inputs["numbers"]["full"] == pytest.approx([fmean(full), pstdev(full), 0])
    assert inputs["numbers"]["gaps"] == pytest.approx([1.5, 0.5, 1])
    assert inputs["categories"] == {"colour": ["blue", "red"]}
    assert inputs["scale"] == []


@pytest.mark.parametrize("values", [["5", "5", "6"], ["", "", "7", "8"]])
def test_a_column_that_does_not_vary_in_training_has_a_spread_to_divide_by(values):
    inputs, _ = learn_columns({"a": values}, [0, 1])
    assert inputs["numbers"]["a"][1] == 1


def test_the_user_is_told_what_each_column_was_taken_for():
    columns = {
        "size": ["1.5", "2", "1", "2.5"], "weight": ["2", "2", "3", ""],
        "colour": ["red", "blue", "red", "green"], "id": ["1", "2", "3", "4"],
        "day": ["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04"],
    }  # fmt: skip
    inputs, notes = learn_columns(columns, [0, 1, 2])
    assert list(inputs["numbers"]) == ["size", "weight"]
    assert list(inputs["categories"]) == ["colour"]
    assert notes == [
        "numbers: size, weight", "categories: colour (2)",
        "left out: id (an identifier), day (dates)",
    ]  # fmt: skip


def test_a_table_with_nothing_to_predict_from_is_refused_with_the_reasons():
    columns = {"id": ["1", "2", "3"], "unit": ["cm", "cm", "cm"]}
    with pytest.raises(UserError, match=r"no column .* id \(an identifier\), unit \(always the s"):
        learn_columns(columns, [0, 1])


INPUTS = {
    "commas": [],
    "numbers": {"a": [0.0, 1.0, 0.0], "b": [0.0, 1.0, 0.0]},
    "categories": {"colour": ["", "blue", "red"]},
}


def test_values_become_numbers_and_codes_and_unseen_categories_become_0():
    columns = {
        "colour": ["red", "pink", "blue", ""], "b": ["-1", "", "0.1", "1e3"],
        "more": ["x", "y", "z", "x"], "a": ["1", "2", "NA", "4"],
    }  # fmt: skip
    numbers, categories = encode(columns, INPUTS)
    expected = torch.tensor([[1, -1], [2, math.nan], [math.nan, 0.1], [4, 1e3]])
    assert numbers.dtype == torch.float32
    torch.testing.assert_close(numbers, expected, equal_nan=True, rtol=0, atol=0)
    assert categories.dtype == torch.int64
    assert categories.tolist() == [[3], [0], [2], [1]]


def test_tables_without_numbers_or_without_categories_have_empty_parts():
    columns = {"a": ["1", "2"], "colour": ["red", "red"]}
    numbers, categories = encode(columns, INPUTS | {"numbers": {}})
    assert (numbers.shape, categories.shape) == ((2, 0), (2, 1))
    numbers, categories = encode(
        columns, {"numbers": {"a": [0, 1, 0]}, "categories": {}, "commas": []}
    )
    assert (numbers.shape, categories.shape) == ((2, 1), (2, 0))
    assert categories.dtype == torch.int64


@pytest.mark.parametrize("value", ["12 cm", "1;5"])
def test_a_value_that_is_no_number_is_named_with_its_row_and_column(value):
    columns = {"a": ["1", "2", value], "b": ["1", "2", "3"], "colour": ["red"] * 3}
    with pytest.raises(UserError) as error:
        encode(columns, INPUTS)
    assert str(error.value) == f"row 3: a is {value!r}, which is no number"
