"""What the text in a cell of a table means."""

from datetime import date

import pytest

from engine.cells import (
    clean,
    fit_format,
    fitting_orders,
    fold,
    is_missing,
    is_none,
    learn_format,
    part_of,
    read_moment,
    to_number,
)

NARROW = "\u202f"
HARD = "\xa0"


@pytest.mark.parametrize("cell", ["", "?", "NA", "n/a", "NaN", "null", "NULL", "<NA>", "#N/A"])
def test_what_programs_write_for_not_available_is_missing(cell):
    assert is_missing(cell)
    assert is_none(cell)


@pytest.mark.parametrize("cell", ["None", "none", "없음", "-", "Unknown", "+", "no", "Na", "Null"])
def test_words_for_none_are_values_in_a_column_of_words(cell):
    assert not is_missing(cell)


@pytest.mark.parametrize("cell", ["-", "none", "Unknown", "없음", "$ -", "missing", "k.A.", "inf"])
def test_words_for_none_say_in_a_column_of_numbers_that_there_is_none(cell):
    assert is_none(cell)


@pytest.mark.parametrize("cell", ["0", "0.0", "no", "false", "North", "+"])
def test_zero_and_other_words_are_no_way_to_say_none(cell):
    assert not is_none(cell)


def test_spellings_of_a_word_are_one_word():
    assert len({fold(word) for word in ("Yes", "yes", "YES", "y\u0065s")}) == 1
    assert fold("New  York") == fold("new york")
    assert fold("1.0") == fold("1") != fold("01")
    assert fold("1.5") != fold("1")
    assert clean(" e\u0301\ufeff ") == "é"


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["1", "-1.5e-3", ".5", "+7", "5."], [1, -0.0015, 0.5, 7, 5]),
        (["70 kg", "80.5kg", "75 KG"], [70, 80.5, 75]),
        (["1.5 h", "2 h"], [1.5, 2]),
        (["35°C", "36 °C"], [35, 36]),
        (["5 %", "7.5%"], [5, 7.5]),
        (["$3", "-$4.50", "US$1,000"], [3, -4.5, 1000]),
        (["₩1,500", "12,000원", "450"], [1500, 12000, 450]),
        (["1 room", "2 rooms"], [1, 2]),
        (["10 m2", "12 m2"], [10, 12]),
        (["€110.5M", "€565K", "€0"], [110.5e6, 565e3, 0]),
        (["3만", "5억"], [3e4, 5e8]),
        (["(1,234)", "5", "(0.5)"], [-1234, 5, -0.5]),
        (["500-", "20"], [-500, 20]),
        (["\u22125", "\u20133"], [-5, -3]),
        (["1,234", "12,345.5", "7"], [1234, 12345.5, 7]),
        (["1,5", "2", "0,125"], [1.5, 2, 0.125]),
        (["1.234", "999", "12.345"], [1234, 999, 12345]),
        (["1.234.567", "5"], [1234567, 5]),
        (["1.234,5", "1.000"], [1234.5, 1000]),
        (["1.234", "2.345"], [1.234, 2.345]),
        (["1.234", "0.5", "999"], [1.234, 0.5, 999]),
        (["1.234", "9999"], [1.234, 9999]),
        ([f"1{NARROW}234", f"1{HARD}234,5", "1 234 567"], [1234, 1234.5, 1234567]),
        (["1'234.50", "1\u2019234", "99"], [1234.5, 1234, 99]),
        (["12,34,567", "5"], [1234567, 5]),
    ],
)
def test_a_column_of_numbers_is_read_as_it_writes_them(cells, numbers):
    format = learn_format(cells)
    assert format is not None
    assert [to_number(cell, format) for cell in cells] == pytest.approx(numbers)


@pytest.mark.parametrize(
    "cell",
    [
        *("x", "", "1_000", "nan", "1e999", "1.2.3", "10-20", "3 of 5", "Q1", "A4", "1/2", "12 34"),
        *("010-1234-5678", "10.0.0.1", "2024-01-05", "12:30", "1,2,3", "--5", "0x10", "5 10"),
    ],
)
def test_what_is_no_number_is_none(cell):
    format = learn_format([cell, "1"])
    assert format is not None
    assert to_number(cell, format) is None


def test_mixed_units_are_no_format_and_another_unit_is_no_number_of_the_column():
    assert learn_format(["70 kg", "150 lb"]) is None
    assert learn_format(["$3", "€3"]) is None
    assert learn_format(["5A", "12B", "7"]) is None
    format = learn_format(["70 kg", "80 kg"])
    assert format is not None
    assert [to_number(cell, format) for cell in ("90", "90 kg", "150 lb")] == [90, 90, None]


