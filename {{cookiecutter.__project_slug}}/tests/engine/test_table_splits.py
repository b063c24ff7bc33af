"""The split of a table: by group, by time, and with identical rows together."""

import random

import pytest
import torch

from engine.settings import UserError
from engine.splits import group_identical
from engine.table_splits import (
    advise_on_split,
    describe_untimed,
    find_split_column,
    group_same_inputs,
    split_rows,
)

DIFFERENT = torch.arange(100)  # no two rows are identical


def by(values):
    """Return the column of --split-by patient."""
    return find_split_column({"patient": values}, "patient", None, "")


def time(values):
    """Return the column of --split-time day."""
    return find_split_column({"day": values}, None, "day", "")


def cells(split, values):
    """Return the different values of a column in each part."""
    return [{values[row] for row in part.tolist()} for part in split]


@pytest.mark.parametrize("split_by", ["patient", None])
def test_a_column_that_is_not_there_or_is_to_be_predicted_is_refused(split_by):
    split_time = None if split_by else "patient"
    flag = "--split-by" if split_by else "--split-time"
    with pytest.raises(UserError, match=f"{flag}: there is no column 'patient', but age, sick"):
        find_split_column({"age": [], "sick": []}, split_by, split_time, "sick")
    with pytest.raises(UserError, match=f"{flag}: 'patient' is the column to predict"):
        find_split_column({"patient": []}, split_by, split_time, "patient")


def test_both_at_once_are_refused_and_neither_is_no_column():
    with pytest.raises(UserError, match="--split-by and --split-time exclude each other"):
        find_split_column({"a": [], "b": []}, "a", "b", "c")
    assert find_split_column({"a": []}, None, None, "c") is None


def test_each_patient_is_in_one_part_and_how_many_are_where_is_said():
    values = [f"p{row % 20}" for row in range(100)]
    split, notes = split_rows(torch.arange(100) % 2, ["no", "yes"], DIFFERENT, by(values))
    train, val, test = cells(split, values)
    assert not train & val | val & test | test & train
    assert [len(train), len(val), len(test)] == [12, 4, 4]
    assert notes == ["split by patient: 12 train, 4 val, 4 test groups"]


def test_rows_without_a_group_are_groups_of_their_own_and_counted():
    values = [f"p{row % 10}" for row in range(90)] + ["", "NA", "?"] * 3 + ["p0"]
    split, notes = split_rows(torch.arange(100) % 2, ["no", "yes"], DIFFERENT, by(values))
    assert sum(len(part) for part in split) == 100
    alone = [sum(row >= 90 and row < 99 for row in part.tolist()) for part in split]
    assert min(alone) >= 1
    assert notes == [
        "split by patient: 6 train, 2 val, 2 test groups; 9 rows without one are one each"
    ]


