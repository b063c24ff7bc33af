"""The table: what is predicted from what, three parts of it, and data that are refused."""

import csv
import re
from dataclasses import replace

import pytest
import torch

from config import Config
from data import load_data, read_input, read_inputs
from engine.columns import EncodedRows, decode
from engine.dataset import InMemory
from engine.evaluation import Answers
from engine.examples import save_examples, show_examples
from engine.mistakes import draw_mistakes
from engine.settings import UserError, one_line_errors
from train import train

PARTS = ("train", "val", "test")
TABLE = {  # 40 rows
    "size": [f"{row * row / 8:.2f}" for row in range(40)],
    "colour": ["red", "blue", "green", "red, dark", ""] * 8,
    "weight": ["1.5", "2", "", "3", "n/a", "1", "2", "4"] * 5,
    "kind": ["cat", "cat", "cat", "dog", "dog"] * 8,
    "price": [str(row * 7 % 40 * 100) for row in range(40)],
}


@pytest.fixture(scope="module")
def cancer():
    return load_data(Config())


@pytest.fixture
def settings(tmp_path):
    """Write columns, some of them changed, and return the settings to train with them."""

    def write(target="kind", **changed):
        columns = {**TABLE, **changed}
        with (tmp_path / "data.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerows([columns, *zip(*columns.values(), strict=True)])
        return Config(data=str(tmp_path / "data.csv"), target=target, device="cpu")

    return write


def rows(dataset):
    """Return the numbers of each row as bytes."""
    return {row.numpy().tobytes() for row in dataset.tensors[0]}


def all_labels(data):
    return torch.cat([getattr(data, part).labels for part in PARTS])


def test_a_batch_is_numbers_categories_and_labels(cancer, settings):
    for data, sizes in ((cancer, (30, 0)), (load_data(settings()), (3, 1))):
        (numbers, categories), labels = data.train.batch(torch.tensor([3, 1, 4]))
        assert (numbers.shape, numbers.dtype) == ((3, sizes[0]), torch.float32)
        assert (categories.shape, categories.dtype) == ((3, sizes[1]), torch.int64)
        assert (labels.shape, labels.dtype) == ((3,), torch.int64)
        (one, other), label = data.train[1]
        torch.testing.assert_close(numbers[1], one, equal_nan=True)
        assert torch.equal(categories[1], other)
        assert labels[1] == label


def test_no_row_is_in_two_splits_and_the_seed_does_not_move_any(cancer):
    train, val, test = (rows(getattr(cancer, part)) for part in PARTS)
    assert (len(train), len(val), len(test)) == (342, 114, 113)
    assert len(train | val | test) == 569
    assert rows(load_data(Config(seed=7)).test) == test


def test_every_split_has_every_class_in_the_same_share(cancer):
    for part in PARTS:
        labels = getattr(cancer, part).labels
        assert labels.double().mean().item() == pytest.approx(212 / 569, abs=0.01)


def test_the_statistics_are_those_of_the_training_rows(settings):
    data = load_data(settings("price", weight=["1", "2"] * 20))
    numbers = data.train.tensors[0].double()
    labels = data.train.labels.double()
    column = data.info.numbers["size"]
    sizes = numbers[:, 0] * column["scale"] + column["center"]
    assert column["center"] == pytest.approx(sizes.quantile(0.5).item(), abs=1e-5)
    lower, upper = sizes.quantile(torch.tensor([0.25, 0.75]).double()).tolist()
    assert column["scale"] == pytest.approx((upper - lower) / 1.349)
    assert not column["has_gaps"]
    assert data.info.target_mean == pytest.approx(labels.mean().item())
    assert data.info.target_std == pytest.approx(labels.std(correction=0).item())


def test_gaps_stay_in_the_batch_and_are_marked_where_training_has_them(settings):
    data = load_data(settings())
    columns = data.info.numbers
    assert list(columns) == ["size", "weight", "price"]
    assert [column["has_gaps"] for column in columns.values()] == [False, True, False]
    numbers = torch.cat([getattr(data, part).tensors[0] for part in PARTS])
    assert numbers.isnan().sum(dim=0).tolist() == [0, 10, 0]


def test_a_category_that_training_lacks_is_number_0_elsewhere(settings):
    one_of_a_kind = [f"{row % 2} {row % 5 == 0 and row}" for row in range(40)]
    data = load_data(settings(colour=one_of_a_kind))
    known = data.info.categories["colour"]
    codes = data.train.tensors[1]
    assert codes.min() == 1
    assert codes.max() == len(known)
    others = torch.cat([data.val.tensors[1], data.test.tensors[1]])
    assert (others == 0).sum() == len(set(one_of_a_kind)) - len(known) > 0


@pytest.mark.parametrize(
    ("answers", "regression", "classes"),
    [
        (["no", "yes"] * 20, False, ["no", "yes"]),
        (["10", "9"] * 20, False, ["10", "9"]),
        (["1.0", "2.0", "3.0", "2.0"] * 10, False, ["1.0", "2.0", "3.0"]),
        ([*["1", "2"] * 19, "many", "many"], False, None),
        ([str(row % 20) for row in range(40)], False, None),
        ([str(row % 21) for row in range(40)], False, []),
        (["1.5", "2"] * 20, False, []),
        (["1", "2"] * 20, True, []),
    ],
)
def test_few_different_numbers_or_texts_are_classes_and_others_numbers(
    settings, answers, regression, classes
):
    config = replace(settings(kind=answers), regression=regression)
    if classes is None:  # classes too, but with too few examples
        with pytest.raises(UserError, match="it needs 3 or more"):
            load_data(config)
        return
    data = load_data(config)
    labels = all_labels(data)
    assert data.info.classes == classes
    assert labels.dtype == (torch.int64 if classes else torch.float32)
    if not classes:
        assert sorted(labels.tolist()) == sorted(float(answer) for answer in answers)


def test_it_is_said_that_the_logarithm_of_a_target_is_learned(settings):
    data = load_data(settings("price", price=[str(2**row) for row in range(40)]))
    labels = data.train.labels.double()
    assert data.info.target_is_log
    assert data.info.target_mean == pytest.approx(labels.log().mean().item(), rel=1e-5)
    assert "price is spread over orders of magnitude: its logarithm is learned" in data.notes


def test_the_embedded_table_has_numbers_to_predict_too(cancer):
    info = load_data(Config(target="mean_area")).info
    assert info.classes == []
    assert info.target_mean == pytest.approx(655, abs=30)
    assert info.categories == {"diagnosis": ["benign", "malignant"]}
    assert cancer.info.classes == ["benign", "malignant"]


def test_rows_without_an_answer_are_left_out_with_a_note(settings):
    data = load_data(settings(kind=["", "cat", "NA", "dog", "dog"] * 8))
    (line,) = [line for line in data.notes if line.startswith("left out: 16 rows without 'kind'")]
    assert "'NA' counts as missing; write another word for it to make it a class" in line
    assert len(all_labels(data)) == 24


def test_the_target_and_dropped_columns_are_not_predicted_from(settings):
    info = load_data(replace(settings(), drop=("size", "colour"))).info
    assert [*info.numbers, *info.categories] == ["weight", "price"]


def test_identifiers_are_left_out_by_themselves_and_named(settings):
    ids = {"student_id": [str(9000 + 7 * row) for row in range(40)]}
    data = load_data(settings(**ids))
    (line,) = [line for line in data.notes if line.startswith("  student_id")]
    assert "left out" in line
    assert "an identifier, different in every row; --numbers student_id keeps it" in line
    assert list(data.info.numbers) == ["size", "weight", "price"]
    config = replace(settings(**ids), numbers=("student_id",))
    assert list(load_data(config).info.numbers) == ["size", "weight", "price", "student_id"]


def test_dates_become_the_parts_that_vary_and_a_running_number_of_days(settings, tmp_path):
    days = [f"2024-{row % 12 + 1}-{row % 28 + 1}" if row % 5 else "" for row in range(40)]
    data = load_data(settings(날짜=days))
    parts = ["month", "day", "weekday", "days"]
    assert list(data.info.numbers)[3:] == [f"날짜 ({part})" for part in parts]
    assert data.info.numbers["날짜 (month)"]["has_gaps"]
    (path,) = save_examples(data.test, [0, 1, 2], data.info, tmp_path)
    inputs = read_inputs((str(path),), data.info)
    for index, (numbers, _) in enumerate(inputs.examples):
        (expected, _), _ = data.test[index]
        torch.testing.assert_close(numbers, expected, equal_nan=True)


def test_a_row_number_is_no_feature_though_rows_without_a_target_are_left_out(settings):
    numbers = [str(row + 1) for row in range(40)]
    data = load_data(settings(kind=["", "cat", "NA", "dog", "dog"] * 8, row=numbers))
    assert "row" not in data.info.numbers


def test_words_for_none_are_values_of_a_column_and_a_class_of_the_target(settings):
    history = ["있음", "없음"] * 20
    kind = ["None", "Insomnia", "Sleep Apnea", "None", ""] * 8
    info = load_data(settings(kind=kind, 병력=history)).info
    assert info.categories["병력"] == ["없음", "있음"]
    assert info.classes == ["Insomnia", "None", "Sleep Apnea"]


def test_spellings_of_a_class_are_one_class_and_said(settings):
    data = load_data(settings(kind=["Yes", "yes", " YES ", "no", "No", "Yes", "no", "no"] * 5))
    assert data.info.classes == ["Yes", "no"]
    assert "one class in several spellings: yes = Yes, YES = Yes, No = no" in data.notes


def test_rows_that_contradict_each_other_are_counted(settings):
    names = ("size", "colour", "weight", "price")
    twice = {name: [*TABLE[name][:39], TABLE[name][0]] for name in names}  # a cat, and a dog
    notes = load_data(settings(**twice)).notes
    said = "identical rows: 2 have the same inputs as another one, 2 of them with another answer"
    assert any(note.startswith(said) for note in notes)


def test_the_flags_for_columns_overrule_what_was_understood(settings):
    codes = [f"{row % 7}" for row in range(40)]
    days = [f"{row % 12 + 1}/{row % 12 + 1}/2024" for row in range(40)]
    table = settings(**{"zip code": codes, "area": codes, "day": days})
    info = load_data(replace(table, categories=("zip code,area",), dates=("day:mdy",))).info
    assert info.categories["zip code"] == info.categories["area"] == list("0123456")
    assert info.numbers["day (days)"]["order"] == "mdy"
    info = load_data(replace(table, categories=("kind",), drop=("area", "zip code"))).info
    assert info.classes == ["cat", "dog"]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"categories": ("colours",)}, "--categories: there is no column 'colours', but size"),
        ({"numbers": ("size,age",)}, "--numbers: there is no column 'age'"),
        ({"dates": ("when:mdy",)}, "--dates: there is no column 'when'"),
        ({"numbers": ("colour",)}, "--numbers: row 1: colour is 'red', no number"),
        ({"dates": ("price",)}, "--dates: row 1: price is '0', no date"),
        ({"numbers": ("size",), "categories": ("size",)}, "'size' stands behind two of them"),
        ({"encoding": "utf-99"}, "--encoding: Python knows no 'utf-99'"),
        ({"encoding": "ascii"}, None),
    ],
)
def test_a_flag_that_does_not_fit_is_refused_with_the_reason(settings, changed, message):
    config = replace(settings(), **changed)
    if message is None:
        load_data(config)
        return
    with pytest.raises(UserError, match=re.escape(message)):
        load_data(config)


