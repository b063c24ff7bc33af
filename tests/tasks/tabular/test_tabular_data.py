"""The table: what is predicted from what, three parts of it, and data that are refused."""

import csv
from dataclasses import replace

import pytest
import torch
from torch.utils.data import TensorDataset

from commands.settings import UserError, one_line_errors
from config import Config
from data import load_splits, read_inputs, save_examples, show_examples
from showing.mistakes import draw_mistakes
from train import train

TABLE = {  # 40 rows
    "size": [f"{row * row / 8:.2f}" for row in range(40)],
    "colour": ["red", "blue", "green", "red, dark", ""] * 8,
    "weight": ["1.5", "2", "", "3", "n/a", "1", "2", "4"] * 5,
    "kind": ["cat", "cat", "cat", "dog", "dog"] * 8,
    "price": [str(row * 7 % 40 * 100) for row in range(40)],
}


@pytest.fixture(scope="module")
def cancer():
    return load_splits(Config())


@pytest.fixture
def data(tmp_path):
    """Write columns, some of them changed, and return the settings to train with them."""

    def write(target="kind", **changed):
        columns = {**TABLE, **changed}
        with (tmp_path / "data.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerows([columns, *zip(*columns.values(), strict=True)])
        return Config(data=str(tmp_path / "data.csv"), target=target, device="cpu")

    return write


def rows(dataset):
    return {row.numpy().tobytes() for row in dataset.tensors[0]}


def test_a_batch_is_numbers_categories_and_labels(cancer, data):
    for splits, sizes in ((cancer, (30, 0)), (load_splits(data()), (3, 1))):
        numbers, categories, labels = splits["train"][torch.tensor([3, 1, 4])]
        assert (numbers.shape, numbers.dtype) == ((3, sizes[0]), torch.float32)
        assert (categories.shape, categories.dtype) == ((3, sizes[1]), torch.int64)
        assert (labels.shape, labels.dtype) == ((3,), torch.int64)


def test_no_row_is_in_two_splits_and_the_seed_does_not_move_any(cancer):
    train, val, test = (rows(cancer[name]) for name in ("train", "val", "test"))
    assert (len(train), len(val), len(test)) == (342, 114, 113)
    assert len(train | val | test) == 569
    assert rows(load_splits(Config(seed=7))["test"]) == test


def test_every_split_has_every_class_in_the_same_share(cancer):
    for name in ("train", "val", "test"):
        labels = cancer[name].tensors[-1]
        assert labels.double().mean().item() == pytest.approx(212 / 569, abs=0.01)


def test_the_statistics_are_those_of_the_training_rows(data):
    splits = load_splits(data("price", weight=["1", "2"] * 20))
    numbers, _, labels = (tensor.double() for tensor in splits["train"].tensors)
    mean, spread, gaps = splits["inputs"]["numbers"]["size"]
    assert mean == pytest.approx(numbers[:, 0].mean().item())
    assert spread == pytest.approx(numbers[:, 0].std(correction=0).item())
    assert gaps == 0
    assert splits["inputs"]["scale"] == pytest.approx([labels.mean().item(), labels.std().item()])


def test_gaps_stay_in_the_batch_and_are_marked_where_training_has_them(data):
    splits = load_splits(data())
    assert list(splits["inputs"]["numbers"]) == ["size", "weight", "price"]
    assert [column[2] for column in splits["inputs"]["numbers"].values()] == [0, 1, 0]
    numbers = torch.cat([splits[name].tensors[0] for name in ("train", "val", "test")])
    assert numbers.isnan().sum(dim=0).tolist() == [0, 10, 0]


def test_a_category_that_training_lacks_is_number_0_elsewhere(data):
    one_of_a_kind = [f"{row % 2} {row % 5 == 0 and row}" for row in range(40)]
    splits = load_splits(data(colour=one_of_a_kind))
    known = splits["inputs"]["categories"]["colour"]
    codes = splits["train"].tensors[1]
    assert codes.min() == 1
    assert codes.max() == len(known)
    others = torch.cat([splits[name].tensors[1] for name in ("val", "test")])
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
    data, answers, regression, classes
):
    config = replace(data(kind=answers), regression=regression)
    if classes is None:  # classes too, but with too few examples
        with pytest.raises(UserError, match="it needs 3 or more"):
            load_splits(config)
        return
    splits = load_splits(config)
    labels = torch.cat([splits[name].tensors[-1] for name in ("train", "val", "test")])
    assert splits["classes"] == classes
    assert labels.dtype == (torch.int64 if classes else torch.float32)
    if not classes:
        assert sorted(labels.tolist()) == sorted(map(float, answers))


