"""The study guide: each lesson runs, and learn.py helps, whatever is in the exercises."""

import runpy
import sys

import pytest
from conftest import PROJECT

from lessons import runner

LESSONS = sorted((PROJECT / "lessons").glob("0*.py"))


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_runs_and_its_claims_hold(lesson, monkeypatch):
    monkeypatch.setattr(sys, "path", [*sys.path])
    runpy.run_path(str(lesson))


def test_learn_says_how_far_one_has_come(command):
    done = command("learn.py", "--hint")
    assert done.returncode == 0
    assert "01_pytorch" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


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
def test_a_mistake_is_told_in_two_lines(text, said, tmp_path, monkeypatch, capsys):
    (tmp_path / "01_pytorch.py").write_text(text, encoding="utf-8")
    monkeypatch.setattr(runner, "EXERCISES", tmp_path)
    assert not runner.report(hint=False, watch=False)
    printed = capsys.readouterr().out
    assert said.format("lessons/exercises/01_pytorch.py") in printed
    assert "Traceback" not in printed