def test_another_file_of_the_same_column_may_write_its_own_decimal_sign():
    format = learn_format(["1.5", "2.25"])
    assert format is not None
    german = ["2,5", "1,234", "7"]
    fitting = fit_format(german, format)
    assert [to_number(cell, fitting) for cell in german] == [2.5, 1.234, 7]
    assert fit_format(["7"], format) == format
    assert to_number("1.234", fit_format(["1.234", "999"], format)) == 1.234  # as in training


DAY = date(2024, 1, 5)


@pytest.mark.parametrize(
    ("cell", "day", "seconds"),
    [
        ("2024-01-05", DAY, None),
        ("2024-01-05T13:05:00Z", DAY, 47100),
        ("2024-01-05T13:05:00+09:00", DAY, 47100),
        ("2024-01-05T13:05:00.5", DAY, 47100.5),
        ("2024-01-05 13:05", DAY, 47100),
        ("2024-01-05 13", DAY, 46800),
        ("2024/01/05 1:05:00 PM", DAY, 47100),
        ("05.01.2024", DAY, None),
        ("5/1/2024", DAY, None),
        ("5-Jan-24", DAY, None),
        ("Jan 5, 2024", DAY, None),
        ("Friday, January 5th, 2024", DAY, None),
        ("Fri, 05 Jan 2024 13:05:00 GMT", DAY, 47100),
        ("5 January 2024", DAY, None),
        ("5. Januar 2024", DAY, None),
        ("5 janvier 2024", DAY, None),
        ("2024년 1월 5일", DAY, None),
        ("2024년 1월 5일 오후 1시 5분", DAY, 47100),
        ("2024. 1. 5.", DAY, None),
        ("2024-01-05(금)", DAY, None),
        ("20240105", DAY, None),
        ("20240105T130500Z", DAY, 47100),
        ("20240105130500", DAY, 47100),
        ("2024-01", date(2024, 1, 1), None),
        ("01/2024", date(2024, 1, 1), None),
        ("Jan 2024", date(2024, 1, 1), None),
        ("2024Q3", date(2024, 7, 1), None),
        ("2024-W05", date(2024, 1, 29), None),
        ("13:05", None, 47100),
        ("1:05 pm", None, 47100),
        ("12:00 AM", None, 0),
        ("오후 1:05:30", None, 47130),
        ("9시 30분", None, 34200),
        ("2024/01/05 1:05:30 오후 GMT+9", DAY, 47130),  # what Google Forms writes
        ("202401", date(2024, 1, 1), None),
        ("01.2024", date(2024, 1, 1), None),
        ("9 pm", None, 75600),
    ],
)
def test_dates_and_times_of_many_forms_are_read(cell, day, seconds):
    moment = read_moment(cell)
    assert moment is not None
    assert (moment.date, moment.seconds) == (day, seconds)


@pytest.mark.parametrize(
    "cell",
    [
        *("2024-13-01", "2024-02-30", "0000-00-00", "12:75", "Room 12", "1.2.3", "10.0.0.1", ""),
        *("March 5", "5 apples 2024", "20241301", "99999999", "ab:cd", "2024-01-05 99:00", "2024"),
        *("3:2", "16:9", "09:00-10:00", "12.4.1", "202413", "13 pm"),
    ],
)
def test_what_is_no_date_is_none(cell):
    assert read_moment(cell) is None


@pytest.mark.parametrize("cells", [["24.1.5(금)", "24.1.12(금)"], ["24/1/5", "24/1/12"]])
def test_a_day_of_one_digit_after_a_short_year_tells_the_order(cells):
    assert fitting_orders(cells) == ["ymd"]
    moment = read_moment(cells[0], "ymd")
    assert moment is not None
    assert moment.date == DAY


def test_the_order_of_day_and_month_is_that_which_fits_all_values():
    assert fitting_orders(["31/12/2024", "1/5/2024"]) == ["dmy"]
    assert fitting_orders(["12/31/2024", "1/5/2024"]) == ["mdy"]
    assert fitting_orders(["24.01.31", "24.02.01"])[0] == "ymd"
    assert fitting_orders(["1/5/2024", "2/6/2024"]) == ["dmy", "mdy"]
    assert fitting_orders(["2024-01-05"]) == ["dmy"]
    assert fitting_orders(["31/12/2024", "12/31/2024"]) == []


def test_parts_of_a_date_are_numbers():
    moment = read_moment("2024-01-05T13:05:00+09:00")
    assert moment is not None
    parts = {"year": 2024, "month": 1, "day": 5, "weekday": 4, "hour": 13, "minute": 5}
    for part, number in parts.items():
        assert part_of(moment, part) == number
    assert part_of(moment, "days") == pytest.approx(19727 + 13 / 24 + 5 / 1440)  # since 1970
    clock = read_moment("13:30")
    assert clock is not None
    assert part_of(clock, "hours") == 13.5
