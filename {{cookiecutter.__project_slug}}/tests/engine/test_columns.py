"""The columns of a table: kinds found by themselves, values that become tensors."""

import math
from statistics import fmean, pstdev

import pytest
import torch

from engine.columns import (
    NumberColumn,
    decode,
    encode,
    is_missing,
    kind_of,
    learn_columns,
    read_answers,
    to_number,
    writes_comma,
)
from engine.settings import UserError

NAMES = [f"name {chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(30)]


def number_column(name="a", center=0.0, scale=1.0, has_gaps=False, has_comma=False):
    return NumberColumn(
        column=name,
        part="number",
        center=center,
        scale=scale,
        edges=[],
        has_gaps=has_gaps,
        has_comma=has_comma,
    )


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
    numbers, _ = encode({"a": ["1", value]}, {"a": number_column()}, {})
    assert numbers.isnan().flatten().tolist() == [False, True]


def test_zero_and_text_are_values():
    assert not any(is_missing(value) for value in ["0", "0.0", "no", "false", "--", "North"])


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1),
        ("-1.5e-3", -0.0015),
        (".5", 0.5),
        ("+7", 7),
        ("x", None),
        ("", None),
        ("1,5", None),
        ("12_34", None),
        ("nan", None),
        ("1,234", 1234),
        ("$5", 5),
        ("\u22125", -5),
        ("1e999", None),
    ],
)
def test_a_number_is_finite_and_has_a_decimal_point(text, number):
    assert to_number(text) == number


@pytest.mark.parametrize(("text", "number"), [("1,5", 1.5), ("1.234,5", 1234.5), ("7", 7)])
def test_a_column_may_write_a_comma_for_the_point(text, number):
    assert to_number(text, has_comma=True) == number
    assert writes_comma(["1", "2,5"])
    assert not writes_comma(["1", "2,500"])  # those are thousands


def test_statistics_gaps_and_categories_come_from_the_rows_of_training_alone():
    table = {
        "full": ["1", "2", "4", "1000", ""],
        "gaps": ["", "1", "2", "-500", "3"],
        "comma": ["1,5", "2", "2,5", "9", "9"],
        "colour": ["red", "blue", "red", "green", ""],
    }
    learned = learn_columns(table, [0, 1, 2])
    full = [1.0, 2.0, 4.0]
    assert list(learned.numbers) == ["full", "gaps", "comma"]
    assert learned.numbers["full"]["center"] == pytest.approx(fmean(full))
    assert learned.numbers["full"]["scale"] == pytest.approx(pstdev(full))
    assert learned.numbers["gaps"] == number_column("gaps", 1.5, 0.5, has_gaps=True)
    assert learned.numbers["comma"]["center"] == pytest.approx(2)
    assert learned.numbers["comma"]["has_comma"]
    assert learned.categories == {"colour": ["blue", "red"]}


@pytest.mark.parametrize("values", [["5", "5", "6"], ["", "", "7", "8"]])
def test_a_column_that_does_not_vary_in_training_has_a_deviation_to_divide_by(values):
    assert learn_columns({"a": values}, [0, 1]).numbers["a"]["scale"] == 1


def test_the_user_is_told_what_each_column_was_taken_for():
    table = {
        "size": ["1.5", "2", "1", "2.5"],
        "weight": ["2", "2", "3", ""],
        "colour": ["red", "blue", "red", "green"],
        "id": ["1", "2", "3", "4"],
        "day": ["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04"],
    }
    learned = learn_columns(table, [0, 1, 2])
    assert list(learned.numbers) == ["size", "weight"]
    assert list(learned.categories) == ["colour"]
    assert learned.notes == [
        "numbers: size, weight",
        "categories: colour (2)",
        "left out: id (an identifier), day (dates)",
    ]


def test_a_table_with_nothing_to_predict_from_is_refused_with_the_reasons():
    table = {"id": ["1", "2", "3"], "unit": ["cm", "cm", "cm"]}
    with pytest.raises(UserError, match=r"no column .* id \(an identifier\), unit \(always the s"):
        learn_columns(table, [0, 1])


