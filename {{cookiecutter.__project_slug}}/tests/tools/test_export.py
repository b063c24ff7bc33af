"""The export: whole, equal to PyTorch's answers, useful without PyTorch, or not there at all."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from config import Config
from data import Info, load_data
from engine.checkpoint import load_model
from engine.settings import UserError
from model import build_model
from tools.export import main

PROJECT = Path(__file__).parents[2]
LAST_CHARACTER = 0x10FFFF  # there are no more in Unicode


@pytest.fixture(scope="module")
def run(trained, tmp_path_factory):
    """The folder of a short run with its export, made once."""
    for package in ("onnxruntime", "onnxscript", "safetensors"):
        pytest.importorskip(package, reason="optional: pip install -e .[export]")
    folder = tmp_path_factory.mktemp("exported") / "run"
    shutil.copytree(trained, folder)
    main(run_dir=str(folder))
    return folder


@pytest.fixture
def copied(run, tmp_path):
    """A copy of that run, to change it."""
    shutil.copytree(run, tmp_path / "run")
    return tmp_path / "run"


def load(folder):
    """Return the run's best model and what belongs to it."""
    return load_model(folder, torch.device("cpu"), Config, Info, build_model)


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_folder_has_all_that_a_program_needs_and_what_was_found(run):
    folder = run / "export"
    result = read(folder / "export.json")
    files = {path.name for path in folder.iterdir() if path.is_file()} - {
        "export.json",
        "README.md",
    }
    assert files == {"model.onnx", "model.safetensors", "model.json", "infer_onnx.py"}
    assert result["bytes"] == {name: (folder / name).stat().st_size for name in files}
    assert result["examples"] == read(run / "eval.json")["n"] > 0
    assert 0 <= result["largest_difference"] < 1e-4
    for times in result["milliseconds"].values():
        assert len(times) == 2
        assert all(0 < time < 10_000 for time in times.values())


def test_model_json_says_what_goes_in_and_what_comes_out(run):
    about = read(run / "export" / "model.json")
    info = load(run).checkpoint["info"]
    assert about["classes"] == info["classes"]
    plain = {name: value for name, value in info.items() if not isinstance(value, torch.Tensor)}
    plain.pop("tokenizer", None)  # it is a file of its own
    assert about["inputs"] | {"classes": info["classes"]} == plain
    assert len(about["how"]) > 100
    assert all(form["shape"][0] == "batch" for form in about["takes"].values())


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
    loaded = load(run)
    loaded.model.load_state_dict(weights)
    assert weights.keys() == loaded.checkpoint["model"].keys()
    for name, tensor in loaded.checkpoint["model"].items():
        assert torch.equal(weights[name], tensor), name


def draw(form, batch, length, highest):
    """Return a random input of the form that model.json describes.

    Characters are numbers up to the highest.
    """
    generator = np.random.default_rng(0)
    shape = []
    for size in form["shape"]:
        shape.append({"batch": batch, "length": length}.get(size, size))
    if form["type"] == "float32":
        return generator.uniform(0, 1, shape).astype(np.float32)
    if "length" in form["shape"]:
        return generator.integers(1, highest, shape, endpoint=True)
    return generator.integers(0, 2, shape)  # a category that is not known, or the first one


@pytest.mark.parametrize("batch", [1, 2, 64])
@pytest.mark.parametrize("length", [1, 7, 128])
def test_every_size_of_a_batch_is_answered_as_pytorch_does(run, batch, length):
    import onnxruntime

    about = read(run / "export" / "model.json")
    highest = LAST_CHARACTER
    if "characters" in about["inputs"]:  # all that are known
        highest = len(about["inputs"]["characters"]) - 1
        length = min(length, about["inputs"]["context"])
    feeds = {name: draw(form, batch, length, highest) for name, form in about["takes"].items()}
    waiting = [torch.from_numpy(array) for array in feeds.values()]
    loaded = load(run)
    example, _ = load_data(loaded.config).test[0]
    parts = example if isinstance(example, tuple) else (example,)
    inputs = []
    for part in parts:
        if torch.as_tensor(part).numel() == 0:  # a table without categories
            inputs.append(torch.empty((batch, *part.shape), dtype=part.dtype))
        else:
            inputs.append(waiting.pop(0))
    with torch.inference_mode():
        try:
            expected = loaded.model(*inputs)
        except RuntimeError as error:
            pytest.skip(f"model.py's network takes no input of length {length}: {error}")
    if loaded.info.is_sequence:
        expected = expected[:, -1]  # of logits (N, T, K)
    if about["gives"] == "probabilities":
        expected = expected.softmax(dim=1)
    session = onnxruntime.InferenceSession(run / "export" / "model.onnx")
    answers = np.asarray(session.run([about["gives"]], feeds)[0])
    assert answers.shape == expected.shape
    assert np.allclose(answers, expected.numpy(), atol=1e-4)