def test_a_value_that_is_no_number_in_a_target_of_numbers_is_named_with_its_row(settings):
    prices = [f"{row * 1.5}" for row in range(39)]
    message = "--target: row 8: price is 'n/k', which is no number: mend it, or empty the cell"
    with pytest.raises(UserError, match=re.escape(message)):
        load_data(settings("price", price=[*prices[:7], "n/k", *prices[7:]]))
    info = load_data(settings("price", price=[*prices[:7], "-", *prices[7:]])).info
    assert info.classes == []


def test_training_and_prediction_see_the_same(settings, tmp_path):
    data = load_data(settings())
    rows = read_input(TABLE, data.info)
    inputs = read_inputs((str(tmp_path / "data.csv"),), data.info)
    for (numbers, categories), row in zip(inputs.examples, range(40), strict=True):
        torch.testing.assert_close(numbers, rows.numbers[row], equal_nan=True)
        assert torch.equal(categories, rows.categories[row])
    together = torch.cat([getattr(data, part).tensors[0] for part in PARTS])
    mine = sorted(row.numpy().tobytes() for row in rows.numbers)
    assert mine == sorted(row.numpy().tobytes() for row in together)


GOOD = "a,kind\n" + "1,x\n2,y\n" * 9


@pytest.mark.parametrize(
    ("content", "changed", "message"),
    [
        (None, {}, "is no file"),
        ("", {}, "is empty"),
        ("a,kind\n", {}, "has no rows"),
        (GOOD.partition("\n")[2].replace("x", "1"), {}, "line 1 has values where the names"),
        (GOOD, {"target": None}, "--target, the column to predict, is missing: one of a, kind"),
        (GOOD, {"target": "Kind"}, "--target: there is no column 'Kind', but a, kind"),
        (GOOD, {"drop": ("b",)}, "--drop: there is no column 'b', but a, kind"),
        (GOOD, {"drop": ("kind",)}, "--drop: 'kind' is the column to predict"),
        (GOOD, {"dates": ("kind",)}, "--dates: 'kind' is the column to predict"),
        (GOOD, {"drop": ("a",)}, "no column to predict from is left"),
        (GOOD, {"regression": True}, "--regression: 'x' is no number"),
        ("a,kind\n" + "1,\n2,NA\n" * 9, {}, "the column 'kind' has no value in any row"),
        ("a,kind\n" + "1,x\n2,x\n" * 9, {}, "has one class only, x"),
        (GOOD + "3,z\n", {}, "class 'z' in the column 'kind' has 1 examples: it needs 3"),
        ("a,kind\n1,5\n2,5.5\n1,6\n3,7\n", {}, "4 examples: training, validation and test need"),
        (GOOD + "1,x,y\n", {}, "line 20: 3 fields, but 2 columns"),
        (GOOD + '1,"x\n', {}, "line 20: unexpected end of data"),
        (GOOD.replace("kind", "a"), {}, "line 1 has two columns called 'a'"),
        (b"\x89PNG\r\n\x1a\n\0\xff\xff", {}, "is no text in UTF-8 or cp949"),
    ],
)
def test_bad_data_end_with_one_clear_line_and_nothing_written(
    tmp_path, monkeypatch, capsys, content, changed, message
):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "data.csv"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    config = replace(Config(data="data.csv", target="kind", device="cpu"), **changed)
    with pytest.raises(SystemExit) as exit_code, one_line_errors():
        train(config)
    shown = capsys.readouterr()
    assert exit_code.value.code == 2
    assert shown.err.startswith("error: ")
    assert message in shown.err
    assert shown.err.count("\n") == 1
    assert not shown.out
    assert list(tmp_path.iterdir()) == ([] if content is None else [path])


