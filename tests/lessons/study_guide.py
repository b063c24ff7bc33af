"""The exercises and lessons of a generated project, with its Python, as nox -s smoke_cpu does it.

PROJECT=path python -m pytest --confcutdir tests/lessons tests/lessons/study_guide.py
"""

import ast
import doctest
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from textwrap import dedent, indent

import pytest
import torch
from answers import ANSWERS

PROJECT = Path(os.environ["PROJECT"]).resolve()
sys.path.insert(0, str(PROJECT))

from lessons import runner  # noqa: E402
from lessons.texts import HINTS  # noqa: E402  # PROJECT is on the path now

SHIPPED = {path.name: path.read_text("utf-8") for path in sorted(runner.EXERCISES.glob("*.py"))}
LESSONS = sorted((PROJECT / "lessons").glob("0*.py"))
SECTION_OF = {
    name: path for path, text in SHIPPED.items() for name in re.findall(r"^def (\w+)", text, re.M)
}
HOLE = "    raise NotImplementedError"
by_name = pytest.mark.parametrize("name", ANSWERS)
by_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)


def fill(text: str, name: str, answer: str) -> str:
    """Return a file of exercises in which one has an answer."""
    before, start, after = text.partition(f"def {name}(")
    assert HOLE in after
    return before + start + after.replace(HOLE, indent(dedent(answer).strip(), "    "), 1)


def write_answers(folder: Path, count: int = len(ANSWERS), **instead: str) -> None:
    """Write all files of exercises, the first so many of them solved, some otherwise."""
    texts = dict(SHIPPED)
    for name, (solution, *_) in list(ANSWERS.items())[:count]:
        path = SECTION_OF[name]
        texts[path] = fill(texts[path], name, instead.get(name, solution))
    for path, text in texts.items():
        (folder / path).write_text(text, encoding="utf-8")


def try_all(section: str = "*.py") -> dict[str, list[str]]:
    """Return what there is to say to each exercise: nothing if it is solved."""
    paths = sorted(runner.CHECKS.glob(section))
    return {one.name: one.lines for path in paths for one in runner.try_section(path)}


@pytest.fixture
def exercises(tmp_path, monkeypatch) -> Path:
    """Take the place of the project's exercises."""
    monkeypatch.setattr(runner, "EXERCISES", tmp_path)
    return tmp_path


def test_every_exercise_has_a_check_a_hint_and_answers():
    assert list(try_all()) == list(SECTION_OF) == list(HINTS) == list(ANSWERS)
    assert len(SHIPPED) == len(LESSONS) == 9
    for path in SHIPPED:
        assert 3 <= list(SECTION_OF.values()).count(path) <= 5


def test_as_shipped_every_exercise_has_a_hole():
    for name, lines in try_all().items():
        assert lines[-1] == runner.TEXTS["hole"], name


def test_the_solutions_pass(exercises):
    write_answers(exercises)
    assert not any(try_all().values())


@by_name
@pytest.mark.parametrize("number", [1, 2])
def test_a_wrong_answer_is_rejected(exercises, name, number):
    write_answers(exercises, **{name: ANSWERS[name][number]})
    outcome = try_all(SECTION_OF[name])
    lines = outcome.pop(name)
    assert lines
    assert not any(outcome.values())
    assert max(map(len, lines)) < 240
    told = {line.partition(" ")[0].strip() for line in lines}
    assert runner.TEXTS["tried"].strip() in told
    assert runner.TEXTS["got"].strip() in told or len(lines) == 4  # or an error and its place


@pytest.mark.parametrize("path", SHIPPED)
def test_the_examples_in_the_docstrings_hold(exercises, path):
    write_answers(exercises)
    names = {"__name__": path}
    exec(compile((exercises / path).read_text("utf-8"), path, "exec"), names)
    for name in (name for name, where in SECTION_OF.items() if where == path):
        for test in doctest.DocTestFinder().find(names[name], name, globs=names):
            assert not doctest.DocTestRunner().run(test).failed


def test_from_the_first_exercise_to_the_last(exercises, capsys):
    names = [*ANSWERS, None]
    for section in [*SHIPPED, None]:  # that is to come next
        count = next(n for n, name in enumerate(names) if SECTION_OF.get(name) == section)
        name = names[count]
        write_answers(exercises, count)
        assert runner.report(hint=True, watch=False) is (name is None)
        printed = capsys.readouterr().out
        assert f" {count}/{len(ANSWERS)}" in printed
        assert (f" {name}, lessons/exercises/" in printed and HINTS[name] in printed) or not name
        assert "Traceback" not in printed


