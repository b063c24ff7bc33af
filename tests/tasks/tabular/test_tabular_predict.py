"""Whole runs on tables of one's own: train, score, answer for new rows."""

import csv
import gzip
import json
from dataclasses import replace
from importlib.metadata import distribution
from pathlib import Path

import pytest
import torch

import eval as evaluation
from config import Config
from engine.settings import UserError
from engine.spreadsheet import write_table
from engine.table import read_table
from predict import main
from train import train

EXAMPLES = Path(str(distribution("scikit-learn").locate_file("sklearn/datasets/data")))
WINE = "알코올 사과산 회분 알칼리도 마그네슘 페놀 탄닌 산도 안토시아닌 색 색조 희석도 프롤린"
BODY = "age sex bmi bp s1 s2 s3 s4 s5 s6"


def write(path, columns, encoding="utf-8", delimiter=","):
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerows([columns, *zip(*columns.values(), strict=True)])
    return str(path)


def wine():
    """178 wines of three kinds, as a Korean Excel would save them."""
    with (EXAMPLES / "wine_data.csv").open(encoding="utf-8") as file:
        _, *rows = csv.reader(file)
    columns = {"번호": [str(row + 1) for row in range(len(rows))]}
    columns["날짜"] = [f"2024-{row % 12 + 1:02}-{row % 28 + 1:02}" for row in range(len(rows))]
    for name, values in zip(WINE.split(), zip(*rows, strict=True), strict=False):
        columns[name] = [value.replace(".", ",") for value in values]
    columns["맛"] = ["진하다; 붉다" if float(row[9]) > 5 else "연하다" for row in rows]
    columns["사과산"] = ["" if row % 7 == 0 else one for row, one in enumerate(columns["사과산"])]
    return columns | {"메모": ["-"] * len(rows), "품종": [f"포도 {row[-1]}" for row in rows]}


def diabetes():
    """442 patients, and the progression of their disease a year later."""
    with gzip.open(EXAMPLES / "diabetes_data_raw.csv.gz", "rt", encoding="utf-8") as file:
        values = list(zip(*(line.split() for line in file), strict=True))
    columns = dict(zip(BODY.split(), map(list, values), strict=True))
    columns["sex"] = ["male" if value == "1" else "female" for value in columns["sex"]]
    columns["bmi"] = ["" if row % 9 == 0 else one for row, one in enumerate(columns["bmi"])]
    with gzip.open(EXAMPLES / "diabetes_target.csv.gz", "rt", encoding="utf-8") as file:
        return columns | {"progression": [str(float(line)) for line in file]}


# The keys of every eval.json.
ALWAYS = {"split", "n", "model", "loss", "intervals", "baselines", "comparisons"}
ALWAYS |= {"baseline_intervals", "mistakes", "confusions"}


def result(folder):
    return json.loads((Path(folder) / "eval.json").read_text(encoding="utf-8"))


def test_a_table_from_a_korean_excel_is_learned_and_answered(command, tmp_path, monkeypatch):
    columns = wine()
    write(tmp_path / "와인.csv", columns, "cp949", ";")
    arguments = ("--data", "와인.csv", "--target", "품종", "--drop", "메모", "날짜")
    trained = command("train.py", *arguments, "--label-smoothing", 0, "--device", "cpu")
    assert trained.returncode == 0, trained.stderr
    assert trained.stderr.startswith("note: 와인.csv is not in UTF-8: read as Korean (cp949)")
    assert len(trained.stderr.splitlines()) == 1
    shown = {line.split()[0]: line for line in trained.stdout.splitlines() if line[:2] == "  "}
    assert list(shown) == ["column", "번호", *WINE.split(), "맛"]
    assert "counts the rows; --numbers 번호 keeps it" in shown["번호"]
    assert all("number" in shown[name] for name in WINE.split())
    assert "26 (15%)" in shown["사과산"]
    assert "category" in shown["맛"]

    monkeypatch.chdir(tmp_path)
    evaluation.main(device="cpu")
    (folder,) = Path("runs").iterdir()
    assert result(folder)["accuracy"] >= 0.9
    assert (folder / "confusion.png").read_bytes()[:4] == b"\x89PNG"
    new = {name: values for name, values in columns.items() if name not in ("품종", "메모")}
    write(tmp_path / "새.csv", new, "cp949", ";")
    answered = command("predict.py", "새.csv", "--output", "답.csv", "--device", "cpu")
    assert answered.returncode == 0, answered.stderr
    answers = read_table(Path("답.csv"))
    assert list(answers) == [*new, "prediction", "probability"]
    right = [a == b for a, b in zip(answers["prediction"], columns["품종"], strict=True)]
    assert sum(right) / len(right) >= 0.9