def test_a_group_is_the_same_however_it_is_spelled():
    values = [f"{('P', 'p')[row % 2]}{row // 4}" for row in range(100)]
    split, notes = split_rows(torch.arange(100) % 2, ["no", "yes"], DIFFERENT, by(values))
    train, val, test = ({row // 4 for row in part.tolist()} for part in split)
    assert not train & val | val & test | test & train
    assert notes == ["split by patient: 15 train, 5 val, 5 test groups"]
    numbers = [f"{row // 4}{('', '.0')[row % 2]}" for row in range(100)]
    _, notes = split_rows(torch.arange(100) % 2, ["no", "yes"], DIFFERENT, by(numbers))
    assert notes == ["split by patient: 15 train, 5 val, 5 test groups"]


def test_a_column_that_keeps_nothing_together_is_said():
    split, notes = split_rows(
        torch.arange(100) % 2, ["no", "yes"], DIFFERENT, by([f"p{row}" for row in range(100)])
    )
    assert [len(part) for part in split] == [60, 20, 20]
    assert "its values are all different, so it keeps nothing together" in notes[0]


def test_two_groups_are_too_few():
    with pytest.raises(UserError, match=r"--split-by patient: it has 2 different .* need 3 or"):
        split_rows(torch.arange(100) % 2, ["no", "yes"], DIFFERENT, by(["a", "b"] * 50))


def test_a_column_without_a_value_is_refused():
    with pytest.raises(UserError, match="--split-by: the column 'patient' is empty"):
        split_rows(torch.arange(100) % 2, ["no", "yes"], DIFFERENT, by(["", "NA"] * 50))


def test_a_class_that_no_training_group_has_is_refused():
    values = ["a"] * 40 + ["b"] * 30 + ["c"] * 30
    labels = torch.tensor([0] * 40 + [1] * 30 + [2] * 30)
    with pytest.raises(UserError, match=r"--split-by patient: no training example .* 'x'"):
        split_rows(labels, ["w", "x", "y"], DIFFERENT, by(values))


@pytest.mark.parametrize(
    "days",
    [
        [f"2024-{month:02}-{day:02}" for month in range(1, 11) for day in range(1, 11)],
        [f"{day}/{month}/2024" for month in range(1, 11) for day in range(11, 21)],
        [f"{month}/{day}/24" for month in range(1, 11) for day in range(11, 21)],
        [f"2024{month:02}{day:02}" for month in range(1, 11) for day in range(1, 11)],
        [f"{1.6e9 + row:.0f}" for row in range(100)],
        [f"2024년 {month}월 {day}일" for month in range(1, 11) for day in range(1, 11)],
        [f"2024-01-05T13:{row // 60:02}:{row % 60:02}Z" for row in range(100)],
        [str(1900 + row) for row in range(100)],
    ],
    ids=lambda days: days[0],
)
def test_the_latest_rows_test_in_whatever_form_the_times_are_and_the_spans_are_said(days):
    order = list(range(100))
    random.Random(0).shuffle(order)
    values = [days[place] for place in order]
    split, notes = split_rows(torch.arange(100) % 2, ["no", "yes"], DIFFERENT, time(values))
    places = torch.tensor(order)
    assert sorted(places[split.train].tolist()) == list(range(60))
    assert sorted(places[split.val].tolist()) == list(range(60, 80))
    assert sorted(places[split.test].tolist()) == list(range(80, 100))
    spans = f"train {days[0]} to {days[59]}, val {days[60]} to {days[79]}, test {days[80]} to "
    assert notes == [f"split by time: {spans}{days[99]}"]


def test_rows_without_a_time_are_named_and_have_no_place():
    column = time(["2024-01-01", "", "NA", "2024-01-02", "2024-01-03"])
    assert [column.has_place(row) for row in range(5)] == [True, False, False, True, True]
    assert describe_untimed(column) == ["left out: 2 rows without a time in 'day': row 2, 3"]
    assert describe_untimed(column.keep([0, 3, 4])) == []


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (["2024-01-01", "soon", "2024-01-03"], "row 2: day is 'soon'"),
        (["a", "b", "c"], "row 1: day is 'a': a column of dates in one form, or of numbers"),
        (["12:30", "13:30", "14:00"], "row 1: day is '12:30'"),
        (["", "NA"], "the column 'day' is empty"),
        (["1", "2", "3 kg", "4 m"], "--split-time: row"),
    ],
)
def test_what_is_no_time_is_refused_with_its_row(values, message):
    with pytest.raises(UserError, match=message):
        time(values)


def test_two_times_are_too_few():
    with pytest.raises(UserError, match=r"--split-time day: 2 different times: .* 3 or more"):
        split_rows(torch.arange(100) % 2, ["a", "b"], DIFFERENT, time(["2023", "2024"] * 50))


