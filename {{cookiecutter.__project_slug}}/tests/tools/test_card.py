"""The model card: what it says, that its snippets run, and what it keeps to itself."""

import json
import math
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from config import Config
from data import Info
from engine.metrics import Comparison, score_text
from engine.names import is_path
from eval import main as evaluate
from tools.card import main
from tools.card_text import (
    backbone_licence_of,
    card_text,
    mistakes_of,
    model_index,
    place_of,
    plain,
    scores_of,
    without_front_matter,
)
from tools.report_page import PROJECT, in_brackets, project_name
from tools.run_files import Scores, read_run
from tools.texts import CARD
from train import train


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The folder of a short run that eval.py has scored, made once."""
    folder = tmp_path_factory.mktemp("trained") / "run"
    train(Config(epochs=1, limit_batches=30, device="cpu", run_dir=str(folder)))
    evaluate(run_dir=str(folder), device="cpu")
    return folder


def snippets(card):
    """Return the blocks of Python on a card."""
    return re.findall(r"(?ms)^```python\n(.*?)^```$", card)


def front_matter(card):
    """Return the lines above the page."""
    assert card.startswith("---\n")
    return card.split("---\n", 2)[1].splitlines()


def test_the_command_writes_a_card_and_says_how_often_it_is_to_be_filled_in(run, capsys):
    capsys.readouterr()
    main(str(run))
    card = (run / "README.md").read_text(encoding="utf-8")
    said = capsys.readouterr().out.splitlines()
    assert said[1] == f"written to {run / 'README.md'}"
    gaps = card.count(CARD["not_stated"])
    assert gaps >= 2  # what it is for, and the licence of the weights
    assert said[-1] == f"to be filled in by you, {gaps} times: {CARD['not_stated']!r}"


def test_it_has_every_score_with_its_interval_every_class_and_simpler_model(run):
    card = card_text(run)
    scores = read_run(run).scores
    assert scores is not None
    assert scores.metrics
    for name, value in scores.metrics.items():
        (cell,) = in_brackets(scores.metrics, scores.intervals, [name])
        assert cell in card
        assert score_text(value) in cell
    assert scores.intervals
    assert scores.baselines
    assert scores.baseline_intervals.keys() == scores.baselines.keys()
    for model, metrics in scores.baselines.items():
        doubts = scores.baseline_intervals[model]
        cells = " | ".join(in_brackets(metrics, doubts, list(scores.metrics)))
        assert f"| {plain(model)} | {cells} |" in card
        metric, verdict, p = scores.comparisons[model]
        words = CARD[verdict].format(metric=plain(metric), model=plain(model), p=f"{p:.2g}")
        assert words in card
    for name, measures in scores.per_class.items():
        row = f"| {plain(name)} | {measures['precision']:.3f} | {measures['recall']:.3f} |"
        assert row in card
    for name in Config.__dataclass_fields__:
        is_shown = f"| `{name}` |" in card
        assert is_shown == (name in ("epochs", "limit_batches")), name
    assert "{" not in without_code(card)  # nothing was left to be filled in by the program
    assert "$" not in card


def without_code(card):
    """Return a card without its blocks of code."""
    return re.sub(r"(?ms)^```.+?^```$", "", card)


def test_hugging_face_can_read_what_stands_above_it(run):
    hub = pytest.importorskip("huggingface_hub", reason="optional: comes with .[demo]")
    card = card_text(run)
    data = hub.ModelCard(card).data.to_dict()
    assert data["library_name"] == "pytorch"
    assert data["tags"] == ["torch-starter"]
    scores = read_run(run).scores
    assert scores is not None
    assert data["metrics"] == list(scores.metrics)
    assert "license" not in data  # nobody has stated it
    assert "base_model" not in data
    assert without_front_matter(card).startswith("# ")
    assert front_matter(card)[0] == "library_name: pytorch"


def test_hugging_face_finds_the_scores_in_it(run):
    hub = pytest.importorskip("huggingface_hub", reason="optional: comes with .[demo]")
    scores = read_run(run).scores
    assert scores is not None
    data = hub.ModelCard(card_text(run)).data
    assert data.model_name == project_name()
    found = {one.metric_type: one for one in data.eval_results}
    assert {name: one.metric_value for name, one in found.items()} == pytest.approx(
        scores.metrics, abs=1e-6
    )
    for one in found.values():
        assert one.task_type == data.pipeline_tag
        assert one.dataset_split == scores.split == "test"
        assert one.dataset_name
        assert re.fullmatch(r"[a-z0-9-]+", one.dataset_type)


def test_own_data_have_no_name_in_it_before_their_owner_writes_one(run):
    yaml = pytest.importorskip("yaml", reason="optional: comes with .[demo]")
    scores = read_run(run).scores
    assert scores is not None
    config = Config(data="/home/" + "somebody/diagnoses.csv")
    lines = model_index(replace(scores, metrics={"mae": 0.5, "r2": math.nan}), config, "a-task")
    settings = yaml.safe_load("\n".join(lines))["model-index"][0]["results"][0]
    assert settings == {
        "task": {"type": "a-task"},
        "dataset": {"name": CARD["not_stated"], "type": "own-data", "split": "test"},
        "metrics": [{"type": "mae", "value": 0.5}],
    }
    assert model_index(None, config, "a-task") == []


def test_before_eval_it_says_how_scores_get_into_it(tiny):
    card = card_text(train(tiny))
    assert re.search(r"(?m)^# .+\n\n" + re.escape(CARD["not_scored"]) + "$", card)
    assert card.count(CARD["not_scored"]) >= 2
    assert not re.search(r"\n\n\n", card)


def test_a_run_whose_metrics_are_lost_has_a_card_too(tiny):
    folder = train(tiny)
    (folder / "metrics.csv").unlink()
    assert CARD["not_scored"] in card_text(folder)


@pytest.mark.parametrize(
    "damage",
    [
        {"mistakes": [5]},
        {"mistakes": [{"true": "x", "predicted": "y"}]},
        {"confusions": [{"true": 1}]},
        {"intervals": {"accuracy": 3}},
        {"baseline_intervals": {"one": {"accuracy": [0.1]}}},
        {"comparisons": {"one": {"metric": "accuracy", "verdict": "great", "p": 0.1}}},
    ],
)
def test_scores_that_were_damaged_count_as_none(run, tmp_path, damage):
    shutil.copytree(run, tmp_path / "copy")
    path = tmp_path / "copy" / "eval.json"
    content = json.loads(path.read_text(encoding="utf-8")) | damage
    path.write_text(json.dumps(content), encoding="utf-8")
    assert CARD["not_scored"] in card_text(tmp_path / "copy")


def test_the_snippet_for_the_project_runs_as_it_stands(run, start):
    first, _ = snippets(card_text(run))
    assert f'Path("{run.name}"' in first
    script = run.parent / "first.py"
    script.write_text(first, encoding="utf-8")
    answer = in_folder(run.parent, script, {**os.environ, "PYTHONPATH": str(PROJECT)})
    assert answer.returncode == 0, answer.stderr
    if Info.is_sequence:
        assert answer.stdout.startswith("What")
        assert len(answer.stdout) == len("What") + 100 + 1
    else:
        assert len(answer.stdout.splitlines()) == len(list((run / "examples").iterdir())) or (
            "," in answer.stdout  # all examples of a table are in one file
        )


@pytest.mark.parametrize("is_beside_onnx", [False, True], ids=["run", "export"])
def test_the_snippet_without_the_project_runs_as_it_stands(run, tmp_path, without, is_beside_onnx):
    for package in ("onnxruntime", "onnxscript", "safetensors"):
        pytest.importorskip(package, reason="optional: pip install -e .[export]")
    from tools.export import main as export

    if not (run / "export").exists():
        export(run_dir=str(run))
    main(str(run))
    written = run / "export" / "README.md" if is_beside_onnx else run / "README.md"
    shutil.copytree(run, tmp_path / "given")
    folder = tmp_path / "given" / "export" if is_beside_onnx else tmp_path / "given"
    _, second = snippets(written.read_text(encoding="utf-8"))
    (tmp_path / "second.py").write_text(second, encoding="utf-8")
    answer = in_folder(folder, tmp_path / "second.py", without("torch", "engine", "data"))
    assert answer.returncode == 0, answer.stderr
    gives = json.loads((run / "export" / "model.json").read_text(encoding="utf-8"))["gives"]
    assert f"\n{gives} [" in answer.stdout


def in_folder(folder, script, environment):
    """Start a script as somebody does in a folder."""
    return subprocess.run(
        [sys.executable, str(script)],
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )


def test_nothing_on_it_says_where_the_run_was_or_who_made_it(run):
    card = card_text(run)
    for path in (run, run.parent, PROJECT, Path.home(), Path.cwd()):
        for spelled in (str(path), path.as_posix(), json.dumps(str(path))[1:-1]):
            if len(spelled) > 1:
                assert spelled not in card
    assert place_of(PROJECT / "runs" / "one") == "runs/one"
    assert place_of(run) == run.name


@pytest.mark.parametrize(
    "text", ["/home/kim/photos", "C:\\Users\\kim", "\\\\server\\kim", "~/photos", "../photos", "."]
)
def test_what_names_a_place_on_a_disk_is_known_as_such(text):
    assert is_path(text)


def test_what_names_no_place_is_no_path():
    assert not any(map(is_path, ["adamw", "sentence-transformers/some-model", "age", "macro_f1"]))


@pytest.mark.parametrize("setting", ["backbone", "base"])
def test_what_a_model_began_with_is_named_and_its_licence_asked_for(setting):
    began: Any = SimpleNamespace(**{setting: "some/network"})
    assert CARD["not_stated"] in backbone_licence_of(began)
    assert "https://huggingface.co/some/network" in backbone_licence_of(began)
    elsewhere: Any = SimpleNamespace(**{setting: "/home/kim/network"})
    assert backbone_licence_of(elsewhere) == ""
    nothing: Any = SimpleNamespace()
    assert backbone_licence_of(nothing) == ""


def test_what_data_are_called_cannot_command_the_page():
    assert plain("a|b <script> `c` *d*\n# e") == ("a\\|b \\<script\\> \\`c\\` \\*d\\*\\\\n\\# e")


def test_better_is_said_where_the_test_allows_it():
    scores = Scores(
        "test",
        40,
        {"accuracy": 0.9},
        {"one": {"accuracy": 0.7}, "two": {"accuracy": 0.8}},
        {},
        0.3,
        comparisons={
            "one": Comparison("accuracy", "better", 0.01),
            "two": Comparison("accuracy", "unclear", 0.4),
        },
    )
    said = scores_of(scores)
    assert CARD["better"].format(metric="accuracy", model="one", p="0.01") in said
    assert CARD["unclear"].format(metric="accuracy", model="two", p="0.4") in said
    assert CARD["better"].format(metric="accuracy", model="two", p="0.4") not in said


def test_mistakes_are_named_by_their_classes_and_numbers():
    def scores(**more):
        return Scores("test", 40, {}, {}, {"a": {"support": 9.0}}, 0.3, **more)

    taken = {"true": "a", "predicted": "b", "count": 2}
    sure = {"true": "a", "predicted": "b", "probability": 0.975}
    said = mistakes_of(scores(confusions=[taken], mistakes=[sure]))
    assert said.splitlines() == [
        "- " + CARD["confusion"].format(true="a", predicted="b", count=2, all="9"),
        "- " + CARD["sure_mistake"].format(true="a", predicted="b", chance="97.5%"),
    ]
    far = {"true": 1500.0, "predicted": 2.5}
    said = mistakes_of(scores(mistakes=[far]))
    assert said == "- " + CARD["far_mistake"].format(true="1,500", predicted="2.5")
    assert mistakes_of(scores()) == CARD["all_right"].format(count="40")