def test_numbers_are_learned_scored_and_answered_in_their_own_unit(tmp_path, capsys):
    data, run = write(tmp_path / "data.csv", diabetes()), str(tmp_path / "run")
    folder = train(Config(data=data, target="progression", device="cpu", run_dir=run))
    with (folder / "metrics.csv").open(encoding="utf-8") as file:
        losses = [float(row["val_loss"]) for row in csv.DictReader(file)]
    best = torch.load(folder / "best.pt", weights_only=True)["best"]
    assert best["epoch"] == 1 + losses.index(min(losses))

    evaluation.main(run_dir=run, device="cpu")
    scores = result(run)
    assert scores.keys() == {*ALWAYS, "mae", "rmse", "r2"}
    assert scores["intervals"].keys() == {"mae", "rmse", "r2"}
    assert {one["metric"] for one in scores["comparisons"].values()} == {"mae"}
    assert scores["baselines"].keys() == {"ridge", "gradient boosting"}
    assert all(one["r2"] > 0.4 for one in scores["baselines"].values())
    assert scores["r2"] > 0.3
    assert 30 < scores["mae"] < scores["rmse"] < 65
    assert [(folder / f"{name}.png").exists() for name in ("predicted", "confusion")] == [1, 0]
    assert (folder / "mistakes.png").exists()
    capsys.readouterr()
    main(run_dir=run, device="cpu", output=tmp_path / "answers.csv")
    answers = read_table(tmp_path / "answers.csv")
    assert list(answers)[-2:] == ["sex", "prediction"]
    assert all(25 < float(answer) < 350 for answer in answers["prediction"])
    main((data,), run_dir=run, device="cpu")
    guesses = [float(line.split(": ")[1]) for line in capsys.readouterr().out.splitlines()[1:]]
    truth = [float(number) for number in diabetes()["progression"]]
    assert len(set(guesses)) > 400
    assert torch.tensor([truth, guesses]).corrcoef()[0, 1] > 0.6


def test_ours_is_no_worse_than_the_baselines_that_eval_prints(tmp_path, capsys):
    folder = train(Config(device="cpu", run_dir=str(tmp_path / "run")))
    evaluation.main(run_dir=str(folder), device="cpu")
    scores, shown = result(folder), capsys.readouterr().out
    measured = {"accuracy", "macro_f1", "balanced_accuracy"}
    assert scores.keys() == {*ALWAYS, *measured, "per_class"}
    assert all(one.keys() == measured for one in scores["baselines"].values())
    baselines = {name: one["accuracy"] for name, one in scores["baselines"].items()}
    assert baselines.keys() == {"logistic regression", "gradient boosting"}
    assert min(baselines.values()) > 0.9
    assert scores["accuracy"] >= max(baselines.values()) - 0.02
    assert all(f"({name})\n" in shown for name in ("this model", *baselines))
    evaluation.main(run_dir=str(folder), split="val", baseline=False, device="cpu")
    assert (result(folder)["split"], result(folder)["baselines"]) == ("val", {})


SMALL = {
    "size": ["1.5", "2", "", "3", "5"] * 6,
    "colour": ["red", "blue", "blue"] * 10,
    "kind": ["cat", "cat", "dog", "dog", "dog"] * 6,
}


def small(folder):
    data, run = write(folder / "data.csv", SMALL), str(folder / "run")
    return Config(data=data, target="kind", epochs=1, device="cpu", run_dir=run)


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory):
    return str(train(small(tmp_path_factory.mktemp("small"))))


def test_the_output_is_the_table_itself_with_the_answers_in_new_columns(run_dir, tmp_path):
    new = {
        "코드": ["007", "1.50", "1e3"], "colour": ["red", "a colour never seen", ""],
        "note": ['said "no"', "one, two\nthree", "NA"], "size": ["3.10", "n/a", "-1e30"],
    }  # fmt: skip
    path, output = write(tmp_path / "new.csv", new), tmp_path / "answers.csv"
    main((path,), output=output, run_dir=run_dir, device="cpu")
    answers = read_table(output)
    assert list(answers) == [*new, "prediction", "probability"]
    assert {name: answers[name] for name in new} == new
    assert set(answers["prediction"]) <= {"cat", "dog"}
    assert all(0.5 <= float(chance) <= 1 for chance in answers["probability"])


