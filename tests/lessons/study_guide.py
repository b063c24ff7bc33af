"""The exercises and lessons of a generated project, with its Python, as nox -s smoke_cpu does it.

PROJECT=path python -m pytest --confcutdir tests/lessons tests/lessons/study_guide.py

With ANSWERS=own the answers are tried only to exercises whose checks use the project's own network
or data: all other checks are the same in each variant.
"""

import ast
import doctest
import os
import re
import runpy
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from textwrap import dedent, indent

import pytest
import torch

PROJECT = Path(os.environ["PROJECT"]).resolve()
sys.path.insert(0, str(PROJECT))

from lessons import patience, progress, runner, tutor, words  # noqa: E402
from lessons.texts import TEXTS  # noqa: E402  # PROJECT is on the path now

SHIPPED = {path.stem: path.read_text("utf-8") for path in sorted(runner.EXERCISES.glob("*.py"))}
LESSONS = sorted((PROJECT / "lessons").glob("[0-9]*.py"))
LESSON_OF = {
    name: lesson
    for lesson, text in SHIPPED.items()
    for name in re.findall(r"^(?:def|class) (\w+)", text, re.M)
}
HOLE = "    raise NotImplementedError"
ANSWERS = Path(__file__).parent / "answers"
RIGHT, WRONG = {}, {}
for answers in sorted(ANSWERS.glob("[0-9]*.py")):
    RIGHT |= runpy.run_path(str(answers))["RIGHT"]
    WRONG |= runpy.run_path(str(answers))["WRONG"]


def about_own_files() -> set[str]:
    """Return the exercises whose checks use the project's network or data."""
    found = set()
    for path in (PROJECT / "lessons" / "checks").glob("[0-9]*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        own = set()  # what the file has from the project, and its functions that use it
        uses = {}
        for node in tree.body:
            if isinstance(node, ast.ImportFrom) and node.module in OWN_FILES:
                own |= {alias.name for alias in node.names}
            elif isinstance(node, ast.FunctionDef | ast.ClassDef):
                uses[node.name] = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
        for _ in uses:  # a check may use a function that uses another one, and so on
            for name, used in uses.items():
                if own.intersection(used):
                    own.add(name)
        found |= own & set(LESSON_OF)
    assert found
    return found


OWN_FILES = ("lessons.sample", "config", "data", "model")
TRIED = about_own_files() if os.environ.get("ANSWERS") == "own" else set(LESSON_OF)


def numbered(answers: dict[str, list[str]]) -> list:
    """Return each answer with the lesson, the name and a number as its id."""
    return [
        pytest.param(name, text, id=f"{LESSON_OF.get(name)}-{name}-{number}")
        for name, texts in answers.items()
        for number, text in enumerate(texts)
        if name in TRIED or name not in LESSON_OF
    ]


by_name = pytest.mark.parametrize("name", list(LESSON_OF))
by_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)


def fill(text: str, name: str, answer: str) -> str:
    """Return a file of exercises in which one has an answer.

    Args:
        text: The file.
        name: The exercise.
        answer: A whole definition of this name, or what stands in place of the hole.
    """
    answer = dedent(answer).strip()
    start = re.search(rf"^(?:def|class) {name}\b", text, re.M).start()
    if re.search(rf"^(?:def|class) {name}\b", answer, re.M):
        node = next(node for node in ast.parse(text).body if getattr(node, "name", "") == name)
        lines = text.splitlines(keepends=True)
        return "".join([*lines[: node.lineno - 1], answer + "\n", *lines[node.end_lineno :]])
    assert HOLE in text[start:]
    return text[:start] + text[start:].replace(HOLE, indent(answer, "    "), 1)


def write(folder: Path, text: str, name: str) -> None:
    """Write the file of exercises that one belongs to."""
    (folder / f"{LESSON_OF[name]}.py").write_text(text, encoding="utf-8")


def write_solutions(folder: Path, count: int | None = None) -> None:
    """Write all files of exercises, the first so many of them solved."""
    texts = dict(SHIPPED)
    for name in list(LESSON_OF)[:count]:
        lesson = LESSON_OF[name]
        texts[lesson] = with_solution(texts[lesson], name)
    for lesson, text in texts.items():
        path = folder / f"{lesson}.py"
        if not path.exists() or path.read_text("utf-8") != text:  # what is saved is tried again
            path.write_text(text, encoding="utf-8")


