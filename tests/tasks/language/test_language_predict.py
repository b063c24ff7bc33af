"""The answers to texts, and a whole run on texts of the user."""

import ast
import csv
import json
import sysconfig
from pathlib import Path

import pytest

from config import Config
from engine.settings import UserError
from eval import main as evaluate
from predict import main
from train import train


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory):
    folder = tmp_path_factory.mktemp("trained") / "run"
    return str(train(Config(epochs=1, limit_batches=30, device="cpu", run_dir=str(folder))))


@pytest.fixture
def answer(run_dir, tmp_path, monkeypatch, capsys):
    """Call predict.py in an empty folder and return the lines it prints."""
    monkeypatch.chdir(tmp_path)

    def ask(*inputs, **options):
        capsys.readouterr()
        main(inputs, run_dir=run_dir, device="cpu", **options)
        return capsys.readouterr().out.splitlines()

    return ask


def test_sentences_get_their_likeliest_classes(answer):
    first, second = answer("한국말 아세요?", "What is this? " * 40, top=2)
    assert first.startswith("한국말 아세요?: korean ")
    assert first.count("%") == second.count("%") == 2


def test_a_file_is_read_line_by_line(answer, tmp_path):
    (tmp_path / "이름 with a space.txt").write_text("hello\n\n  안녕  \n", encoding="utf-8")
    lines = answer("이름 with a space.txt", "typed")
    assert [line.split(": ")[0] for line in lines] == ["hello", "안녕", "typed"]


def test_answers_are_written_to_a_table_once(answer, tmp_path):
    answer("a, b", "안녕", output=Path("out.csv"))
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["text"] for row in rows] == ["a, b", "안녕"]
    assert list(rows[0]) == ["text", "prediction", "probability"]
    with pytest.raises(UserError, match=r"out\.csv is there already"):
        answer("again", output=Path("out.csv"))


def test_an_answer_does_not_depend_on_the_other_texts(answer):
    alone = answer("Dove andiamo?")
    assert answer("x" * 100, "Dove andiamo?")[1:] == alone


def test_a_table_is_answered_row_by_row_and_kept(answer, tmp_path):
    (tmp_path / "new.csv").write_text('id,text\n7,"hello\nyou"\n8,안녕\n', encoding="utf-8")
    answer("new.csv", output=Path("out.csv"))
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["id"], row["text"]) for row in rows] == [("7", "hello\nyou"), ("8", "안녕")]


@pytest.mark.parametrize("name", ["none.csv", "none.txt", "."])
def test_a_file_that_is_not_there_is_no_sentence(answer, name):
    with pytest.raises(UserError, match="is no file"):
        answer(name)


@pytest.mark.parametrize("nothing", ["", "  "])
def test_nothing_to_answer_for_is_said(answer, nothing):
    with pytest.raises(UserError, match="no text in"):
        answer(nothing)


def test_without_a_text_it_takes_the_examples_or_says_what_to_do(answer, run_dir):
    with pytest.raises(UserError, match="which input"):
        answer()
    evaluate(run_dir=run_dir, device="cpu", baseline=False)
    assert len(answer()) == 5


@pytest.fixture(scope="module")
def docstrings(tmp_path_factory):
    """Write the first lines of Python's own documentation, labelled by their package."""
    library = Path(sysconfig.get_paths()["stdlib"])
    rows = []
    for package in ("asyncio", "email"):
        for path in sorted((library / package).glob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node):
                    rows.append((str(ast.get_docstring(node)).split("\n\n")[0], package))
    path = tmp_path_factory.mktemp("docs") / "docs.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([("말", "package"), *rows])
    return path, len(rows)


def test_texts_of_the_user_are_learned_without_naming_them_again(
    command, docstrings, tmp_path, capsys
):
    path, count = docstrings
    assert count > 300
    columns = ("--text-column", "말", "--label-column", "package")
    settings = ("--epochs", 10, "--max-length", 64, "--run-dir", "run", "--device", "cpu")
    trained = command("train.py", "--data", path, *columns, *settings)
    assert trained.returncode == 0, trained.stderr
    assert "left out: " in trained.stdout
    folder = str(tmp_path / "run")
    evaluate(run_dir=folder, device="cpu")
    result = json.loads((tmp_path / "run" / "eval.json").read_text(encoding="utf-8"))
    (baseline,) = result["baselines"].values()
    assert result["accuracy"] > max(0.6, baseline["accuracy"] - 0.03)
    text = "Return the coroutine that the event loop is running."
    main((text,), run_dir=folder, device="cpu")
    assert f"\n{text}: asyncio " in capsys.readouterr().out


def test_bad_data_end_with_one_line_exit_code_2_and_no_run(command, tmp_path):
    (tmp_path / "my.csv").write_text("text,label\nonly,one\n", encoding="utf-8")
    answer = command("train.py", "--data", "my.csv")
    assert answer.returncode == 2
    assert answer.stderr == "error: my.csv has one class only, one: 2 or more are needed\n"
    assert not (tmp_path / "runs").exists()


def test_a_backbone_that_is_not_installed_is_named_with_the_line_that_installs_it(
    command, tmp_path
):
    rows = [f"text {number},{number % 2}" for number in range(30)]
    (tmp_path / "my.csv").write_text("\n".join(["text,label", *rows]), encoding="utf-8")
    words = ["train.py", "--data", "my.csv", "--backbone", "any/name", "--device", "cpu"]
    refused = command(*words, without=["transformers"])
    assert refused.returncode == 2
    assert refused.stderr.startswith("error: transformers is not installed: pip install")
    assert '".[pretrained]"' in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert not (tmp_path / "runs").exists()