@pytest.mark.parametrize("target", ["kind", "price"])
def test_examples_left_as_a_file_are_read_back_as_they_were(settings, tmp_path, target):
    data = load_data(settings(target))
    indices = [0, 2, 3, 5, 7]
    (path,) = save_examples(data.test, indices, data.info, tmp_path)
    inputs = read_inputs((str(path),), data.info)
    assert inputs.names == [f"row {number}" for number in range(1, 6)]
    assert target not in inputs.columns
    assert "" in inputs.columns["weight"]
    for index, (numbers, categories) in zip(indices, inputs.examples, strict=True):
        (expected, words), _ = data.test[index]
        torch.testing.assert_close(numbers, expected, equal_nan=True)
        assert torch.equal(categories, words)


def test_columns_to_predict_from_are_found_by_their_names(settings, tmp_path):
    info = load_data(settings()).info
    content = "more;price;colour;size;weight\nx;1;red, dark;2,5;\ny;3;pink;4;7\n"
    (tmp_path / "new.csv").write_text(content, encoding="utf-8")
    inputs = read_inputs((str(tmp_path / "new.csv"),), info)
    numbers = torch.stack([numbers for numbers, _ in inputs.examples])
    categories = torch.stack([categories for _, categories in inputs.examples])
    expected = {"size": ["2.5", "4"], "weight": ["", "7"], "price": ["1", "3"]}
    rows = EncodedRows(numbers, torch.empty(2, 0))
    assert decode(rows, info.numbers, {}) == expected
    assert categories.tolist() == [[5], [0]]
    assert inputs.columns["more"] == ["x", "y"]