def test_dates_that_can_be_read_in_two_ways_are_said():
    values = [f"{first:02}.{second:02}.2024" for first in range(1, 11) for second in range(1, 11)]
    _, notes = split_rows(torch.arange(100) % 2, ["no", "yes"], DIFFERENT, time(values))
    assert notes[0] == "dates in day: read with the day first, which nothing in it tells"
    column = find_split_column({"day": values}, None, "day", "", {"day": "mdy"})
    split, notes = split_rows(torch.arange(100) % 2, ["no", "yes"], DIFFERENT, column)
    assert notes[0].startswith("split by time: train 01.01.2024 to 06.10.2024")
    assert {values[row][:2] for row in split.test.tolist()} == {"09", "10"}


def test_a_class_that_only_comes_up_late_is_refused_by_name():
    labels = torch.tensor([0, 1] * 40 + [2] * 20)
    with pytest.raises(UserError, match=r"--split-time day: no training example .* 'new'"):
        split_rows(labels, ["a", "b", "new"], DIFFERENT, time([str(row) for row in range(100)]))


def test_rows_that_say_the_same_in_other_words_are_the_same():
    same = group_same_inputs(
        [
            ["1", "1.0", " 1.00", "2", "1"],
            ["yes", "Yes", "YES", "yes", "no"],
            ["", "NA", "n/a", "", ""],
        ],
        rows=5,
    )
    first, second, third, fourth, fifth = same.tolist()
    assert first == second == third
    assert len({first, fourth, fifth}) == 3
    assert group_same_inputs([], rows=3).tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["1", "1.0", "1,000", "1000", "-"], [0, 0, 1, 1, 2]),
        (["1,5", "2,25", "2,250"], [0, 1, 1]),
        (["01", "1", "1.0"], [0, 1, 1]),
        (["none", "", "NA", "no", "No"], [0, 1, 1, 2, 2]),
        (["1", "", "unknown", "2", "3", "x9"], [0, 1, 1, 2, 3, 4]),
        (["70 kg", "70", "71kg"], [0, 0, 1]),
    ],
)
def test_cells_are_the_same_where_they_are_read_as_the_same(values, expected):
    assert group_same_inputs([values], rows=len(values)).tolist() == expected


def test_identical_rows_are_in_one_part_and_counted():
    same = group_identical([row if row < 80 else row - 80 for row in range(100)])
    split, notes = split_rows(torch.arange(100) % 20 % 2, ["no", "yes"], same, None)
    for row in range(20):
        assert sum(bool(((part == row) | (part == row + 80)).any()) for part in split) == 1
    assert [len(part) for part in split] == [60, 20, 20]
    assert notes == [
        "identical rows: 40 have the same inputs as another one; they are kept together in one part"
    ]


def test_identical_rows_with_another_answer_are_counted_and_kept_together_too():
    same = group_identical([row if row < 80 else row - 80 for row in range(100)])
    labels = torch.arange(100) % 2
    labels[95:] = 1 - labels[95:]
    split, notes = split_rows(labels, ["no", "yes"], same, None)
    assert "40 have the same inputs as another one, 10 of them with another answer" in notes[0]
    assert all(len(same[part].unique()) <= len(part) for part in split)
    train, val, test = (set(same[part].tolist()) for part in split)
    assert not train & val | val & test | test & train


def test_rows_that_are_all_there_twice_are_kept_together_even_if_all_contradict():
    same = torch.arange(100) // 2
    split, notes = split_rows(torch.arange(100) % 2, ["no", "yes"], same, None)
    train, val, test = (set(same[part].tolist()) for part in split)
    assert [len(train), len(val), len(test)] == [30, 10, 10]
    assert not train & val | val & test | test & train
    assert "100 of them with another answer; they are kept together" in notes[0]


def test_without_identical_rows_nothing_is_said():
    _, notes = split_rows(torch.arange(100) % 2, ["no", "yes"], DIFFERENT, None)
    assert notes == []


