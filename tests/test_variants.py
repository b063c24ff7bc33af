"""`nox -s variants`: which projects it makes, and that a failing one makes it fail."""

import shutil
import sys

import pytest
import variants
from generators import CHOICES, SKELETON


def test_the_default_is_every_answer_and_an_argument_leaves_one():
    assert variants.pick([]) == CHOICES
    name = list(CHOICES)[-1]
    answers = CHOICES[name]
    assert variants.pick([f"{name}={answers[-1]}"]) == CHOICES | {name: [answers[-1]]}


@pytest.mark.parametrize("argument", ["task=speech", "colour=red", "task", "", "task=", "=yes"])
def test_an_unknown_answer_gets_one_line_that_names_the_known(argument):
    with pytest.raises(SystemExit) as refusal:
        variants.pick(["lessons=no", argument])
    assert str(refusal.value).startswith(f"{argument}: no such answer, choose among task=image|")
    assert "\n" not in str(refusal.value)


@pytest.fixture
def build(tmp_path, monkeypatch):
    monkeypatch.setattr(variants, "BUILD", tmp_path / "build")
    (tmp_path / "build").mkdir()
    return tmp_path / "build"


def test_a_row_has_the_seconds_of_each_step_and_leaves_nothing(template, build):
    answers = {name: choices[0] for name, choices in CHOICES.items()}
    lines, failures = variants.table(template, [answers], {"lint": variants.LINT})
    assert (len(lines), failures) == (2, 0)
    assert lines[0].split() == ["make", "lint", "answers"]
    assert all(float(cell) > 0 for cell in lines[1].split()[:2])
    assert list(build.iterdir()) == []


def test_a_step_that_fails_is_named_ends_its_row_and_counts(template, build, capfd):
    answers = {name: choices[-1] for name, choices in CHOICES.items()}
    fail = [[sys.executable, "-c", "import sys; sys.exit('broken')"]]
    steps = {"lint": fail, "types": variants.LINT}
    lines, failures = variants.table(template, [answers], steps)
    assert failures == 1
    assert lines[1].split()[1:3] == ["FAILED", "FAILED"]
    assert "broken" in capfd.readouterr().err
    assert list(build.iterdir()) != []  # to look into


def test_two_generators_that_differ_are_a_failure(template, tmp_path, build, capfd):
    broken = shutil.copytree(template, tmp_path / "broken")
    (broken / SKELETON.name / "maker.txt").write_text(
        "{{ _copier_answers is defined }}\n", encoding="utf-8"
    )
    answers = {name: choices[0] for name, choices in CHOICES.items()}
    lines, failures = variants.table(broken, [answers], {"lint": variants.LINT})
    assert failures == 1
    assert lines[1].split()[:2] == ["FAILED", "FAILED"]
    assert "the generators differ in maker.txt: " in capfd.readouterr().err
