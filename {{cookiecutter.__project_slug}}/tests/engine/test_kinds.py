"""Which kind each column of a table is: found by itself, or said by the user."""

import pytest

from engine.kinds import Chosen, choose, understand, understand_table
from engine.settings import UserError
from engine.table import Column

NAMES = [f"name {chr(97 + row // 26)}{chr(97 + row % 26)}" for row in range(30)]
NUMBERS = [f"{row * row / 8}" for row in range(30)]
YEARS = [str(year) for year in range(1960, 1990)]


def of(name, values):
    return understand(name, Column.of(values))


@pytest.mark.parametrize(
    ("name", "values", "kind", "remark"),
    [
        ("height", ["1.5", "2", "1e3", "-4"], "number", ""),
        ("height", ["1.5", "", "NA", "2", "?"], "number", ""),
        ("counts", ["3", "3", "4", "5"], "number", ""),
        ("seconds", ["1732841234", "1732841294", "1732841299"], "number", ""),
        ("height", ["1.5", "2", "tall", "-4"], "category", "no numbers: 'tall' in row 3"),
        ("height", [*NUMBERS, "합계"], "number", "taken as missing: '합계' in row 31"),
        ("pay", ["5", "-", "unknown", "7"], "number", "missing: '-', 'unknown' in 2 rows"),
        ("weight", ["70 kg", "80 kg"], "number", "in kg"),
        ("weight", ["70 kg", "150 lb", "80 kg"], "category", "mixed units: kg, lb"),
        ("price", ["1.234", "999", "870"], "number", "1.234 is 1234"),
        ("pay", ["(1,234)", "500", "7"], "number", "(1,234) is -1234"),
        ("gap", ["5", "", "5"], "number", ""),
        ("unit", ["5", "5", "5"], "left out", "always 5"),
        ("colour", ["red", "blue", "red", ""], "category", ""),
        ("병력", ["있음", "없음", "있음"], "category", ""),
        ("allergy", ["yes", "none", "yes"], "category", ""),
        ("test", ["+", "-", "-"], "category", ""),
        ("smoker", ["Yes", "yes", "no", "Yes"], "category", "the same: Yes = yes"),
        ("unit", ["cm", "cm", "", "cm"], "category", ""),  # a gap tells, too
        ("unit", ["cm", "cm", "cm"], "left out", "always 'cm'"),
        ("empty", ["", "NA", ""], "left out", "empty"),
        ("continent", ["NA", "EU", "AS", "NA"], "category", ""),
        ("few rows", NAMES[:20], "category", ""),
        ("many rows", NAMES * 2, "category", ""),
        ("name", NAMES, "left out", "a text of its own in almost every row; --categories name"),
        ("zip", ["01234", "01234", "99501"], "category", "codes with leading zeros"),
        ("zip code", ["12345", "12345", "99501"], "category", "codes, by the name"),
        ("row", ["3", "0", "1", "2"], "left out", "counts the rows; --numbers row keeps it"),
        ("nr", [str(row) for row in range(1001, 1031)], "left out", "counts the rows"),
        ("year", YEARS, "number", ""),
        ("PassengerId", ["801", "17", "250"], "left out", "an identifier, different in every row"),
        ("customer_id", ["801", "17", "250"], "left out", "--numbers customer_id keeps it"),
        ("학생 번호", ["801", "17", "250"], "left out", '--numbers "학생 번호" keeps it'),
        ("(no name)", ["7", "9", "12"], "left out", "an identifier"),
        ("user_id", NAMES * 2, "left out", "--split-by user_id keeps the rows of one together"),
        ("user_id", [str(7 * row) for row in range(30)] * 2, "left out", "repeats: --split-by"),
        ("shop_id", [str(7 * row) for row in range(30)] * 20, "category", "repeats: --split-by"),
        ("customer_id", ["801", "17", "250"] * 2, "category", "--numbers customer_id for numbers"),
        ("학번", ["20240105", "20240106", "20230217"], "left out", "an identifier"),
        ("학번", ["20241105", "20249106", "20237217"], "left out", "an identifier"),
        ("order_no", ["1004", "1011", "1020"], "left out", "an identifier"),
        ("phone", ["1081828029", "1099300302"], "left out", "an identifier"),
        ("product_code", ["10003", "10007", "10003"], "category", "codes, by the name"),
        ("lines of code", ["10003", "10007", "10003"], "number", ""),
        ("grade", ["N/A", "A", "B", "A"], "category", "missing: 'N/A' in 1 row"),
        ("age", ["20", "9999", "35", "9999"], "number", "9999 in 2 rows: if that means missing"),
        ("age", ["-999.0", "35.5", "-999.0", "36"], "number", "-999.0 in 2 rows"),
        ("share", ["99", "98", "99", "5"], "number", ""),
        ("score", ["3:2", "1:0", "2:2"], "category", ""),
        ("screen", ["16:9", "4:3", "16:9"], "category", ""),
        ("lesson", ["09:00-10:00", "10:00-11:00"], "category", ""),
        ("month", ["202311", "202312", "202401"], "date", ""),
        ("month", ["05.2023", "11.2023"], "date", ""),
        ("timestamp", ["1732841234", "1732841294"], "number", "--dates timestamp reads them as"),
        ("rooms", ["202313", "202312", "202401"], "number", ""),
        ("open", ["5am", "9pm", "12 pm"], "date", ""),
        ("area", ["84 m2", "59.9 m²", "101 ㎡"], "number", "in m2"),
        ("rent", ["25만 원", "30만원"], "number", "25만 원 is 250000"),
        ("profit", ["△542", "1,200"], "number", "△542 is -542"),
        ("body_mass_index", ["21", "25", "21", "30"], "number", ""),
        ("COVID", ["0", "1", "1", "0"], "number", ""),
        ("day", ["2024-01-31", "2024-02-01"], "date", ""),
        ("day", ["20240131", "20240201", ""], "date", ""),
        ("day", ["31.12.2024", "1.1.2025", "-"], "date", "missing: '-' in 1 row"),
        ("day", ["1/5/2024", "2/6/2024"], "date", "read with the day first; --dates day:mdy"),
        ("day", ["Jan 5, 2024", "Feb 6, 2024"], "date", ""),
        ("time", ["13:05", "09:30"], "date", ""),
        ("day", ["2024-01-31", "2024-01-31"], "left out", "always the same"),
        ("day", ["2024-01-31", "2024-02-01", "later"], "category", ""),
        ("version", ["1.2.3", "1.2.4", "1.2.3"], "category", ""),
    ],
)
def test_the_kind_of_a_column_is_found_and_what_is_odd_is_said(name, values, kind, remark):
    found = of(name, values)
    assert found.kind == kind
    said = "; ".join(found.remarks)
    assert remark in said if remark else not said


