"""Your training as a whole: the commands, and that a training can be interrupted."""

import csv
import json
import subprocess
import sys
import time
from pathlib import Path

import torch

from config import Config

PROJECT = Path(__file__).parent.parent
SMALL = {"width": 8, "max_length": 16, "context": 16}  # settings that some projects have
SHORT = ["--epochs", "2", "--limit-batches", "4", "--device", "cpu"]
for name, value in SMALL.items():
    if hasattr(Config(), name):
        SHORT += ["--" + name.replace("_", "-"), str(value)]


def rows(folder: Path) -> list[dict[str, str]]:
    """Return metrics.csv without the time that it took."""
    with (folder / "metrics.csv").open(newline="", encoding="utf-8") as file:
        return [{**row, "seconds": ""} for row in csv.DictReader(file)]


def test_train_eval_and_predict_work_one_after_the_other(command, tmp_path):
    trained = command("train.py", *SHORT)
    assert trained.returncode == 0, trained.stderr
    (folder,) = (tmp_path / "runs").glob("*/")
    assert len(rows(folder)) == 2

    scored = command("eval.py", "--device", "cpu", "--no-baseline")
    assert scored.returncode == 0, scored.stderr
    result = json.loads((folder / "eval.json").read_text(encoding="utf-8"))
    assert result["split"] == "test"
    assert "warning: predict.py answers otherwise" not in scored.stdout, (
        "predict.py makes its inputs otherwise than the dataset in data.py: let both use read_input"
    )

    answered = command("predict.py", "--device", "cpu")
    assert answered.returncode == 0, answered.stderr
    assert answered.stdout.strip()


def test_a_killed_training_goes_on_to_the_same_weights(command, tmp_path):
    unbroken = command("train.py", *SHORT, "--run-dir", "unbroken")
    assert unbroken.returncode == 0, unbroken.stderr

    words = ["train.py", *SHORT, "--run-dir", "broken", "--save-every", "1"]
    line = [sys.executable, str(PROJECT / words[0]), *words[1:]]
    last = tmp_path / "broken" / "last.pt"
    end = time.monotonic() + 120
    with subprocess.Popen(line, cwd=tmp_path, stdout=subprocess.DEVNULL) as training:
        while training.poll() is None and not last.exists() and time.monotonic() < end:
            time.sleep(0.001)
        training.kill()
    resumed = command("train.py", "--resume", "--run-dir", "broken", "--device", "cpu")
    assert resumed.returncode == 0, resumed.stderr

    advice = (
        "a resumed training ended otherwise than an unbroken one. Is there something that a "
        "checkpoint does not hold: a list or a counter that changes during training, outside of "
        "weights and buffers? Random numbers of PyTorch, NumPy and Python are taken care of"
    )
    first = torch.load(tmp_path / "unbroken" / "last.pt", weights_only=True)
    second = torch.load(last, weights_only=True)
    assert rows(tmp_path / "unbroken") == rows(tmp_path / "broken"), advice
    for name, weight in first["model"].items():
        assert torch.equal(weight, second["model"][name]), f"{name}: {advice}"