def with_solution(text: str, name: str) -> str:
    """Return a file of exercises in which one has its solution, and the solution's imports."""
    path = tutor.SOLUTIONS / f"{LESSON_OF[name]}.py"
    text = fill(text, name, tutor.solution(name))
    source = path.read_text("utf-8")
    imports = [
        node for node in ast.parse(source).body if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    lines = [ast.get_source_segment(source, node) for node in imports]
    docstring, rest = re.match(r'(""".*?"""\n)(.*)', text, re.S).groups()
    missing = [line for line in lines if f"\n{line}\n" not in rest]
    return docstring + "".join(f"\n{line}" for line in missing) + "\n" * bool(missing) + rest


def try_one(name: str) -> list[str]:
    """Return what there is to say to an exercise: nothing if it is solved."""
    (outcome,) = runner.try_lesson(LESSON_OF[name], only=name)
    return outcome.lines


@pytest.fixture
def exercises(tmp_path, monkeypatch) -> Path:
    """Take the place of the project's exercises, and of what is remembered."""
    monkeypatch.setattr(runner, "EXERCISES", tmp_path)
    monkeypatch.setattr(tutor, "EXERCISES", tmp_path)
    monkeypatch.setattr(progress, "FILE", tmp_path / "runs" / "progress.json")
    return tmp_path


@pytest.fixture
def project(tmp_path) -> Path:
    """Return a copy of the project, whose exercises may be changed."""
    for path in [
        *PROJECT.glob("*.py"),
        *PROJECT.glob("engine/**/*"),
        *PROJECT.glob("lessons/**/*.py"),
    ]:
        if path.is_file() and "__pycache__" not in path.parts:
            target = tmp_path / "project" / path.relative_to(PROJECT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    return tmp_path / "project"


def test_every_exercise_has_a_check_three_hints_a_solution_and_answers():
    names = list(LESSON_OF)
    assert len(names) >= 37
    assert list(SHIPPED) == [path.stem for path in LESSONS]
    checked = [one.name for lesson in SHIPPED for one in runner.try_lesson(lesson)]
    assert checked == names == list(words.hints())
    assert all(tutor.solution(name) for name in names)
    for lesson in SHIPPED:
        assert 3 <= list(LESSON_OF.values()).count(lesson) <= 10
    for name, steps in words.hints().items():
        assert len(set(steps)) == words.STEPS, name


def test_every_exercise_has_three_unusual_right_and_four_wrong_answers():
    for name in LESSON_OF:
        assert len(set(RIGHT.get(name, []))) >= 3, name
        assert len(set(WRONG.get(name, []))) >= 4, name
    assert RIGHT.keys() == WRONG.keys() == LESSON_OF.keys()


def test_every_sentence_about_a_case_belongs_to_a_case():
    for name, sentences in words.cases().items():
        checks = runpy.run_path(str(runner.CHECKS / f"{LESSON_OF[name]}.py"))
        torch.manual_seed(0)
        used = {case.about for case in checks[name]()} - {""}
        assert used <= sentences.keys(), f"{name}: hints/ has no sentence of this name"


def test_as_shipped_no_exercise_is_solved():
    for name, text in SHIPPED.items():
        for outcome in runner.try_lesson(name):
            start = re.search(rf"^(?:def|class) {outcome.name}\b", text, re.M).start()
            following = re.search(r"^(?:def|class) ", text[start + 1 :], re.M)
            own = text[start:][: following.start() if following else None]
            if HOLE.strip() in own:
                assert outcome.lines[-1] == TEXTS["hole"] or TEXTS["about"] in outcome.lines[-1]
                assert TEXTS["hole"] in outcome.lines
            assert outcome.lines, outcome.name


def test_the_solutions_pass(exercises):
    write_solutions(exercises)
    tried = [outcome for lesson in SHIPPED for outcome in runner.try_lesson(lesson)]
    assert [(one.name, one.lines) for one in tried if one.lines] == []


@pytest.mark.parametrize(("name", "answer"), numbered(RIGHT))
def test_an_unusual_right_answer_is_accepted(exercises, name, answer):
    write(exercises, fill(SHIPPED[LESSON_OF[name]], name, answer), name)
    assert try_one(name) == []


@pytest.mark.parametrize(("name", "answer"), numbered(WRONG))
def test_a_wrong_answer_is_rejected_and_told_what_is_wrong(exercises, name, answer):
    write(exercises, fill(SHIPPED[LESSON_OF[name]], name, answer), name)
    lines = try_one(name)
    assert lines
    assert max(map(len, lines)) < 240
    assert TEXTS["hole"] not in lines
    assert any(line.startswith(TEXTS["tried"].strip()) for line in lines)
    came = [line for line in lines if line.startswith(TEXTS["got"].strip())]
    right = [line for line in lines if line.startswith(TEXTS["expected"].strip())]
    told = tuple(TEXTS[name].partition("{")[0] for name in ("difference", "kind"))
    if came:  # else an error and its place, or that an argument was changed
        differs = came[0].split(maxsplit=1)[1] != right[0].split(maxsplit=1)[1]
        assert differs or any(line.startswith(told) for line in lines)


@pytest.mark.parametrize("lesson", SHIPPED)
def test_the_examples_in_the_docstrings_hold(exercises, lesson):
    write_solutions(exercises)
    path = exercises / f"{lesson}.py"
    text = SHIPPED[lesson]
    names = {"__name__": lesson}
    exec(compile(path.read_text("utf-8"), str(path), "exec"), names)
    shipped = {"__name__": lesson}
    exec(compile(text, str(path), "exec"), shipped)
    for name in (name for name, where in LESSON_OF.items() if where == lesson):
        names[name].__doc__ = shipped[name].__doc__
        for test in doctest.DocTestFinder().find(names[name], name, globs=names):
            assert not doctest.DocTestRunner().run(test).failed


def test_from_the_first_exercise_to_the_last(exercises, capsys):
    names = list(LESSON_OF)
    firsts = [names.index(next(n for n in names if LESSON_OF[n] == one)) for one in SHIPPED]
    guide = tutor.Tutor()
    for count in [*firsts, len(names)]:
        write_solutions(exercises, count)
        assert guide.report(hint=True) is (count == len(names))
        printed = capsys.readouterr().out
        assert f" {count}/{len(names)}" in printed
        if count < len(names):
            name = names[count]
            assert f" {name}, lessons/exercises/" in printed
            assert words.hints()[name][0] in printed
        if count > 0:
            assert f" {names[count - 1]}\n" in printed
            assert TEXTS["other_way"].format(name=names[count - 1]) not in printed  # it is the same
            number = list(SHIPPED).index(LESSON_OF[names[count - 1]]) + 1
            assert TEXTS["lesson_done"].format(number=number, all=len(SHIPPED)) in printed
        assert "Traceback" not in printed


def test_each_hint_is_nearer_to_the_answer_and_is_remembered(exercises, capsys):
    write_solutions(exercises, count=0)
    first, second, third = words.hints()["slope"]
    for shown, hidden in (([first], [second, third]), ([first, second], [third])):
        tutor.Tutor("slope").report(hint=True)
        printed = capsys.readouterr().out
        assert all(hint in printed for hint in shown)
        assert not any(hint in printed for hint in hidden)
    for _ in range(2):  # there are no more
        tutor.Tutor("slope").report(hint=True)
        printed = capsys.readouterr().out
        assert third in printed
        assert TEXTS["last_hint"] in printed


def test_an_exercise_that_is_left_out_comes_back_when_all_others_are_solved(exercises, capsys):
    first, second, *_ = LESSON_OF
    write_solutions(exercises, count=0)
    tutor.Tutor().report(skip=True)
    assert f"{TEXTS['next']} {second}," in capsys.readouterr().out
    tutor.Tutor().report()
    assert f"{TEXTS['next']} {second}," in capsys.readouterr().out
    write_solutions(exercises)
    path = exercises / f"{LESSON_OF[first]}.py"
    path.write_text(SHIPPED[LESSON_OF[first]], encoding="utf-8")
    for name in [name for name, lesson in LESSON_OF.items() if lesson == LESSON_OF[first]][1:]:
        path.write_text(with_solution(path.read_text("utf-8"), name), encoding="utf-8")
    tutor.Tutor().report()
    assert f"{TEXTS['next']} {first}," in capsys.readouterr().out


@pytest.mark.parametrize("name", ["2", "02", "tensors", "02_tensors"])
def test_one_may_start_with_any_lesson(exercises, capsys, name):
    write_solutions(exercises, count=0)
    first = next(name for name, lesson in LESSON_OF.items() if lesson == "02_tensors")
    assert not tutor.Tutor(name).report()
    assert f" {first}, lessons/exercises/02_tensors.py:" in capsys.readouterr().out


@by_name
def test_a_named_exercise_is_tried_alone(exercises, capsys, name):
    write(exercises, SHIPPED[LESSON_OF[name]], name)
    assert not tutor.Tutor(name).report(hint=True)
    printed = capsys.readouterr().out
    assert f" {name}, lessons/exercises/" in printed
    assert words.hints()[name][0] in printed
    write(exercises, with_solution(SHIPPED[LESSON_OF[name]], name), name)
    assert tutor.Tutor(name).report()
    printed = capsys.readouterr().out
    assert printed.startswith(f"{TEXTS['solved']} {name}\n")
    assert tutor.indented(tutor.solution(name)) not in printed  # it is what was written
    write(exercises, fill(SHIPPED[LESSON_OF[name]], name, RIGHT[name][0]), name)
    assert tutor.Tutor(name).report()
    printed = capsys.readouterr().out
    assert TEXTS["other_way"].format(name=name) in printed
    assert tutor.indented(tutor.solution(name)) in printed


def test_the_exit_code_says_whether_the_named_exercise_is_solved(project):
    path = project / "lessons" / "exercises" / "01_pytorch.py"
    command = [sys.executable, "-m", "lessons", "installed_version"]
    assert subprocess.run(command, cwd=project, check=False, timeout=300).returncode == 1
    path.write_text(with_solution(SHIPPED[path.stem], "installed_version"), "utf-8")
    assert subprocess.run(command, cwd=project, check=False, timeout=300).returncode == 0


def test_a_lesson_that_was_deleted_leaves_its_exercises(project):
    (project / "lessons" / "03_autograd.py").unlink()
    for word, name in (("3", "slope"), ("--list", "slope"), ("--list", list(LESSON_OF)[-1])):
        command = [sys.executable, "-m", "lessons", word]
        done = subprocess.run(
            command, cwd=project, capture_output=True, encoding="utf-8", check=False, timeout=300
        )
        assert f" {name}" in done.stdout, done.stderr
        assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        ("while True:\n    pass", 1),
        ("import time\ntime.sleep(1000)", 2),
        ("torch.tensor(1)\nfor _ in iter(int, 1):\n    torch.ones(9).sum()", 2),
        ("while True:\n    try:\n        1 / 0\n    except:\n        pass", 1),
    ],
)
def test_an_answer_that_never_ends_is_named_with_its_line(exercises, answer, line):
    text = fill(SHIPPED["01_pytorch"], "installed_version", answer)
    write(exercises, text, "installed_version")
    begin = text[: text.index(answer.splitlines()[0])].count("\n")
    code = (
        "from pathlib import Path; from lessons import patience, progress, runner, tutor; "
        f"patience.LIMIT = patience.GRACE = 1.0; runner.EXERCISES = Path(r'{exercises}'); "
        "progress.FILE = runner.EXERCISES / 'progress.json'; "
        "tutor.Tutor('installed_version').report()"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, cwd=PROJECT, capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    assert "installed_version, lessons/exercises/01_pytorch.py:" in done.stdout, done.stderr
    assert TEXTS["endless"].partition("{")[0] in done.stdout
    told = re.findall(r"^ +lessons/exercises/01_pytorch\.py:(\d+)$", done.stdout, re.M)
    lines = [int(number) for number in told]
    assert lines
    assert begin + line <= lines[0] <= begin + len(answer.splitlines())
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("body", "said"),
    [("while True:\n        yield 1", "endless"), ("exit()\n    yield", "SystemExit")],
)
def test_what_is_computed_only_when_it_is_looked_at_is_watched_too(
    tmp_path, monkeypatch, body, said
):
    path = tmp_path / "lazy.py"
    path.write_text(f"def lazy():\n    {body}\n", encoding="utf-8")
    monkeypatch.setattr(patience, "LIMIT", 0.5)
    answer = runner.Answer("lazy", runpy.run_path(str(path))["lazy"], path, 1)
    lines = runner.try_case(answer, runner.Case((), 1, view=sum))
    told = TEXTS["endless"].partition("{")[0] if said == "endless" else said
    assert told in lines[1]
    assert re.fullmatch(r"lessons/exercises/lazy\.py:[23]", lines[2])


