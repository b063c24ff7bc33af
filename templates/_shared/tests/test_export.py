"""The export: whole, equal to PyTorch's answers, useful without PyTorch, or not there at all."""

import inspect
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

import eval as evaluation
from checkpoint import load_model
from commands.settings import UserError
from config import Config
from export import main
from predict import main as predict
from train import train

PACKAGES = ("onnxruntime", "onnxscript", "safetensors")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The folder of a short run with its export, made once."""
    for package in PACKAGES:
        pytest.importorskip(package, reason="optional: pip install -e .[export]")
    folder = str(tmp_path_factory.mktemp("trained") / "run")
    train(Config(epochs=1, limit_batches=30, device="cpu", run_dir=folder))
    evaluation.main(run_dir=folder, device="cpu", baseline=False)
    main(run_dir=folder)
    return Path(folder)


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_folder_has_all_that_a_program_needs_and_what_was_found(run):
    folder = run / "export"
    result, model = read(folder / "export.json"), read(folder / "model.json")
    files = {path.name for path in folder.iterdir()} - {"export.json"}
    assert files == {"model.onnx", "model.safetensors", "model.json", "infer_onnx.py"}
    assert result["bytes"] == {name: (folder / name).stat().st_size for name in files}
    assert result["same_class"] == result["examples"] == read(run / "eval.json")["n"] > 0
    assert 0 <= result["largest_difference"] < 1e-5
    times = [time for one in result["milliseconds"].values() for time in one.values()]
    assert len(times) == 4
    assert all(0 < time < 10_000 for time in times)
    state = load_model(run, torch.device("cpu"))[2]
    assert model["classes"] == state["classes"]
    assert model["inputs"] == state["inputs"]
    assert len(model["how"]) > 100


def test_each_model_file_also_holds_model_json(run):
    import onnxruntime
    from safetensors import safe_open

    text = (run / "export" / "model.json").read_text(encoding="utf-8")
    session = onnxruntime.InferenceSession(run / "export" / "model.onnx")
    assert session.get_modelmeta().custom_metadata_map["model.json"] == text
    with safe_open(run / "export" / "model.safetensors", "pt") as file:
        assert file.metadata() == {"model.json": text}


def test_the_weights_come_back(run):
    from safetensors.torch import load_file

    weights = load_file(run / "export" / "model.safetensors")
    model, _, state = load_model(run, torch.device("cpu"))
    model.load_state_dict(weights)
    assert weights.keys() == state["model"].keys()
    assert all(torch.equal(weights[name], one) for name, one in state["model"].items())


DRAW = {
    "uint8": lambda draw, shape: draw.integers(0, 256, shape, np.uint8),
    "float32": lambda draw, shape: draw.normal(0, 1e3, shape).astype(np.float32),
    "int64": lambda draw, shape: draw.integers(1, 0x110000, shape),  # any character
}


@pytest.mark.parametrize("batch", [1, 2, 64])
@pytest.mark.parametrize("length", [1, 7, 128])
def test_every_size_of_a_batch_is_answered_as_pytorch_does(run, batch, length):
    import onnxruntime

    about, draw, feeds = read(run / "export" / "model.json"), np.random.default_rng(0), {}
    for name, one in about["takes"].items():
        shape = [{"batch": batch, "length": length}.get(size, size) for size in one["shape"]]
        feeds[name] = DRAW[one["type"]](draw, shape)
    session = onnxruntime.InferenceSession(run / "export" / "model.onnx")
    answers: Any = session.run([about["gives"]], feeds)[0]
    model = load_model(run, torch.device("cpu"))[0]
    nothing = np.empty((batch, 0), np.float32)  # for a table without categories
    inputs = [feeds.get(name, nothing) for name in inspect.signature(model.forward).parameters]
    with torch.inference_mode():
        expected = model(*map(torch.from_numpy, inputs)).softmax(dim=1).numpy()
    assert answers.shape == (batch, len(about["classes"]))
    assert np.allclose(answers, expected, atol=1e-5)


def test_the_folder_answers_without_pytorch_and_project_as_predict_does(
    run, command, tmp_path, without, capsys
):
    shutil.copytree(run / "export", tmp_path / "elsewhere")
    examples = sorted((run / "examples").iterdir())
    alone = without("torch") | {"PYTHONUTF8": "1"}
    answer = command(tmp_path / "elsewhere" / "infer_onnx.py", *examples, env=alone)
    assert answer.returncode == 0, answer.stderr
    capsys.readouterr()
    predict(tuple(map(str, examples)), top=1, run_dir=str(run), device="cpu")
    expected = capsys.readouterr().out.splitlines()
    answers = answer.stdout.splitlines()
    assert len(answers) == len(expected) == 5
    for one, other in zip(answers, expected, strict=True):
        (words, chance), (right, likely) = one.rsplit(" ", 1), other.rsplit(" ", 1)
        assert words == right
        assert abs(float(chance[:-1]) - float(likely[:-1])) < 0.11  # percent, rounded


def random_layer(layer, inputs):
    return F.dropout(F.linear(inputs, layer.weight, layer.bias))  # also outside training


def choosing_layer(layer, inputs):
    return F.linear(inputs, layer.weight, layer.bias if inputs.sum() > 0 else None)


@pytest.mark.parametrize(
    ("forward", "message"),
    [
        (random_layer, "model.onnx answers otherwise than PyTorch, by up to 0"),
        (choosing_layer, "torch.onnx cannot export model.py's network: "),
    ],
)
def test_a_model_that_cannot_be_exported_leaves_nothing(
    run, tmp_path, monkeypatch, forward, message
):
    shutil.copytree(run, tmp_path / "run", ignore=shutil.ignore_patterns("export"))
    before = sorted((tmp_path / "run").iterdir())
    monkeypatch.setattr(nn.Linear, "forward", forward)
    with pytest.raises(UserError, match=message) as caught:
        main(run_dir=str(tmp_path / "run"))
    assert "\n" not in str(caught.value)
    assert sorted((tmp_path / "run").iterdir()) == before


def test_an_earlier_export_is_replaced(run, tmp_path):
    shutil.copytree(run, tmp_path / "run")
    export = tmp_path / "run" / "export"
    (export / "model.onnx").write_bytes(b"an earlier one")
    main(run_dir=str(tmp_path / "run"))
    size = (export / "model.onnx").stat().st_size
    assert size == read(export / "export.json")["bytes"]["model.onnx"] > 1000


def test_a_missing_package_is_named_with_the_command_that_installs_it(command, tmp_path, without):
    (tmp_path / "runs" / "one").mkdir(parents=True)
    (tmp_path / "runs" / "one" / "config.json").write_text("{}", encoding="utf-8")
    answer = command("export.py", env=without("onnxscript"))
    assert answer.returncode == 2
    assert answer.stderr.startswith("error: onnxscript is not installed: pip install -e ")
    assert answer.stderr.count("\n") == 1


def test_help_and_a_missing_run_do_not_wait_for_pytorch(command, without):
    quick = without("torch")
    assert "--run-dir" in command("export.py", "--help", env=quick).stdout
    answer = command("export.py", env=quick)
    assert answer.returncode == 2
    assert answer.stderr == "error: there is no run in runs: `python train.py` makes one\n"