def test_the_folder_answers_without_pytorch_and_project_as_predict_does(
    run, start, tmp_path, without
):
    shutil.copytree(run / "export", tmp_path / "elsewhere")
    examples = sorted(run.glob("examples/*"))
    if not examples:
        pytest.skip("eval.py could not write examples of the test data, so there are no inputs")
    alone = without("torch", "config", "data") | {"PYTHONUTF8": "1"}
    script = tmp_path / "elsewhere" / "infer_onnx.py"
    predict = [PROJECT / "predict.py", "--run-dir", run, "--device", "cpu"]
    if load(run).info.is_sequence:  # what is written: with the likeliest characters the same text
        words = ["--tokens", 100, "--temperature", 0, *examples]
        answer = start(script, *words, env=alone)
        assert answer.returncode == 0, answer.stderr
        assert answer.stdout == start(*predict, *words).stdout
        assert len(answer.stdout) > 100 * len(examples)
        return
    answer = start(script, *examples, env=alone)
    assert answer.returncode == 0, answer.stderr
    expected = start(*predict, "--top", 1, *examples).stdout.splitlines()
    answers = answer.stdout.splitlines()
    assert len(answers) == len(expected) > 0
    for given, right in zip(answers, expected, strict=True):
        words, chance = given.rsplit(" ", 1)
        right_words, right_chance = right.rsplit(" ", 1)
        assert words == right_words
        difference = float(chance.rstrip("%")) - float(right_chance.rstrip("%"))
        assert abs(difference) < 0.11  # percent, rounded


def always_dropout(outputs):
    """Return outputs that differ each time, also outside training."""
    return F.dropout(outputs, training=True)


def choose_by_value(outputs):
    """Return outputs that a Python `if` over values has chosen."""
    return outputs if outputs.sum() > 0 else -outputs


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (always_dropout, "model.onnx answers otherwise than PyTorch, by up to "),
        (choose_by_value, "torch.onnx cannot export model.py's network: "),
    ],
)
def test_a_model_that_cannot_be_exported_leaves_nothing(
    copied, monkeypatch, capfd, change, message
):
    shutil.rmtree(copied / "export")
    before = sorted(copied.iterdir())
    network = type(load(copied).model)
    forward = network.forward
    monkeypatch.setattr(network, "forward", lambda *inputs: change(forward(*inputs)))
    with pytest.raises(UserError, match=message) as caught:
        main(run_dir=str(copied))
    assert "\n" not in str(caught.value)
    assert not capfd.readouterr().err
    assert sorted(copied.iterdir()) == before


def test_an_earlier_export_is_replaced_without_a_warning(copied, capsys):
    export = copied / "export"
    (export / "model.onnx").write_bytes(b"an earlier one")
    main(run_dir=str(copied))
    assert "warning" not in capsys.readouterr().out
    size = (export / "model.onnx").stat().st_size
    assert size == read(export / "export.json")["bytes"]["model.onnx"] > 1000


def test_a_missing_package_is_named_with_the_command_that_installs_it(command, tmp_path, without):
    (tmp_path / "runs" / "one").mkdir(parents=True)
    (tmp_path / "runs" / "one" / "config.json").write_text("{}", encoding="utf-8")
    answer = command("export", env=without("onnxscript"))
    assert answer.returncode == 2
    assert answer.stderr.startswith("error: onnxscript is not installed: pip install -e ")
    assert answer.stderr.count("\n") == 1


def test_a_script_that_reads_inputs_otherwise_than_predict_is_named(copied, monkeypatch, capsys):
    from tools import export_files

    script = copied / "infer_onnx.py"
    script.write_text('"""Answers.\n\nHow: it does not."""\nprint("no answer")\n', encoding="utf-8")
    capsys.readouterr()
    monkeypatch.setattr(export_files, "SCRIPT", script)
    main(run_dir=str(copied))
    assert "warning: infer_onnx.py answers otherwise than predict.py" in capsys.readouterr().out