def test_what_an_answer_does_to_pytorch_itself_does_not_spoil_the_next(exercises):
    write_solutions(exercises)
    spoiler = (
        "torch.set_grad_enabled(False)\ntorch.set_default_dtype(torch.float64)\n"
        "torch.manual_seed(7)\nreturn model(*inputs)"
    )
    text = fill(SHIPPED["03_autograd"], "logits_only", spoiler)
    for name in [name for name, lesson in LESSON_OF.items() if lesson == "03_autograd"]:
        if name != "logits_only":
            text = with_solution(text, name)
    write(exercises, text, "logits_only")
    try:
        tried = [*runner.try_lesson("03_autograd"), *runner.try_lesson("04_networks")]
        assert [one.name for one in tried if one.lines] == []
    finally:
        torch.set_grad_enabled(True)
        torch.set_default_dtype(torch.float32)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_watching_tries_again_on_saving_until_ctrl_c(project):
    path = project / "lessons" / "exercises" / "01_pytorch.py"
    command = [sys.executable, "-m", "lessons", "--watch"]
    with subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, text=True) as process:
        alarm = threading.Timer(120, process.kill)  # then there are no more lines, and next() fails
        alarm.start()
        try:
            lines = iter(process.stdout.readline, "")
            assert next(line for line in lines if f" 0/{len(LESSON_OF)}" in line)
            next(line for line in lines if TEXTS["watching"] in line)
            time.sleep(0.1)
            path.write_text(with_solution(SHIPPED[path.stem], "installed_version"), "utf-8")
            assert next(line for line in lines if f" 1/{len(LESSON_OF)}" in line)
            next(line for line in lines if TEXTS["watching"] in line)
        finally:
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
    assert len(lines) <= 150
    code = [line for line in lines if line and not line.startswith("#")]
    assert 40 <= len(code) <= 100
    prose = " ".join(line for line in lines if line.startswith("# ")).split()
    assert len(prose) < 5 * 150


