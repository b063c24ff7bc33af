"""The columns of a table: kinds found by themselves, values that become tensors."""

import math
import random

import pytest
import torch

from engine.cells import PLAIN
from engine.columns import NumberColumn, decode, encode, learn_columns
from engine.kinds import as_chosen_date
from engine.settings import UserError
from engine.table import Column


def number_column(name="a", center=0.0, scale=1.0, has_gaps=False):
    return NumberColumn(
        column=name,
        part="number",
        format=PLAIN,
        order="dmy",
        none=[],
        center=center,
        scale=scale,
        edges=[],
        has_gaps=has_gaps,
    )


def test_statistics_gaps_and_categories_come_from_the_rows_of_training_alone():
    table = {
        "full": ["1", "2", "4", "1000", ""],
        "gaps": ["", "1", "2", "-500", "3"],
        "comma": ["1,5", "2", "2,5", "9", "9"],
        "colour": ["red", "blue", "red", "green", ""],
    }
    learned = learn_columns(table, [0, 1, 2])
    assert list(learned.numbers) == ["full", "gaps", "comma"]
    assert learned.numbers["full"]["center"] == 2
    assert learned.numbers["full"]["scale"] == pytest.approx((3 - 1.5) / 1.349)  # the quartiles
    assert learned.numbers["full"]["edges"][0] == pytest.approx((1 - 2) * 1.349 / 1.5)
    assert learned.numbers["gaps"]["center"] == 1.5
    assert learned.numbers["gaps"]["has_gaps"]
    assert learned.numbers["comma"]["center"] == pytest.approx(2)
    assert learned.numbers["comma"]["format"]["decimal"] == ","
    assert learned.categories == {"colour": ["blue", "red"]}


@pytest.mark.parametrize("values", [["5", "5", "6"], ["", "", "7", "8"]])
def test_a_column_that_does_not_vary_in_training_has_a_deviation_to_divide_by(values):
    assert learn_columns({"a": values}, [0, 1]).numbers["a"]["scale"] == 1


def test_a_table_with_nothing_to_predict_from_is_refused_with_the_reasons():
    table = {"id": ["1", "2", "3"], "unit": ["cm", "cm", "cm"]}
    with pytest.raises(
        UserError, match=r"no column .* id \(counts the rows.*, unit \(always 'cm'\)"
    ):
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


def test_the_part_of_a_date_does_not_take_the_place_of_a_column_of_that_name():
    days = ["2024-01-05", "2024-02-09", "2024-01-31", "2024-05-05"]
    table = {"joined": days, "joined (month)": ["7", "9", "7", "8.5"]}
    numbers = learn_columns(table, [0, 1, 2, 3]).numbers
    assert numbers["joined (month)"]["column"] == "joined (month)"
    assert numbers["joined (month)*"]["part"] == "month"


NASTY = [
    *("", " ", "NA", "?", "-", "none", "0", "1", "01", "1.5", "1,5", "1.234", "1,234", "-3", "(3)"),
    *("1e5", "1e999", "nan", "inf", "70 kg", "$3", "5 %", "3만", "€1.2M", "1st", "A1", "x", "Yes"),
    *("yes", "가", "2024-01-05", "05.01.2024", "1/5/24", "20240105", "13:05", "25:61", "99:99:99"),
    *("2024-02-30", "Jan 5, 2024", "5 Q 2024", "0000-00-00", "\u0661", "\u00b2", "½", "1_000"),
    *("'", '"', "\\", "\x1b[31m", "a\nb", "9" * 40, "0." + "0" * 40 + "1", "İ", "ß", "\ud83d"),
]


def test_whatever_stands_in_a_table_it_is_read_or_refused_in_one_line():
    draw = random.Random(0)
    for _ in range(400):
        rows = draw.randint(1, 30)
        table = {}
        for name in ("a", "user_id", "zip", "day"):
            pool = draw.sample(NASTY, draw.randint(1, 6))
            table[name] = [draw.choice(pool) for _ in range(rows)]
        try:
            learned = learn_columns(table, list(range(0, rows, 2)))
            encoded = encode(table, *learned)
        except UserError as error:
            assert "\n" not in str(error).replace("a\nb", "")
            continue
        assert not encoded.numbers.isinf().any()
        again = encode(decode(encoded, *learned), *learned)
        torch.testing.assert_close(
            again.numbers, encoded.numbers, equal_nan=True, atol=1e-2, rtol=1e-2
        )
        is_known = encoded.categories > 0  # what training has not seen is shown as empty
        assert torch.equal(again.categories[is_known], encoded.categories[is_known])


@pytest.mark.parametrize(
    ("training", "new", "days"),
    [
        (["2024-01-05", "2024-02-06"], ["01/25/2024"], ["2024-01-25"]),
        (["2024-01-05", "2024-02-06"], ["25.1.2024", "01.02.2024"], ["2024-01-25", "2024-02-01"]),
        (["01/25/2024", "02/26/2024"], ["05/01/2024"], ["2024-05-01"]),
        (["01/25/2024", "02/26/2024"], ["2024.1.5.", "Jan 6, 2024"], ["2024-01-05", "2024-01-06"]),
    ],
)
def test_new_rows_may_write_their_dates_otherwise_than_training(training, new, days):
    numbers = learn_columns({"day": training}, [0, 1]).numbers
    read = decode(encode({"day": new}, numbers, {}), numbers, {})
    assert read["day"] == days


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["45296", "45297.5"], "excel"),
        (["1704412800", "1704542400"], "unix"),
        (["1704412800000", "1704542400000"], "unix ms"),
    ],
)
def test_numbers_are_dates_where_the_user_says_so(cells, order):
    column = as_chosen_date("day", Column.of(cells), "")
    assert column.remarks == [f"{cells[0]} is 2024-01-05 ({order})"]
    numbers = learn_columns({"day": cells}, [0, 1], {"day": column}).numbers
    read = decode(encode({"day": [*cells, "2024-01-06 12:00"]}, numbers, {}), numbers, {})
    assert read["day"] == ["2024-01-05 00:00", "2024-01-06 12:00", "2024-01-06 12:00"]


def test_a_date_that_nothing_tells_how_to_read_is_refused():
    numbers = learn_columns({"day": ["2024-01-05", "2024-02-06"]}, [0, 1]).numbers
    with pytest.raises(UserError, match="row 2: day is '05/01/2024', which is one date with the d"):
        encode({"day": ["2024-01-05", "05/01/2024"]}, numbers, {})