NUMBERS = {"a": number_column("a"), "b": number_column("b")}
CATEGORIES = {"colour": ["", "blue", "red"]}


def test_values_become_numbers_and_codes_and_unseen_categories_become_0(capsys):
    table = {
        "colour": ["red", "pink", "blue", ""],
        "b": ["-1", "", "0.1", "1e3"],
        "more": ["x", "y", "z", "x"],
        "a": ["1", "2", "NA", "4"],
    }
    numbers, categories = encode(table, NUMBERS, CATEGORIES)
    expected = torch.tensor([[1, -1], [2, math.nan], [math.nan, 0.1], [4, 1e3]])
    assert numbers.dtype == torch.float32
    torch.testing.assert_close(numbers, expected, equal_nan=True, rtol=0, atol=0)
    assert categories.dtype == torch.int64
    assert categories.tolist() == [[3], [0], [2], [1]]
    assert capsys.readouterr().err == "note: training has not seen pink in colour\n"


def test_numbers_are_scaled_before_they_are_rounded_to_float32():
    seconds = ["1732841234", "1732841294", "1732841354"]  # since 1970, a minute apart
    column = number_column(center=1732841294.0, scale=60.0)
    numbers, _ = encode({"a": seconds}, {"a": column}, {})
    assert numbers.flatten().tolist() == [-1, 0, 1]


@pytest.mark.parametrize("center", [0.0, 0.1, -3.3e5, 1.7e9])
@pytest.mark.parametrize("scale", [1e-3, 0.7, 12345.6])
def test_a_scaled_number_is_shown_as_it_was_read(center, scale):
    cells = ["0.1", "-2.5", "300", "", "1e+30"] if abs(center) < 1 else [f"{center:.15g}"]
    column = number_column(center=center, scale=scale)
    rows = encode({"a": cells}, {"a": column}, {})
    assert decode(rows, {"a": column}, {}) == {"a": cells}


def test_encoded_rows_can_be_shown_again():
    table = {"a": ["1.5", ""], "b": ["-1", "100000"], "colour": ["red", "blue"]}
    assert decode(encode(table, NUMBERS, CATEGORIES), NUMBERS, CATEGORIES) == table


def test_tables_without_numbers_or_without_categories_have_empty_parts():
    table = {"a": ["1", "2"], "colour": ["red", "red"]}
    numbers, categories = encode(table, {}, CATEGORIES)
    assert (numbers.shape, categories.shape) == ((2, 0), (2, 1))
    numbers, categories = encode(table, {"a": number_column()}, {})
    assert (numbers.shape, categories.shape) == ((2, 1), (2, 0))
    assert categories.dtype == torch.int64


@pytest.mark.parametrize("value", ["12 cm", "1;5"])
def test_a_value_that_is_no_number_is_named_with_its_row_and_column(value):
    table = {"a": ["1", "2", value], "b": ["1", "2", "3"], "colour": ["red"] * 3}
    with pytest.raises(UserError) as error:
        encode(table, NUMBERS, CATEGORIES)
    assert str(error.value) == f"row 3: a is {value!r}, which is no number"


def test_what_is_to_be_predicted_is_classes_or_numbers():
    labels, classes = read_answers(["no", "yes"] * 3, "kind", regression=False)
    assert (labels.tolist(), classes) == ([0, 1] * 3, ["no", "yes"])
    labels, classes = read_answers(["1,5", "2,5"] * 3, "price", regression=False)
    assert (labels.tolist(), classes) == ([1.5, 2.5] * 3, [])
    assert read_answers(["1", "2"] * 3, "price", regression=True).classes == []
    for answers, message in (([], "has no value"), (["1.5"] * 3, "is 1.5 in every row")):
        with pytest.raises(UserError, match=f"--target: the column 'price' {message}"):
            read_answers(answers, "price", regression=False)
    with pytest.raises(UserError, match="--regression: 'x' is no number"):
        read_answers(["1", "x"], "price", regression=True)