def test_each_row_is_answered_with_its_likeliest_classes(run_dir, tmp_path, capsys):
    path = write(tmp_path / "new.csv", {"size": ["1", ""], "colour": ["red", "blue"]})
    capsys.readouterr()
    main((path,), run_dir=run_dir, device="cpu")
    main((path,), run_dir=run_dir, device="cpu", top=1)
    first, second, *likeliest = capsys.readouterr().out.splitlines()
    assert [line.partition(", ")[0] for line in (first, second)] == likeliest
    assert (first[:7], second[:7]) == ("row 1: ", "row 2: ")
    assert first.count("%") == second.count("%") == 2


def test_an_output_that_is_there_already_is_not_overwritten(run_dir, tmp_path):
    path = write(tmp_path / "new.csv", SMALL)
    with pytest.raises(UserError, match="is there already: name another --output"):
        main((path,), output=Path(path), run_dir=run_dir, device="cpu")
    assert read_table(Path(path)) == SMALL


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"size": ["1"]}, "lacks the columns colour"),
        ({"Size": ["1"]}, "lacks the columns size, colour"),
        ({"size": ["1", "2 cm"], "colour": ["red", "red"]}, "row 2: size is '2 cm', which is no n"),
    ],
)
def test_a_table_that_does_not_fit_is_refused_and_nothing_written(
    run_dir, tmp_path, columns, message
):
    path = write(tmp_path / "new.csv", columns)
    with pytest.raises(UserError, match=message):
        main((path,), output=tmp_path / "answers.csv", run_dir=run_dir, device="cpu")
    assert not (tmp_path / "answers.csv").exists()


def test_two_files_at_a_time_are_refused_and_none_needs_examples(run_dir, tmp_path):
    path = write(tmp_path / "new.csv", SMALL)
    with pytest.raises(UserError, match="one CSV file at a time, not 2"):
        main((path, path), run_dir=run_dir, device="cpu")
    with pytest.raises(UserError, match="which input"):
        main(run_dir=run_dir, device="cpu")


def test_a_file_to_answer_for_may_have_the_encoding_of_training_or_utf_8(tmp_path, capsys):
    config = small(tmp_path)
    latin = {**SMALL, "colour": ["rosé", "blau", "grün"] * 10}
    write(Path(str(config.data)), latin, encoding="cp1252")
    folder = str(train(replace(config, encoding="cp1252")))
    answers = []
    for encoding in ("cp1252", "utf-8"):
        path = write(tmp_path / f"{encoding}.csv", latin, encoding=encoding)
        capsys.readouterr()
        main((path,), run_dir=folder, device="cpu")
        shown = capsys.readouterr()
        assert "has not seen" not in shown.err
        answers.append(shown.out)
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    "changed",
    [
        {name: [*values, values[0]] for name, values in SMALL.items()},
        {"size": ["1.6", "2", "", "3", "5"] * 6},
        {"colour": ["red", "green", "blue"] * 10},
        {"kind": ["cat", "cat", "cow", "cow", "cow"] * 6},
        {"more": ["1", "2", "3"] * 10},
    ],
    ids=["rows", "number", "category", "class", "column"],
)
def test_data_that_changed_since_training_are_refused(tmp_path, changed):
    config = small(tmp_path)
    train(config)
    write(tmp_path / "data.csv", SMALL | changed)
    with pytest.raises(UserError, match="the data have changed"):
        evaluation.main(run_dir=config.run_dir, device="cpu")
    with pytest.raises(UserError, match="the data have changed"):
        train(replace(config, resume=True))


def test_excel_computes_no_answer_and_fed_again_they_are_the_same(tmp_path):
    cells = ["=1+1", "+cmd|'/C calc'!A0", "@SUM(A1)", "-3.5", "+1e3", "'=1", "a;=1", "한국어"]
    asked = {"=text": cells, "n": [str(number) for number in range(len(cells))]}
    answers = {**asked, "prediction": ["=yes"] * len(cells)}
    path = tmp_path / "answers.csv"
    write_table(path, answers)
    with path.open(encoding="utf-8-sig", newline="") as file:
        names, *rows = csv.reader(file)
    assert names == ["'=text", "n", "prediction"]
    assert [row[0] for row in rows] == [
        *["'=1+1", "'+cmd|'/C calc'!A0", "'@SUM(A1)", "-3.5", "+1e3", "''=1", "a;=1", "한국어"]
    ]
    assert '"a;=1"' in path.read_text(encoding="utf-8-sig")  # where ";" begins a cell, none begins
    assert read_table(path) == answers
