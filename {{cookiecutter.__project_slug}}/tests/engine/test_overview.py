"""The table of what was understood, for people."""

from engine.kinds import Chosen, understand_table
from engine.overview import SHOWN, SHOWN_PLAIN, overview, width_of
from engine.table import Column


def lines_of(table):
    columns = {name: Column.of(values) for name, values in table.items()}
    rows = len(next(iter(table.values())))
    return overview(understand_table(columns, Chosen()), rows)


def test_each_column_has_a_line_with_its_kind_gaps_values_and_what_is_odd():
    lines = lines_of(
        {
            "나이": ["31", "", "7", "7"] * 10,
            "sex": ["f", "m", "f", "f"] * 10,
            "unit": ["cm"] * 40,
        }
    )
    assert lines[0] == "the table: 40 rows, 3 columns to predict from"
    assert [line.split() for line in lines[1:]] == [
        ["column", "kind", "missing", "different", "for", "example"],
        ["나이", "number", "10", "(25%)", "2", "31,", "7"],
        ["sex", "category", "0", "2", "f,", "m"],
        ["unit", "left", "out", "0", "1", "cm", "always", "'cm'"],
    ]


def test_the_columns_stand_below_each_other_in_a_terminal_where_korean_is_wide():
    head, korean, latin = lines_of({"나이": ["3", "5"], "width": ["1", "9"]})[1:]
    ends = {width_of(line[: line.index("number")]) for line in (korean, latin)}
    assert ends == {head.index("kind")}


def test_of_many_columns_those_are_shown_of_which_there_is_something_to_say():
    table = {f"n{number}": ["1", "3", "3"] for number in range(300)}
    table["n150"] = ["5", "5", "5"]
    table["n200"] = ["70 kg", "80 kg", ""]
    lines = lines_of(table)
    assert len(lines) == 2 + (SHOWN_PLAIN + 2) + 1
    assert any("always 5" in line for line in lines)
    assert any("in kg" in line for line in lines)
    assert lines[-1] == "  and 293 more columns: number 293"
    for number in range(300):
        table[f"n{number}"] = ["5", "5", "5"]
    assert len(lines_of(table)) == 2 + SHOWN + 1


def test_long_values_and_escape_sequences_do_not_break_the_lines():
    lines = lines_of({"a" * 90: ["x\x1b[31m" * 20, "two\nlines"], "b": ["1", "5"]})
    assert all(line.isprintable() and len(line) < 120 for line in lines)