def test_gaps_values_and_examples_are_counted():
    found = of("smoker", ["Yes", "yes", "", "no", "n/a", "Yes"])
    assert (found.missing, found.different, found.examples) == (2, 2, ["Yes", "no"])
    found = of("pay", ["5", "-", "", "7", "5.0"])
    assert (found.missing, found.different, found.examples) == (2, 2, ["5", "7"])


def test_the_user_overrules_what_was_found():
    table = {
        "zip code": Column.of(["1", "2", "Yes", "yes"]),
        "row": Column.of(["1", "2", "3", "4"]),
        "day": Column.of(["1/5/2024", "2/6/2024", "", "1/6/2024"]),
    }
    chosen = choose(list(table), ["zip code"], ["row"], ["day:mdy"])
    found = understand_table(table, chosen)
    assert found["zip code"].words == ["1", "2", "Yes", "yes"]  # as written
    assert found["row"].kind == "number"
    assert (found["day"].kind, found["day"].order) == ("date", "mdy")
    assert understand_table(table, Chosen())["row"].kind == "left out"


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ((["b"], [], []), "--categories: there is no column 'b', but a, c d"),
        (([], ["a,b"], []), "--numbers: there is no column 'b'"),
        (([], [], ["b:mdy"]), "--dates: there is no column 'b'"),
        ((["a"], ["c d,a"], []), "'a' stands behind two of them"),
    ],
)
def test_a_flag_for_a_column_that_is_not_there_is_refused(flags, message):
    with pytest.raises(UserError) as error:
        choose(["a", "c d"], *flags)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        (Chosen(numbers=["a"]), "--numbers: row 2: a is 'x', no number"),
        (Chosen(numbers=["b"]), "--numbers: b has mixed units: kg, lb"),
        (Chosen(numbers=["e"]), "--numbers: e has no number in any row"),
        (Chosen(dates={"a": ""}), "--dates: row 1: a is '1', no date"),
        (Chosen(dates={"d": "mdy"}), "--dates: row 2: d is '31/12/2024', no date in the order mdy"),
    ],
)
def test_a_column_that_is_not_what_the_user_says_is_refused_with_the_row(chosen, message):
    table = {
        "a": Column.of(["1", "x"]),
        "b": Column.of(["70 kg", "150 lb"]),
        "d": Column.of(["1/5/2024", "31/12/2024"]),
        "e": Column.of(["", "-"]),
    }
    with pytest.raises(UserError) as error:
        understand_table(table, chosen)
    assert str(error.value) == message
