"""The projects at the end of the study guide: `python -m lessons --project NAME`."""

import json
import math
import subprocess
import sys
import threading
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import torch

from engine.checkpoint import save_checkpoint
from engine.checkpoint_file import FORMAT
from engine.errors import UserError
from engine.runs import RunIdentity, config_with, write_config
from lessons import projects
from lessons.texts import PROJECTS

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def runs(tmp_path, monkeypatch) -> Path:
    """Let runs/ be an empty folder."""
    monkeypatch.chdir(tmp_path)
    return Path("runs")


def make_run(folder, weights=100, epoch=3, data="pictures", best_by="accuracy"):
    """Make a run: its settings and a network of so many weights."""
    folder.mkdir(parents=True)
    settings = {"best_by": best_by, "data": data}
    identity = RunIdentity.begin(folder)
    write_config(folder, config_with(settings, identity))
    checkpoint = {
        "format": FORMAT,
        "config": settings,
        "run": asdict(identity),
        "info": {},
        "model": {"weight": torch.zeros(weights)},
        "made_with": {},
        "epoch": epoch,
        "best": {"epoch": epoch},
    }
    save_checkpoint(folder / "best.pt", checkpoint)
    return folder


def write_scores(folder, score, simpler=0.9, metric="accuracy", **changes):
    """Write eval.json as eval.py does."""
    content = {
        "split": "test",
        "n": 50,
        "model": {"epoch": 3},
        "loss": 0.4,
        metric: score,
        "baselines": {"guessing": {metric: 0.1}, "logistic regression": {metric: simpler}},
        "per_class": {"cat": {"support": 25.0}, "dog": {"support": 25.0}},
    }
    text = json.dumps({**content, **changes})
    (folder / "eval.json").write_text(text, encoding="utf-8")
    return folder


def boxes(capsys) -> str:
    """Return the boxes of what was printed, as "x" for a part that is reached."""
    lines = capsys.readouterr().out.splitlines()
    return "".join(line[3] for line in lines if line.startswith("  ["))


@pytest.mark.parametrize(("score", "reached"), [(0.94, True), (0.97, True), (0.9399, False)])
def test_small_is_reached_within_a_point_of_a_run_of_ten_times_the_weights(
    runs, capsys, score, reached
):
    write_scores(make_run(runs / "large", weights=1000), 0.95)
    write_scores(make_run(runs / "tiny", weights=100), score)
    assert projects.report("small", None) is reached
    assert boxes(capsys) == ("xxx" if reached else "xx ")


def test_small_is_compared_with_the_best_of_the_larger_runs(runs, capsys):
    write_scores(make_run(runs / "bad", weights=5000), 0.3)
    write_scores(make_run(runs / "good", weights=2000), 0.95)
    write_scores(make_run(runs / "tiny", weights=100), 0.8)
    assert not projects.report("small", None)
    assert str(runs / "good") in capsys.readouterr().out


def test_small_needs_a_run_on_the_same_data_with_ten_times_the_weights(runs, capsys):
    write_scores(make_run(runs / "too-small", weights=999), 0.9)
    write_scores(make_run(runs / "other-data", weights=5000, data="others"), 0.9)
    write_scores(make_run(runs / "other-part", weights=5000), 0.9, split="val")
    write_scores(make_run(runs / "other-test", weights=5000), 0.9, n=60)
    write_scores(make_run(runs / "other-classes", weights=5000), 0.9, per_class={"cat": 25})
    make_run(runs / "not-evaluated", weights=5000)
    write_scores(make_run(runs / "tiny", weights=100), 0.95)
    assert not projects.report("small", None)
    assert boxes(capsys) == "x "


def test_of_an_error_a_point_is_a_hundredth(runs):
    write_scores(make_run(runs / "large", weights=1000, best_by="mae"), 200.0, metric="mae")
    tiny = make_run(runs / "tiny", weights=100, best_by="mae")
    for score, reached in ((202.0, True), (150.0, True), (203.0, False), (math.nan, False)):
        write_scores(tiny, score, metric="mae")
        assert projects.report("small", str(tiny)) is reached