@by_name
def test_a_named_exercise_is_tried_alone(exercises, capsys, name):
    write_answers(exercises, count=0)
    assert not runner.report(hint=True, watch=False, name=name)
    printed = capsys.readouterr().out
    assert f" {name}, lessons/exercises/" in printed
    assert HINTS[name] in printed
    write_answers(exercises)
    assert runner.report(hint=False, watch=False, name=name)
    assert capsys.readouterr().out == f"{runner.TEXTS['solved']} {name}\n"


def test_the_exit_code_says_whether_the_named_exercise_is_solved():
    path = runner.EXERCISES / "01_pytorch.py"
    command = [sys.executable, "-m", "lessons", "installed_version"]
    try:
        assert subprocess.run(command, cwd=PROJECT, check=False).returncode == 1
        solution = ANSWERS["installed_version"][0]
        path.write_text(fill(SHIPPED[path.name], "installed_version", solution), "utf-8")
        assert subprocess.run(command, cwd=PROJECT, check=False).returncode == 0
    finally:
        path.write_text(SHIPPED[path.name], "utf-8")


def test_gradients_switched_off_by_an_answer_do_not_spoil_the_next(exercises):
    write_answers(exercises, logits_only="torch.set_grad_enabled(False)\nreturn model(*inputs)")
    try:
        assert not any(try_all().values())
    finally:
        torch.set_grad_enabled(True)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_watching_tries_again_on_saving_until_ctrl_c():
    path = runner.EXERCISES / "01_pytorch.py"
    command = [sys.executable, "-m", "lessons", "--watch"]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        alarm = threading.Timer(120, process.kill)  # then there are no more lines, and next() fails
        alarm.start()
        try:
            lines = iter(process.stdout.readline, "")
            assert next(line for line in lines if " 0/37" in line)
            next(line for line in lines if runner.TEXTS["watching"] in line)
            time.sleep(0.1)
            solution = ANSWERS["installed_version"][0]
            path.write_text(fill(SHIPPED[path.name], "installed_version", solution), "utf-8")
            assert next(line for line in lines if " 1/37" in line)
            next(line for line in lines if runner.TEXTS["watching"] in line)
        finally:
            path.write_text(SHIPPED[path.name], "utf-8")
            process.send_signal(signal.SIGINT)
            try:
                code = process.wait(30)
            finally:
                process.kill()
                alarm.cancel()
        assert code == 130


@by_lesson
def test_a_lesson_is_read_in_five_minutes(lesson):
    lines = lesson.read_text("utf-8").splitlines()
    assert max(map(len, lines[:-8])) <= 100
    prose = " ".join(line for line in lines if line.startswith("# ")).split()
    assert len(prose) < 5 * 150


def ending(lesson: Path) -> tuple[str, str]:
    """Return the two parts of a lesson's last cell: this project's files, the documentation."""
    last = lesson.read_text("utf-8").rpartition("# %% [markdown]\n")[2]
    empty, files, links = re.split(r"^# ## .+$", last, flags=re.M)
    assert not empty
    return files, links


@by_lesson
def test_the_names_in_this_project_exist(lesson):
    entries = re.findall(r"^# - `([\w/]+\.py)`: (.+)$", ending(lesson)[0], re.M)
    assert entries
    for file, names in entries:
        tree = ast.parse((PROJECT / file).read_text("utf-8"))
        defined = {node.name for node in tree.body if hasattr(node, "name")}
        assert set(re.findall(r"`(\w+)`", names)) <= defined, file


@by_lesson
def test_the_documented_objects_exist_and_their_pages_are_official(lesson):
    links = re.findall(r"^# - \[(.+)\]\((.+)\)$", ending(lesson)[1], re.M)
    assert len(links) >= 2
    for text, address in links:
        assert re.fullmatch(r"https://docs\.pytorch\.org/(docs/stable|tutorials)/.+\.html", address)
        if text.startswith("`"):
            found = torch
            for name in text.strip("`").split(".")[1:]:
                found = getattr(found, name)
            page = address.rpartition("/")[2].removesuffix(".html")
            assert page.startswith("torch.") <= text.strip("`").startswith(page)


def test_the_map_names_all_lessons_and_files_that_exist():
    page = (PROJECT / "lessons" / "README.md").read_text("utf-8")
    linked = [link for link in re.findall(r"\]\(([^)#]+)\)", page) if "://" not in link]
    assert {path.name for path in LESSONS} <= set(linked)
    assert all((PROJECT / "lessons" / link).exists() for link in linked)
