"""What is written on, as predict.py is asked for it, and a whole run on a text of the user."""

import csv
import json
import math
from collections import Counter
from pathlib import Path

import pytest
import torch

from config import Config
from engine.baselines import NGrams, baselines
from engine.dataset import Windows
from engine.settings import UserError
from eval import main as evaluate
from predict import main
from train import train

SMALL = {"context": 16, "width": 16, "layers": 1, "epochs": 1}


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory):
    folder = tmp_path_factory.mktemp("trained") / "run"
    return str(train(Config(**SMALL, limit_batches=30, device="cpu", run_dir=str(folder))))


@pytest.fixture
def write(run_dir, tmp_path, monkeypatch, capsys):
    """Call predict.py in an empty folder, and return what it prints."""
    monkeypatch.chdir(tmp_path)

    def ask(*inputs, tokens=20, **options):
        capsys.readouterr()
        main(inputs, tokens=tokens, run_dir=run_dir, device="cpu", **options)
        return capsys.readouterr()

    return ask


def test_a_beginning_comes_first_and_so_many_characters_behind_it(write):
    said = write("What is", tokens=30, top_k=5).out
    assert said.startswith("What is")
    assert len(said) == len("What is") + 30 + len("\n")


def test_the_texts_alone_are_on_stdout(write, run_dir):
    captured = write("What is")
    assert captured.err == f"the best model of {run_dir} writes\n"
    assert run_dir not in captured.out


def test_the_same_seed_writes_the_same(write):
    texts = [write("What", tokens=80, seed=seed).out for seed in (3, 3, 4)]
    assert texts[0] == texts[1] != texts[2]


def test_several_beginnings_are_written_on_one_after_the_other(write):
    alone = [write("What is", seed=5).out, write("I am", seed=6).out]
    assert write("What is", "I am", seed=5).out == "\n\n".join(alone)


def test_each_beginning_has_a_seed_of_its_own(write):
    once = write("What is", tokens=80).out
    twice = write("What is", "What is", tokens=80).out
    assert twice.startswith(once)
    assert not twice.endswith(once)


def test_a_file_is_a_beginning_of_several_lines(write, tmp_path):
    text = "What is it?\nIt is"
    (tmp_path / "my beginning.txt").write_bytes(b"\r\nWhat is it?  \r\nIt is\r\n")
    assert write("my beginning.txt").out == write(text).out
    assert write(text).out.startswith(text)


def test_an_empty_beginning_is_written_on_beside_others(write):
    out = write("", "I am").out
    assert out.endswith(write("I am", seed=1).out)


@pytest.mark.parametrize("nothing", ["", "\n", " "])
def test_nothing_to_begin_with_is_said(write, nothing):
    with pytest.raises(UserError, match=r"no text in .*: how shall it begin"):
        write(nothing)


def test_texts_are_written_to_a_table_once(write, tmp_path):
    said = write("What is", '=1+1, "and"', output=Path("out.csv"))
    assert "written to out.csv: 2 texts\n" in said.err
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [list(row) for row in rows] == [["beginning", "text"]] * 2
    assert rows[0]["beginning"] == "What is"
    assert rows[1]["beginning"] == '\'=1+1, "and"'  # Excel shall not compute it
    assert said.out == rows[0]["text"] + "\n\n\n" + rows[1]["text"][1:] + "\n"
    with pytest.raises(UserError, match=r"out\.csv is there already"):
        write("again", output=Path("out.csv"))
    with pytest.raises(UserError, match="is in no folder that exists"):
        write("again", output=Path("nowhere/out.csv"))


def test_characters_that_training_has_not_seen_are_named_and_never_written(write):
    said = write("What 한국\u2603한", tokens=300, temperature=1000.0)
    assert "note: training has not seen '☃' '국' '한': each is read as the same\n" in said.err
    assert said.out.startswith("What 한국☃한")
    assert "\N{REPLACEMENT CHARACTER}" not in said.out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"tokens": 0}, "--tokens must be 1 or more"),
        ({"top_k": -1}, "--top-k 0 or more"),
        ({"temperature": -0.1}, "--temperature must be from 0 to 1000"),
        ({"temperature": math.nan}, "--temperature must be from 0 to 1000"),
        ({"temperature": math.inf}, "--temperature must be from 0 to 1000"),
        ({"seed": -1}, "--seed must be from 0 to"),
        ({"seed": 2**63}, "--seed must be from 0 to"),
    ],
)
def test_a_number_that_makes_no_sense_is_refused_in_one_line(write, options, message):
    with pytest.raises(UserError, match=message) as error:
        write("What is", **options)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("options", [{"temperature": 1e-40}, {"seed": 2**63 - 1}, {"top_k": 9999}])
def test_a_number_at_the_edge_is_taken(write, options):
    assert len(write("What is", **options).out) > len("What is")


@pytest.mark.parametrize("name", ["none.txt", "folder.txt"])
def test_a_file_that_cannot_be_read_is_no_beginning(write, tmp_path, name):
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(UserError, match=rf"^{name} (is not there|has no text files)"):
        write(name)