@by_lesson
def test_a_lesson_draws_what_it_teaches(lesson):
    text = lesson.read_text("utf-8")
    pictures = re.findall(r'^ *show\(\w+, "(.+)"\)$', text, re.M)
    assert pictures
    assert all(re.fullmatch(rf"{lesson.stem[:2]}_\w+\.png", name) for name in pictures)


@by_name
def test_no_answer_is_a_line_of_its_lesson(name):
    lesson = (PROJECT / "lessons" / f"{LESSON_OF[name]}.py").read_text("utf-8")
    (definition,) = ast.parse(tutor.solution(name)).body
    *before, last = definition.body
    if before or not isinstance(last, ast.Return) or len(ast.unparse(last)) < 12:
        return  # more than one line, or too short to say
    answer = ast.unparse(last.value)
    written = {ast.unparse(node) for node in ast.walk(ast.parse(lesson)) if hasattr(node, "lineno")}
    assert answer not in written


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
    official = (
        r"https://(docs\.pytorch\.org/(docs/stable|tutorials)|tutorials\.pytorch\.kr)/.+\.html"
    )
    for text, address in links:
        assert re.fullmatch(official, address)
        if text.startswith("`"):
            found = torch
            for name in text.strip("`").split(".")[1:]:
                found = getattr(found, name)
            page = address.rpartition("/")[2].removesuffix(".html")
            assert not page.startswith("torch.") or text.strip("`").startswith(page)


def test_the_map_names_all_lessons_and_files_that_exist():
    page = (PROJECT / "lessons" / "README.md").read_text("utf-8")
    linked = [link for link in re.findall(r"\]\(([^)#]+)\)", page) if "://" not in link]
    assert {path.name for path in LESSONS} <= set(linked)
    assert all((PROJECT / "lessons" / link).exists() for link in linked)