def test_people_see_all_columns_or_those_in_which_an_example_is_odd(cancer, settings):
    few = load_data(settings())
    shown = show_examples(few.train, [0, 1], few.info)
    assert list(shown) == ["size", "weight", "price", "colour"]
    assert all(len(cells) == 2 for cells in shown.values())
    numbers, categories, labels = cancer.test.tensors
    numbers = numbers.clone()
    numbers[7, 20] = 1e9
    numbers[7, 3] = -1e9
    numbers[7, 5] = torch.nan
    shown = show_examples(InMemory((numbers, categories), labels), [7], cancer.info)
    assert len(shown) == 4
    assert float(shown["mean_area"][0]) < -1e11
    assert float(shown["worst_radius"][0]) > 1e9


def cells_of(figure):
    """Return the texts in the table of a picture, row by row."""
    (table,) = figure.axes[0].tables
    return [cell.get_text().get_text().strip() for _, cell in sorted(table.get_celld().items())]


def test_numbers_are_shown_beside_the_truth_the_largest_error_first(settings):
    info = load_data(replace(settings("price"), drop=("colour", "weight", "kind"))).info
    labels = torch.tensor([10.0, 20.0, 30.0])
    sizes = read_input({"size": ["1", "2", "3"]}, info)
    dataset = InMemory((sizes.numbers, sizes.categories), labels)
    answers = Answers(torch.zeros(3), torch.tensor([10.0, 20.5, 1_230.0]), labels)
    cells = cells_of(draw_mistakes(dataset, answers, info))
    assert cells[:4] == ["size", "true", "predicted", "off by"]
    assert cells[4:8] == ["3", "30", "1,230", "+1,200"]
    assert cells[8:] == ["2", "20", "20.5", "+0.5"]


def test_a_table_without_mistakes_is_drawn_too(cancer, tmp_path):
    labels = cancer.test.labels
    answers = Answers(torch.zeros(len(labels)), torch.eye(2)[labels], labels)
    figure = draw_mistakes(cancer.test, answers, cancer.info)
    figure.savefig(tmp_path / "mistakes.png", bbox_inches="tight")