@pytest.mark.parametrize(
    ("score", "data", "changes", "shown"),
    [
        (0.95, "pictures", {}, "xxx"),
        (0.89, "pictures", {}, "xxx"),
        (0.88, "pictures", {}, "xx "),
        (math.nan, "pictures", {}, "xx "),
        (0.95, None, {}, " xx"),
        (0.95, "pictures", {"n": 19}, "x x"),
        (0.95, "pictures", {"baselines": {}}, "xx "),
        (0.95, "pictures", {"baselines": {"guessing": None}}, "xx "),
        ("high", "pictures", {}, "xx "),
        (10**400, "pictures", {}, "xx "),
        (0.95, "pictures", {"per_class": [1]}, "xxx"),
    ],
)
def test_own_data_must_be_own_and_no_simpler_model_a_point_better(
    runs, capsys, score, data, changes, shown
):
    write_scores(make_run(runs / "one", data=data), score, **changes)
    assert projects.report(projects.OWN_DATA, None) is (shown == "xxx")
    assert boxes(capsys) == shown


@pytest.mark.skipif(not projects.DEMO.is_file(), reason="this project has no tools/")
def test_web_is_reached_while_a_page_answers(runs, capsys, monkeypatch):
    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()

        def log_message(self, format, *args):
            pass

    write_scores(make_run(runs / "one", data=None), 0.95)
    with ThreadingHTTPServer((projects.HOST, 0), Page) as server:
        monkeypatch.setattr(projects, "PORT", server.server_port)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            assert projects.report("web", None)
        finally:
            server.shutdown()
            thread.join()
    assert boxes(capsys) == "xxx"
    assert not projects.report("web", None)
    assert boxes(capsys) == "xx "


def test_the_newest_run_that_is_evaluated_counts(runs, capsys):
    write_scores(make_run(runs / "first"), 0.5)
    write_scores(make_run(runs / "a-second"), 0.95)
    make_run(runs / "third")
    projects.report("small", None)
    assert str(runs / "a-second") in capsys.readouterr().out
    projects.report("small", str(runs / "first"))
    assert str(runs / "first") in capsys.readouterr().out


def test_without_scores_the_command_is_named_that_makes_them(runs):
    with pytest.raises(UserError, match=r"python train\.py"):
        projects.report("small", None)
    folder = make_run(runs / "one")
    with pytest.raises(UserError, match=r"python eval\.py --run-dir") as error:
        projects.report("small", None)
    assert str(folder) in str(error.value)


@pytest.mark.parametrize("changes", [{"split": "val"}, {"model": {"epoch": 2}}])
def test_scores_of_another_part_or_model_are_refused(runs, changes):
    write_scores(make_run(runs / "one"), 0.95, **changes)
    with pytest.raises(UserError, match=r"python eval\.py --run-dir"):
        projects.report("small", None)


@pytest.mark.parametrize("text", ["", "[]", "{}", "{", '{"split": "test", "n": 3, "model": 1}'])
def test_damaged_scores_are_refused(runs, text):
    folder = make_run(runs / "one")
    (folder / "eval.json").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=r"python eval\.py --run-dir"):
        projects.report("small", None)


def test_a_run_of_this_project_is_understood(tiny, monkeypatch, tmp_path, capsys):
    from train import train  # here, so that a mistake in it does not stop the other tests

    monkeypatch.chdir(tmp_path)
    folder = train(tiny)
    epoch = torch.load(folder / "best.pt", weights_only=True)["epoch"]
    metric = "accuracy" if tiny.best_by == "loss" else tiny.best_by
    write_scores(folder, 0.95, metric=metric, model={"epoch": epoch})
    assert not projects.report("small", str(folder))  # there is no other
    assert boxes(capsys) == "x "


def test_each_project_has_its_words_and_a_part_of_the_page():
    page = (PROJECT / "lessons" / "projects.md").read_text(encoding="utf-8")
    headings = [line for line in page.splitlines() if line.startswith("## ")]
    for name in projects.names():
        assert PROJECTS[name]
        assert name == "own-data" or any(name in line for line in headings)


def test_the_exit_code_says_whether_the_bar_is_reached(runs):
    def start(*arguments):
        command = [sys.executable, "-m", "lessons", *arguments]
        path = folder.resolve()
        return subprocess.run(
            [*command, "--run-dir", str(path)],
            cwd=PROJECT,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=300,
        )

    folder = write_scores(make_run(runs / "one"), 0.95)
    for name, code in ((projects.OWN_DATA, 0), ("small", 1), ("tower", 2)):
        done = start("--project", name)
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        assert done.stderr.count("\n") == (1 if code == 2 else 0)
    assert start().returncode == 2  # a run without a project