def test_without_a_beginning_it_takes_the_examples_or_says_what_to_do(write, run_dir):
    with pytest.raises(UserError, match="how shall it begin"):
        write()
    evaluate(run_dir=run_dir, device="cpu", baseline=False)
    said = write().out
    for path in sorted(Path(run_dir, "examples").iterdir()):
        assert path.read_text(encoding="utf-8").strip() in said


# What simpler models reach.


def test_the_loss_of_an_n_gram_is_computed_by_hand():
    model = NGrams([1, 2, 1, 2, 1, 3], order=2, characters=4)
    # Nothing known: 1 of all 4 are equally likely. 3 different ones came, in 6 places.
    unigram = {1: (3 + 3 / 4) / 9, 2: (2 + 3 / 4) / 9, 3: (1 + 3 / 4) / 9, 0: (0 + 3 / 4) / 9}
    for character, probability in unigram.items():
        assert model.loss([character], 0) == pytest.approx(-math.log(probability))
    # Behind 1 came 2 twice and 3 once: 2 different ones, in 3 places.
    assert model.loss([1, 2], 1) == pytest.approx(-math.log((2 + 2 * unigram[2]) / 5))
    assert model.loss([1, 0], 1) == pytest.approx(-math.log((0 + 2 * unigram[0]) / 5))
    # Nothing ever came behind 3.
    assert model.loss([3, 2], 1) == pytest.approx(-math.log(unigram[2]))


@pytest.mark.parametrize("order", [1, 2, 3, 5])
@pytest.mark.parametrize("before", [[], [1], [2, 3, 1], [4, 4, 4, 4, 4], [1, 2, 3, 1, 2, 3]])
def test_the_probabilities_of_an_n_gram_add_up_to_1(order, before):
    model = NGrams([1, 2, 3, 1, 2, 3, 1, 1, 2] * 3, order, characters=5)
    losses = [model.loss([*before, character], len(before)) for character in range(5)]
    assert sum(math.exp(-loss) for loss in losses) == pytest.approx(1)


def test_n_grams_are_scored_at_each_place_of_the_windows():
    text = torch.arange(3).repeat(40)  # 0 1 2 0 1 2 ...
    windows = Windows(text, 8)
    found = dict(baselines(windows, windows, Characters, None))
    assert list(found) == ["1-grams", "3-grams", "5-grams"]
    for losses in found.values():
        assert losses.shape == (len(windows), 8)
    assert found["1-grams"].mean().item() == pytest.approx(math.log(3), abs=0.01)
    assert found["3-grams"].mean() < 0.1  # after two characters the next one is certain


class Characters:
    """What an n-gram must know of the data."""

    characters = "abc"


# A whole run.


def test_a_text_of_the_user_is_learned_scored_and_written_on(
    command, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    words = ["고양이는", "개는", "새는"], ["오늘", "어제", "내일"], ["밥을 먹는다", "잠을 잔다"]
    lines = []
    for number in range(600):
        lines.append(" ".join(part[number * 7 % 11 % len(part)] for part in words) + ".")
    (tmp_path / "이야기.txt").write_text("\n".join(lines), encoding="utf-8-sig")
    options = [f"--{name}={value}" for name, value in {**SMALL, "epochs": 4, "width": 32}.items()]
    trained = command(
        "train.py", "--data", "이야기.txt", *options, "--run-dir", "run", "--device", "cpu"
    )
    assert trained.returncode == 0, trained.stderr
    assert "data: 1 document, " in trained.stdout
    assert trained.stdout.count("it writes: ") == 4

    folder = "run"
    evaluate(run_dir=folder, device="cpu")
    result = json.loads((tmp_path / "run" / "eval.json").read_text(encoding="utf-8"))
    assert result["bits_per_character"] == pytest.approx(result["loss"] / math.log(2))
    assert result["perplexity"] == pytest.approx(math.exp(result["loss"]))
    assert list(result["baselines"]) == ["1-grams", "3-grams", "5-grams"]
    assert result["bits_per_character"] < result["baselines"]["1-grams"]["bits_per_character"]
    for name in ("context.png", "mistakes.png"):
        assert (tmp_path / "run" / name).read_bytes()[:4] == b"\x89PNG"

    capsys.readouterr()
    main(("고양이는",), tokens=200, run_dir=folder, device="cpu")
    written = capsys.readouterr().out
    common = Counter("".join(lines)).keys() | {"\n"}
    assert set(written) <= common


def test_bad_data_end_with_one_line_exit_code_2_and_no_run(command, tmp_path):
    (tmp_path / "my.txt").write_text("short", encoding="utf-8")
    answer = command("train.py", "--data", "my.txt")
    assert answer.returncode == 2
    assert answer.stderr.startswith("error: a text of 5 characters is too short: ")
    assert answer.stderr.count("\n") == 1
    assert not (tmp_path / "runs").exists()


def test_bad_numbers_end_with_one_line_and_exit_code_2_before_a_model_is_loaded(command):
    answer = command("predict.py", "Hi", "--temperature", "nan", without=["torch"])
    assert answer.returncode == 2
    assert answer.stderr == "error: --temperature must be from 0 to 1000\n"