def test_the_embedded_table_has_numbers_to_predict_too(cancer):
    splits = load_splits(Config(target="mean_area"))
    assert splits["classes"] == []
    assert splits["inputs"]["scale"][0] == pytest.approx(655, abs=30)
    assert splits["inputs"]["categories"] == {"diagnosis": ["benign", "malignant"]}
    assert cancer["classes"] == ["benign", "malignant"]


def test_rows_without_an_answer_are_left_out_with_a_note(data):
    splits = load_splits(data(kind=["", "cat", "NA", "dog", "dog"] * 8))
    assert "left out: 16 rows without 'kind'" in splits["notes"]
    assert sum(len(splits[name]) for name in ("train", "val", "test")) == 24


def test_the_target_and_dropped_columns_are_not_predicted_from(data):
    config = replace(data(), drop=("size", "colour"))
    inputs = load_splits(config)["inputs"]
    assert [*inputs["numbers"], *inputs["categories"]] == ["weight", "price"]


def test_identifiers_and_dates_are_left_out_by_themselves_and_named(data):
    more = {
        "student_id": [str(9000 + 7 * row) for row in range(40)],
        "날짜": [f"2024-{row % 12 + 1}-{row % 28 + 1}" for row in range(40)],
    }
    splits = load_splits(data(**more))
    assert "left out: student_id (an identifier), 날짜 (dates)" in splits["notes"]
    assert list(splits["inputs"]["numbers"]) == ["size", "weight", "price"]


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
        (GOOD, {"drop": ("kind",)}, "--target: there is no column 'kind', but a"),
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
def test_examples_left_as_a_file_are_read_back_as_they_were(data, tmp_path, target):
    splits = load_splits(data(target))
    save_examples(splits["test"], splits, tmp_path)
    names, columns, batch = read_inputs((str(tmp_path / "rows.csv"),), splits)
    assert names == [f"row {number}" for number in range(1, 6)]
    assert target not in columns
    assert "" in columns["weight"]
    some = torch.linspace(0, len(splits["test"]) - 1, 5).long()
    for tensor, expected in zip(batch, splits["test"][some], strict=False):
        torch.testing.assert_close(tensor, expected, equal_nan=True)


def test_columns_to_predict_from_are_found_by_their_names(data, tmp_path):
    splits = load_splits(data())
    content = "more;price;colour;size;weight\nx;1;red, dark;2,5;\ny;3;pink;4;7\n"
    (tmp_path / "new.csv").write_text(content, encoding="utf-8")
    _, columns, (numbers, categories) = read_inputs((str(tmp_path / "new.csv"),), splits)
    expected = torch.tensor([[2.5, torch.nan, 1.0], [4.0, 7.0, 3.0]])
    torch.testing.assert_close(numbers, expected, equal_nan=True)
    assert categories.tolist() == [[5], [0]]
    assert columns["more"] == ["x", "y"]


def test_people_see_all_columns_or_those_in_which_an_example_is_odd(cancer, data):
    few = load_splits(data())
    shown = show_examples(few["train"], torch.tensor([0, 1]), few)
    assert list(shown) == ["size", "weight", "price", "colour"]
    assert all(len(cells) == 2 for cells in shown.values())
    numbers, *others = cancer["test"].tensors
    numbers = numbers.clone()
    numbers[7, 20], numbers[7, 3], numbers[7, 5] = 1e9, -1e9, float("nan")
    shown = show_examples(TensorDataset(numbers, *others), torch.tensor([7]), cancer)
    assert len(shown) == 4
    assert shown["mean_area"] == ["-1e+09"]
    assert shown["worst_radius"] == ["1e+09"]


def test_numbers_are_shown_beside_the_truth_the_largest_error_first():
    sizes, labels = torch.tensor([[1.0], [2.0], [3.0]]), torch.tensor([10.0, 20.0, 30.0])
    dataset = TensorDataset(sizes, torch.empty(3, 0), labels)
    state = {"classes": [], "inputs": {"numbers": {"size": [2.0, 1.0, 0.0]}, "categories": {}}}
    answers = torch.tensor([10.0, 20.5, 1_230.0])
    figure = draw_mistakes(torch.nn.Linear(1, 1), dataset, answers, state)
    (table,) = figure.axes[0].tables
    cells = [cell.get_text().get_text().strip() for _, cell in sorted(table.get_celld().items())]
    assert cells[:4] == ["size", "true", "predicted", "off by"]
    assert cells[4:8] == ["3", "30", "1,230", "+1,200"]
    assert cells[8:] == ["2", "20", "20.5", "+0.5"]
