"""The exported model writes on as predict.py does."""

import unicodedata

import numpy as np
import pytest
import torch

from config import Config
from predict import main as predict
from tools.export import main as export
from train import train

for package in ("onnxruntime", "onnxscript", "safetensors"):
    pytest.importorskip(package, reason="optional: pip install -e .[export]")
from tools.infer_onnx import choose  # noqa: E402

TEXTS = [
    "W",
    "What is your name?\nMy name",
    "a text that is longer than what the network looks back",
    "  spaces around  \n\n",
    "two \r\nlines\ra third",
    "\ud55c\uae00 \U0001f525 unknown \x1b",
    unicodedata.normalize("NFD", "caf\u00e9 \ud55c\uae00"),
    "",
]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The folder of a short run, with its export."""
    folder = tmp_path_factory.mktemp("trained") / "run"
    config = Config(epochs=1, limit_batches=30, context=16, device="cpu", run_dir=str(folder))
    train(config)
    export(run_dir=str(folder))
    return folder


def written(start, run, *words):
    """Return what the script writes, and see that it comes to its end."""
    answer = start(run / "export" / "infer_onnx.py", *words)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def test_with_temperature_0_each_text_goes_on_as_with_predict(start, run, tmp_path, capsys):
    file = tmp_path / "begun.txt"
    file.write_text("\n in a file \n\n", encoding="utf-8-sig")
    texts = [*TEXTS, str(file)]
    capsys.readouterr()
    predict(tuple(texts), tokens=60, temperature=0, run_dir=str(run), device="cpu")
    expected = capsys.readouterr().out.replace("\x1b", r"\x1b")
    assert written(start, run, "--tokens", 60, "--temperature", 0, *texts) == expected


def test_the_same_seed_writes_the_same_text_and_another_one_another(start, run):
    first = written(start, run, "What", "--seed", 1)
    assert len(first) == len("What") + 300 + len("\n")
    assert written(start, run, "What", "--seed", 1) == first
    assert written(start, run, "What", "--seed", 2) != first


@pytest.mark.parametrize("temperature", [0.0001, 0.5, 1, 2])
def test_characters_come_as_often_as_probability_and_temperature_say(temperature):
    logits = torch.randn(10, generator=torch.Generator().manual_seed(0))
    probabilities = logits.softmax(dim=0).numpy()
    logits[0] = -torch.inf  # unknown characters are never written
    expected = (logits / temperature).softmax(dim=0).numpy()
    generator = np.random.default_rng(0)
    drawn = [choose(probabilities, temperature, generator) for _ in range(10_000)]
    found = np.bincount(drawn, minlength=10) / len(drawn)
    assert found[0] == 0
    assert np.allclose(found, expected, atol=0.02)


@pytest.mark.parametrize("wrong", [["--tokens", 0], ["--temperature", -1], ["--seed", -1], [""]])
def test_what_cannot_be_written_is_refused(start, run, wrong):
    answer = start(run / "export" / "infer_onnx.py", *wrong, *["a"][: len(wrong) - 1])
    assert answer.returncode == 2
    assert "error: " in answer.stderr
    assert not answer.stdout


@pytest.mark.parametrize("name", ["nowhere.txt", "latin.txt"])
def test_a_file_that_cannot_be_read_is_named_in_one_line(start, run, tmp_path, name):
    (tmp_path / "latin.txt").write_bytes("caf\u00e9".encode("latin-1"))
    answer = start(run / "export" / "infer_onnx.py", tmp_path / name)
    assert answer.returncode == 2
    assert answer.stderr.startswith(f"error: {tmp_path / name} cannot be read as UTF-8: ")
    assert answer.stderr.count("\n") == 1
    assert not answer.stdout
