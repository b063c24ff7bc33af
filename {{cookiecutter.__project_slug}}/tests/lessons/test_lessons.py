"""The study guide: each lesson runs, and `python -m lessons` helps, whatever is solved already.

The lessons train this project's own network on its own data. They claim only what holds for any
network and any data, so they should run on whatever you make of them; if one does not, its last
line says why. When you are through with the guide, delete lessons/ and tests/lessons/.
"""

import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from lessons import progress, runner, tutor, words
from lessons.texts import TEXTS

PROJECT = Path(__file__).resolve().parents[2]
LESSONS = sorted((PROJECT / "lessons").glob("[0-9]*.py"))


def start(*arguments):
    """Start `python -m lessons` in the project's folder, as a student does."""
    command = [sys.executable, "-m", "lessons", *arguments]
    return subprocess.run(
        command, cwd=PROJECT, capture_output=True, encoding="utf-8", check=False, timeout=300
    )


@pytest.fixture
def exercises(tmp_path, monkeypatch):
    """Let the exercises be in an empty folder, and remember nothing in this project."""
    monkeypatch.setattr(runner, "EXERCISES", tmp_path)
    monkeypatch.setattr(tutor, "EXERCISES", tmp_path)
    monkeypatch.setattr(progress, "FILE", tmp_path / "progress.json")
    return tmp_path


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_runs_and_its_claims_hold(lesson, monkeypatch):
    monkeypatch.setattr(sys, "path", [*sys.path])
    try:
        runpy.run_path(str(lesson))
    except Exception as error:
        advice = "does your network or your data need other numbers there? Then change the lesson"
        pytest.fail(f"lessons/{lesson.name} ends with {error!r}: {advice}, or delete it")


def test_the_command_says_how_far_one_has_come():
    done = start()
    assert done.returncode == 0, done.stderr
    assert "01_pytorch" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_the_list_has_every_exercise():
    done = start("--list")
    assert done.returncode == 0, done.stderr
    listed = [line.split("]")[1].split()[0] for line in done.stdout.splitlines() if "]" in line]
    assert listed == list(words.hints())


def test_an_unknown_name_gets_the_nearest_ones_in_one_line():
    done = start("slop")
    assert done.returncode == 2
    assert "slope" in done.stderr
    assert done.stderr.count("\n") == 1


def test_help_does_not_wait_for_torch():
    command = ["-X", "importtime", "-m", "lessons", "--help"]
    done = subprocess.run(
        [sys.executable, *command],
        cwd=PROJECT,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert done.returncode == 0
    assert "--watch" in done.stdout
    assert not re.search(r"\| +torch$", done.stderr, re.MULTILINE)


def test_one_exercise_is_tried_alone(exercises, capsys):
    hole = 'def installed_version():\n    """Return it."""\n    raise NotImplementedError'
    (exercises / "01_pytorch.py").write_text(hole, encoding="utf-8")
    assert not tutor.Tutor("installed_version").report()
    assert TEXTS["hole"] in capsys.readouterr().out
    answer = "import torch\ndef installed_version():\n    return torch.__version__"
    (exercises / "01_pytorch.py").write_text(answer, encoding="utf-8")
    assert tutor.Tutor("installed_version").report()
    assert TEXTS["solved"] in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def installed_version(:", "SyntaxError: invalid syntax\n    {}:1"),
        ("\nimport tensorflou", "No module named 'tensorflou'\n    {}:2"),
        ("def installed_version():\n    return 1 / 0", "division by zero\n    {}:2"),
        ("def installed_version():\n    exit()", "SystemExit: None\n    {}:2"),
        ("", "installed_version, {}:1"),
    ],
)
def test_a_mistake_is_told_in_two_lines(text, said, exercises, capsys):
    (exercises / "01_pytorch.py").write_text(text, encoding="utf-8")
    assert not tutor.Tutor("1").report()
    printed = capsys.readouterr().out
    assert said.format("lessons/exercises/01_pytorch.py") in printed
    assert "Traceback" not in printed


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff", b"[]", b"{}", b'{"solved": 1, "finished": [], "skipped": [], "hints": []}'],
)
def test_what_is_remembered_may_be_spoilt(exercises, capsys, content):
    progress.FILE.write_bytes(content)
    assert progress.read_progress() == progress.Progress()
    tutor.Tutor("1").report(hint=True)
    assert "1" in capsys.readouterr().out
    assert progress.read_progress().hints


def test_where_nothing_can_be_written_all_is_told_and_nothing_remembered(exercises, monkeypatch):
    (exercises / "no folder").write_text("", encoding="utf-8")
    monkeypatch.setattr(progress, "FILE", exercises / "no folder" / "progress.json")
    assert not tutor.Tutor("1").report(hint=True)
    assert progress.read_progress() == progress.Progress()


def test_a_lesson_is_celebrated_in_one_line_once(exercises, capsys):
    names = words.exercises("01_pytorch")
    source = (runner.CHECKS.parent / "solutions" / "01_pytorch.py").read_text(encoding="utf-8")
    (exercises / "01_pytorch.py").write_text(source, encoding="utf-8")
    done = TEXTS["lesson_done"].format(number=1, all=len(words.lessons()))
    for name in names[:-1]:
        assert tutor.Tutor(name).report()
        assert done not in capsys.readouterr().out
    for times in (1, 0):
        assert tutor.Tutor(names[-1]).report()
        assert capsys.readouterr().out.count(done) == times
