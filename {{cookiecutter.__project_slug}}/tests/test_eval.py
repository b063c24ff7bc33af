"""The commands as a user types them: train, evaluate."""

import json
import os
import re
import subprocess
import sys

import pytest
from conftest import PROJECT

from data import load_splits
from eval import main
from train import train


def test_train_and_eval_run_as_commands_and_name_the_next_one(command, tmp_path):
    trained = command("train.py", "--epochs", 2, "--limit-batches", 12, "--device", "cpu")
    assert trained.returncode == 0, trained.stderr
    (folder,) = (tmp_path / "runs").iterdir()
    assert f'next: python eval.py --run-dir "{folder.relative_to(tmp_path)}"' in trained.stdout
    assert not trained.stderr  # no progress bar in a pipe, no warnings

    scored = command("eval.py", "--device", "cpu", "--no-baseline")
    assert scored.returncode == 0, scored.stderr
    assert "next: python predict.py" in scored.stdout
    result = json.loads((folder / "eval.json").read_text(encoding="utf-8"))
    assert result.keys() == {"split", "n", "loss", "accuracy", "baselines", "per_class"}
    assert result["split"] == "test"
    to_beat = float(re.findall("a test accuracy of ([0-9.]+)", trained.stdout)[0])
    assert to_beat + 0.05 < result["accuracy"] <= 1
    for name in ("confusion.png", "mistakes.png"):
        assert (folder / name).read_bytes()[:4] == b"\x89PNG"
    right = sum(one["recall"] * one["support"] for one in result["per_class"].values())
    assert right / result["n"] == pytest.approx(result["accuracy"])

    answered = command("predict.py", "--device", "cpu")
    assert answered.returncode == 0, answered.stderr
    assert len(answered.stdout.splitlines()) == 5


def test_a_rehearsal_is_evaluated_on_the_whole_split(tiny):
    folder = train(tiny)
    main(run_dir=str(folder), split="val", device="cpu", baseline=False)
    result = json.loads((folder / "eval.json").read_text(encoding="utf-8"))
    assert (result["split"], result["n"]) == ("val", len(load_splits(tiny)["val"]))


def test_eval_without_a_run_says_what_to_do(command):
    answer = command("eval.py")
    assert answer.returncode == 2
    assert answer.stderr == "error: there is no run in runs: `python train.py` makes one\n"


def test_training_does_not_load_scikit_learn_which_takes_longer_than_it(command, tmp_path):
    (tmp_path / "sklearn.py").write_text("raise SystemExit('it was loaded')", encoding="utf-8")
    arguments = ("--limit-batches", 1, "--epochs", 1, "--device", "cpu")
    answer = command("train.py", *arguments, env=os.environ | {"PYTHONPATH": str(tmp_path)})
    assert answer.returncode == 0, answer.stderr


def test_a_folder_name_that_a_pipe_cannot_show_is_no_error(command, tmp_path):
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    arguments = ("--limit-batches", 1, "--epochs", 1, "--device", "cpu", "--run-dir", "runs/한글")
    answer = command("train.py", *arguments, env=environment)
    assert answer.returncode == 0, answer.stderr
    assert (tmp_path / "runs" / "한글" / "last.pt").exists()


def test_a_reader_that_goes_away_ends_the_training_with_one_line(tmp_path):
    arguments = [sys.executable, PROJECT / "train.py", "--device", "cpu"]
    options: dict = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8"}
    with subprocess.Popen(arguments, cwd=tmp_path, **options) as training:
        assert training.stdout
        assert training.stderr
        training.stdout.readline()
        training.stdout.close()
        said = training.stderr.read()
    assert said == "error: nobody reads the output; a training goes on with --resume\n"
    assert training.returncode == 2