def test_rows_that_are_equal_by_chance_are_split_as_ever():
    same = torch.arange(100) % 8  # three columns of yes and no
    split, notes = split_rows(torch.arange(100) % 8 % 2, ["no", "yes"], same, None)
    assert [len(part) for part in split] == [60, 20, 20]
    assert notes == [
        "identical rows: 100 have the same inputs as another one; with 8 different ones in all "
        "they are no copies, so they are not kept together: "
        "20 of 20 test rows are in training, too"
    ]
    same = torch.arange(100) % 20  # few values, and the answer does not follow from them
    _, notes = split_rows((torch.arange(100) // 50).float(), [], same, None)
    assert "100 of them with another answer; with 20 different ones in all they are no" in notes[0]


def test_identical_rows_that_groups_or_times_put_apart_are_counted():
    same = group_identical([row % 50 for row in range(100)])
    values = [str(row) for row in range(100)]
    _, notes = split_rows(torch.arange(100) % 50 % 2, ["no", "yes"], same, time(values))
    said = "100 have the same inputs as another one; 20 of 20 test rows are in training, too"
    assert notes[1:] == [f"identical rows: {said}"]


DAYS = [f"2024-{month:02}-{day:02}" for month in range(1, 11) for day in range(1, 11)]
NEARLY = [*DAYS[:50], DAYS[10], *DAYS[51:80], "", *DAYS[81:]]
JITTERED = [DAYS[min(99, row + random.Random(row).randrange(12))] for row in range(100)]
# One shop after the other, day after day, the hours of a day in no order.
HOURS = [f"{DAYS[row // 5 % 20]} {row * 7 % 24:02}:00" for row in range(500)]
SHUFFLED = random.Random(0).sample(DAYS, 100)


@pytest.mark.parametrize(
    ("name", "values", "is_ordered"),
    [
        ("when", DAYS, True),
        ("when", DAYS[::-1], True),
        ("when", NEARLY, True),
        ("when", sorted(SHUFFLED[:10] * 10), True),
        ("when", DAYS[:20] * 5, True),  # one shop after the other
        ("when", JITTERED, True),
        ("when", HOURS, True),
        ("when", SHUFFLED, False),
        ("when", DAYS[:2] * 50, False),
        ("year", [str(1900 + row // 2) for row in range(100)], True),
        ("timestamp", [str(1600000000 + 60 * row) for row in range(100)], True),
        ("size", [str(row) for row in range(100)], False),
        ("arrival time", [str(row) for row in range(100)], False),
        ("when", [*DAYS[:99], "soon"], False),
    ],
)
def test_rows_in_the_order_of_time_are_noticed(name, values, is_ordered):
    lines = advise_on_split({name: values, "target": DAYS}, "target")
    expected = f"note: the rows are in the order of '{name}': to test on the latest, "
    assert [line.startswith(expected) for line in lines] == [True] * is_ordered
    assert all(line.endswith(f"--split-time {name}") for line in lines)


def test_of_dates_and_numbers_called_years_the_dates_are_named():
    years = [str(1900 + row // 2) for row in range(100)]
    (line,) = advise_on_split({"year": years, "when": DAYS, "target": years}, "target")
    assert line.endswith("--split-time when")


@pytest.mark.parametrize(
    ("name", "values", "is_repeated"),
    [
        ("user_id", [f"u{row % 25}" for row in range(100)], True),
        ("Patient ID", [str(row % 25) for row in range(100)], True),
        ("subject", [str(row // 4) for row in range(100)], True),
        ("학생번호", [str(row // 4) for row in range(100)], True),
        ("id", [str(row) for row in range(100)], False),
        ("subject", [("maths", "sport")[row % 2] for row in range(100)], False),
        ("humid", [str(row % 25) for row in range(100)], False),
        ("size", [str(row % 25) for row in range(100)], False),
    ],
)
def test_a_column_that_says_whose_a_row_is_is_noticed(name, values, is_repeated):
    lines = advise_on_split({name: values, "target": values}, "target")
    typed = '"Patient ID"' if " " in name else name
    assert [line.endswith(f"add --split-by {typed}") for line in lines] == [True] * is_repeated
