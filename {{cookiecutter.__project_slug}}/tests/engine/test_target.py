"""What is to be predicted: classes, or numbers."""

import pytest
import torch

from engine.settings import UserError
from engine.target import read_answers

PRICES = [f"{row * 1.5:.1f}" for row in range(30)]


@pytest.mark.parametrize(
    ("cells", "labels", "classes"),
    [
        (["no", "yes"] * 3, [0, 1] * 3, ["no", "yes"]),
        (["None", "Insomnia"] * 3, [1, 0] * 3, ["Insomnia", "None"]),
        (["+", "-"] * 3, [0, 1] * 3, ["+", "-"]),
        (["있음", "없음"] * 3, [1, 0] * 3, ["없음", "있음"]),
        (["Known", "Unknown"] * 3, [0, 1] * 3, ["Known", "Unknown"]),
        (["Yes", "yes", "Yes", "no"] * 3, [0, 0, 0, 1] * 3, ["Yes", "no"]),
        (["1", "2"] * 3, [0, 1] * 3, ["1", "2"]),
        (["01", "02"] * 3, [0, 1] * 3, ["01", "02"]),
        (["1,5", "2,5"] * 3, [1.5, 2.5] * 3, []),
        (["70 kg", "80.5 kg"] * 3, [70, 80.5] * 3, []),
        (["1e-5", "2e-5"] * 3, [1e-5, 2e-5] * 3, []),
    ],
)
def test_a_target_is_classes_or_numbers(cells, labels, classes):
    answers = read_answers(cells, "target")
    assert answers.labels.tolist() == pytest.approx(labels)
    assert answers.classes == classes
    assert answers.rows.tolist() == list(range(len(cells)))


def test_rows_without_an_answer_are_left_out_and_counted():
    answers = read_answers(["", "cat", "NA", "dog", "dog", "cat", "cat", "dog"], "kind")
    assert answers.rows.tolist() == [1, 3, 4, 5, 6, 7]
    assert answers.notes == [
        "left out: 2 rows without 'kind': 'NA' counts as missing; "
        "write another word for it to make it a class"
    ]
    answers = read_answers(["-", *PRICES, "unknown"], "price")
    assert answers.rows.tolist() == list(range(1, 31))
    assert answers.notes == ["left out: 2 rows without 'price': '-', 'unknown' counts as missing"]


def test_spellings_of_a_class_are_said_unless_they_are_taken_as_written():
    cells = ["Yes", "yes", "no"] * 4
    answers = read_answers(cells, "kind")
    assert answers.classes == ["Yes", "no"]
    assert answers.notes == ["one class in several spellings: yes = Yes"]
    assert read_answers(cells, "kind", as_written=True).classes == ["Yes", "no", "yes"]


def test_numbers_and_classes_can_be_asked_for():
    assert read_answers(["1", "2"] * 3, "price", regression=True).classes == []
    assert read_answers(["1.5", "2.5"] * 3, "price", as_written=True).classes == ["1.5", "2.5"]


@pytest.mark.parametrize(
    ("cells", "regression", "message"),
    [
        (["", "NA"], False, "--target: the column 't' has no value in any row"),
        (["1.5"] * 5, False, "--target: the column 't' is 1.5 in every row"),
        (["1", "x"], True, "--regression: 'x' is no number: row 2 of 't'; mend it"),
        (["70 kg", "150 lb"], True, "--regression: the column 't' has mixed units"),
        ([*PRICES, "n/k"], False, "--target: row 31: t is 'n/k', which is no number: mend it"),
        ([f"2024-01-{day:02}" for day in range(1, 32)], False, "--target: the column 't' holds d"),
        (["a"] * 5, False, "the column 't' has one class only, a"),
        (["a"] * 5 + ["b"], False, "class 'b' in the column 't' has 1 examples"),
    ],
)
def test_a_target_that_cannot_be_learned_is_refused_with_the_reason(cells, regression, message):
    with pytest.raises(UserError) as error:
        read_answers(cells, "t", regression)
    assert message in str(error.value)


def test_numbers_that_float32_takes_for_0_are_refused():
    with pytest.raises(UserError, match="nearer to 0 than 1e-30: write them in a smaller unit"):
        read_answers([f"{row}e-50" for row in range(1, 40)], "mass")


def test_few_whole_numbers_too_rare_for_classes_can_be_predicted_as_numbers():
    with pytest.raises(UserError, match=r"class '4 kg' .* 1 examples.*--regression predicts it"):
        read_answers([*["5 kg", "6 kg", "7 kg"] * 5, "4 kg"], "weight")


def test_numbers_too_close_together_for_their_size_are_refused():
    cells = [str(1_700_000_000 + second) for second in range(100)]
    with pytest.raises(UserError, match="subtract 1700000000 from each"):
        read_answers(cells, "time", regression=True)


def test_large_numbers_that_differ_much_are_predicted():
    cells = [str(1_700_000_000 + 86_400 * day) for day in range(100)]
    answers = read_answers(cells, "time", regression=True)
    assert answers.labels.dtype == torch.float32
    assert len(answers.labels) == 100


def test_how_the_numbers_to_predict_are_read_is_said():
    prices = [f"₩{1000 + 7 * row:,}" for row in range(30)]
    answers = read_answers(prices, "price")
    assert answers.labels[:2].tolist() == [1000, 1007]
    assert answers.notes == ["'price': in ₩", "'price': ₩1,000 is 1000"]
    answers = read_answers([*PRICES, "-999", "-999"], "price")
    assert answers.notes == ["'price': -999 in 2 rows: if that means missing, empty these cells"]


def test_a_target_in_several_units_is_refused_with_the_units():
    heights = [f"{150 + row} {'cm' if row % 3 else 'in'}" for row in range(30)]
    with pytest.raises(UserError, match="mixed units: cm, in; write them all in one"):
        read_answers(heights, "height")
