"""With real weights: trained, scored, asked, exported, killed and resumed, without the web."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import BACKBONE, KILLED, SMALL, TASK, assert_same_weights, read_rows

from engine.checkpoint import load_checkpoint


def size_of_backbone(folder: Path) -> int:
    """Return the bytes of the weights of a run's backbone."""
    weights = load_checkpoint(folder / "last.pt")["model"]
    return sum(tensor.nbytes for name, tensor in weights.items() if name.startswith("backbone."))


def test_it_learns_from_29_examples_and_eval_and_predict_agree(terminal, tuned, few_examples):
    scored = terminal.run("eval.py", "--device", "cpu", "--run-dir", tuned)
    assert scored.returncode == 0, scored.stderr
    assert "warning" not in scored.stdout
    result = json.loads((tuned / "eval.json").read_text(encoding="utf-8"))
    assert result["n"] >= 8
    assert result["accuracy"] >= 0.9

    if TASK == "image":
        asked = {few_examples / "china": "china", few_examples / "flower": "flower"}
    else:
        asked = {"my favorite team won the match": "sports", "I like to eat soup": "food"}
    for words, name in asked.items():
        answered = terminal.run("predict.py", words, "--run-dir", tuned, "--device", "cpu")
        assert answered.returncode == 0, answered.stderr
        answers = [re.search(r": (\w+) [0-9.]+%", line) for line in answered.stdout.splitlines()]
        right = [answer is not None and answer[1] == name for answer in answers]
        assert sum(right) >= 0.9 * len(right) > 0, answered.stdout


def test_the_exported_network_answers_as_pytorch_does(terminal, tuned, few_examples):
    exported = terminal.run("-m", "tools.export", "--run-dir", tuned)
    assert exported.returncode == 0, exported.stderr
    folder = next(tuned.rglob("model.onnx")).parent
    asked = [few_examples / "china" / "00.png", few_examples / "flower" / "00.png"]
    if TASK == "text":
        asked = ["The match was lost.", "Bread and soup, please."]
    ours = terminal.run("predict.py", *asked, "--run-dir", tuned, "--device", "cpu")
    onnx = terminal.python(str(folder / "infer_onnx.py"), *map(str, asked))
    assert onnx.returncode == 0, onnx.stderr
    expected = [re.findall(r": (\w+) ([0-9.]+)%", line)[0] for line in ours.stdout.splitlines()]
    found = [re.findall(r": (\w+) ([0-9.]+)%", line)[0] for line in onnx.stdout.splitlines()]
    assert [name for name, _ in found] == [name for name, _ in expected]
    assert np.allclose(
        [float(percent) for _, percent in found],
        [float(percent) for _, percent in expected],
        atol=0.2,
    )


@pytest.mark.usefixtures("no_weights")
def test_its_page_and_its_service_answer_where_the_backbone_is_not(terminal, tuned):
    pytest.importorskip("gradio", reason="without gradio there is no page")
    if not (tuned / "examples").is_dir():
        assert terminal.run("eval.py", "--device", "cpu", "--run-dir", tuned).returncode == 0
    written = terminal.run("-m", "tools.space", "--run-dir", tuned)
    assert written.returncode == 0, written.stderr
    assert "its page was asked: the same answers to " in written.stdout
    pins = (tuned / "space" / "requirements.txt").read_text(encoding="utf-8")
    reader = {"image": "timm", "text": "transformers"}[TASK]
    assert f"\n{reader}==" in pins
    if TASK == "text":  # of pictures the service knows no more than the page
        ((best, *_),) = terminal.served(tuned, ["The match was lost."])
        assert best["label"] == "sports"


def test_a_page_without_a_server_is_refused_where_the_model_reads_tokens(terminal, tuned):
    if TASK != "text":
        pytest.skip("pictures are no tokens")
    refused = terminal.run("-m", "tools.export", "--web", "--run-dir", tuned)
    assert refused.returncode == 2
    assert refused.stderr.startswith("error: --web: a page cannot make tokens of a text")
    assert refused.stderr.count("\n") == 1


@pytest.fixture(scope="session")
def frozen(terminal, few_examples) -> Path:
    """Train the new layer alone; return the folder of the run."""
    words = ["--data", few_examples, "--backbone", BACKBONE, *SMALL]
    return terminal.train("frozen", *words, "--epochs", 2, "--frozen-epochs", 2)


def test_a_frozen_backbone_stays_as_it_was_and_is_saved_once(frozen, tuned):
    untouched = load_checkpoint(frozen / "last.pt")["model"]
    best = load_checkpoint(frozen / "best.pt")["model"]
    learned = load_checkpoint(tuned / "last.pt")["model"]
    names = [name for name in untouched if name.startswith("backbone.")]
    assert names
    for name in names:
        assert torch.equal(untouched[name], best[name]), name
    assert any(not torch.equal(untouched[name], learned[name]) for name in names)

    size = sum(path.stat().st_size for path in frozen.rglob("*") if path.is_file())
    backbone = size_of_backbone(frozen)
    assert backbone < size < 1.5 * backbone


def test_killed_before_at_and_after_the_end_of_the_frozen_epochs_it_ends_the_same(
    terminal, few_examples
):
    words = ["--data", few_examples, "--backbone", BACKBONE, *SMALL, "--batch-size", 10]
    words += ["--epochs", 4, "--frozen-epochs", 2, "--save-every", 1]
    unbroken = terminal.train("unbroken", *words)
    end = load_checkpoint(unbroken / "last.pt")["progress"]["step"]
    assert end % 4 == 0
    frozen_steps = end // 2
    assert frozen_steps >= 4

    options = ["--device", "cpu", "--run-dir", "broken"]
    command = ["train.py", *options, *words]
    done = 0
    for kill_at in (2, frozen_steps, frozen_steps + 1, end - 1):
        killed = terminal.killed(KILLED, kill_at - done, *command)
        assert killed.returncode != 0
        assert load_checkpoint(terminal.folder / "broken" / "last.pt")["progress"]["step"] < kill_at
        done = kill_at - 1  # the step that it died in was not saved
        command = ["train.py", "--resume", *options]
    resumed = terminal.run(*command)
    assert resumed.returncode == 0, resumed.stderr
    broken = terminal.folder / "broken"
    assert read_rows(broken) == read_rows(unbroken)
    for name in ("last.pt", "best.pt"):
        assert_same_weights(broken / name, unbroken / name)
