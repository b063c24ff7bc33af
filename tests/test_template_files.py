"""The template's own files: what they look like to git, to editors and to both generators."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import jinja2
import pytest
import write_stubs
from binaryornot.check import is_binary
from generators import ASKED, CHOICES, COOKIECUTTER, MARKS, ROOT, SKELETON, TEMPLATES, source_files

FILES = source_files()
PYTHON_FILES = [path for path in FILES if path.suffix == ".py"]
SKELETON_TEXTS = {
    path: path.read_text(encoding="utf-8") for path in FILES if SKELETON in path.parents
}
# A stub is one include and nothing else, but config.py is two; pyproject.toml includes its
# variant's part among its own text, and the READMEs do.
INCLUDE = re.compile(r"\{% include \[(.+)\](?: ignore missing)? %\}")
STUBS = [path for path, text in SKELETON_TEXTS.items() if text.startswith("{% include")]


def brings(text, answers):
    """Return the files of templates/ that a text includes, whatever its conditions say.

    Also a file that the answers leave out is rendered: cookiecutter removes it afterwards.
    """
    files = []
    for one in INCLUDE.findall(text):
        names: Any = jinja2.Environment().compile_expression(f"[{one}]")(cookiecutter=answers)
        cookiecutters, copiers = names[::2], names[1::2]
        assert copiers == [f"templates/{file}" for file in cookiecutters]  # where each looks
        found = [TEMPLATES / file for file in cookiecutters if (TEMPLATES / file).is_file()]
        if "ignore missing" in text and not found:
            continue
        file = found[0]
        # What is included may include more.
        files += [file, *brings(file.read_text(encoding="utf-8"), answers)]
    return files


ANSWERS = [
    {"task": task, "language": language}
    for task in CHOICES["task"]
    for language in CHOICES["language"]
]
BROUGHT = {
    file
    for answers in ANSWERS
    for text in SKELETON_TEXTS.values()
    for file in brings(text, answers)
}
# Nobody renders the template's own tests, and write_stubs.py writes the marks.
NOT_RENDERED = [ROOT / "tests", ROOT / "write_stubs.py"]
PLAIN_FILES = [
    path
    for path in PYTHON_FILES
    if path not in STUBS and not {path, *path.parents} & {*NOT_RENDERED}
]


def name(path):
    return path.relative_to(ROOT).as_posix()


def test_there_is_exactly_one_template_folder():
    # cookiecutter takes the first that the system happens to list.
    assert [path for path in ROOT.iterdir() if "cookiecutter" in path.name and path.is_dir()] == [
        SKELETON
    ]


@pytest.mark.parametrize("path", PLAIN_FILES, ids=name)
def test_python_is_plain_python(path):
    text = path.read_text(encoding="utf-8")
    if path.parent.name == "hooks" and path.parent.parent == ROOT:
        # A hook takes its answers as JSON; from there on it is plain.
        text = re.sub(r"r'''\{\{ [\w.]+ \| tojson \}\}'''", "", text)
        text = re.sub(r"(?s)# \{% raw %\}.*# \{% endraw %\}", "", text)
    assert not [mark for mark in MARKS if mark in text]


def test_there_are_stubs_and_what_they_bring():
    assert len(STUBS) > 30
    assert len(BROUGHT) > 80


@pytest.mark.parametrize("stub", STUBS, ids=name)
def test_a_stub_brings_the_file_of_its_own_name(stub):
    text = stub.read_text(encoding="utf-8")
    assert re.fullmatch(INCLUDE.pattern + "\n", text) or stub == SKELETON / "config.py"
    made = stub.relative_to(SKELETON)
    for answers in ANSWERS:
        if not brings(text, answers):  # then the task's projects are without the file
            assert made.as_posix() in COOKIECUTTER["_left_out"][f"task={answers['task']}"]
            continue
        file = brings(text, answers)[0]
        folders = answers["task"], "_" + answers["language"], "_shared"
        assert file in [TEMPLATES / folder / made for folder in folders]
        content = file.read_text(encoding="utf-8")
        assert content.endswith("\n")
        assert not content.endswith("\n\n")


def test_what_is_written_by_a_script_is_fresh():
    stale = [name(path) for path in write_stubs.stale()]
    assert stale == [], "run python write_stubs.py"
    assert len(STUBS) == len(write_stubs.stubs())


def test_no_name_holds_a_condition():
    assert [name(path) for path in FILES if "{%" in name(path)] == []
    marked = {part for path in FILES for part in path.relative_to(ROOT).parts if "{" in part}
    assert marked == {SKELETON.name, "{{cookiecutter.__answers_file}}"}


@pytest.mark.parametrize("condition", COOKIECUTTER["_left_out"])
def test_what_an_answer_leaves_out_is_in_the_skeleton_and_named_once(condition):
    question, answer = condition.split("=")
    assert answer in CHOICES[question]
    names = COOKIECUTTER["_left_out"][condition]
    assert names == sorted(names)
    for one in names:
        assert (SKELETON / one).exists(), one
        above = {parent.as_posix() for parent in Path(one).parents}
        assert not above & {*names}, one
    assert len({*names}) == len(names) > 0


def test_templates_holds_no_file_that_nothing_brings():
    assert {path for path in FILES if TEMPLATES in path.parents} == BROUGHT


LINES_IN_A_ROW = 8
IMPORTS = (ast.Import, ast.ImportFrom)


def code_of(path):
    """Return the lines of a file that are code: no imports, docstrings, comments or empty lines."""
    text = path.read_text(encoding="utf-8")
    lines = [line.strip() for line in text.splitlines()]
    for node in ast.walk(ast.parse(text)):
        is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if isinstance(node, ast.stmt) and (is_docstring or isinstance(node, IMPORTS)):
            for number in range(node.lineno, (node.end_lineno or node.lineno) + 1):
                lines[number - 1] = ""
    return [line for line in lines if line and not line.startswith("#")]


def test_no_variant_repeats_what_another_has():
    # But docstrings: what the engine expects of a file stands in each variant's.
    seen = {}
    for path in PYTHON_FILES:
        if TEMPLATES not in path.parents or "lessons" in path.parts:
            continue  # tests/test_editions.py compares the lessons, line by line
        lines = code_of(path)
        for start in range(len(lines) - LINES_IN_A_ROW + 1):
            piece = tuple(lines[start : start + LINES_IN_A_ROW])
            assert seen.setdefault(piece, path) == path, (name(path), piece)
    assert len(seen) > 100


def test_the_settings_of_ruff_know_every_stub():
    settings = tomllib.loads((SKELETON / "pyproject.toml").read_text(encoding="utf-8"))
    stubs = {stub.relative_to(SKELETON).as_posix() for stub in STUBS}
    listed = settings["tool"]["ruff"]["extend-exclude"]
    assert set(listed) == {stub for stub in stubs if stub.endswith((".py", ".ipynb"))}


@pytest.mark.parametrize("path", FILES, ids=name)
def test_the_name_is_legal_on_windows(path):
    assert not re.search(r'[<>:"|?*\\]|[ .](/|$)', name(path))
    assert not re.search(r"(?i)(^|/)(con|prn|aux|nul|com\d|lpt\d)(\.|/|$)", name(path))


@pytest.mark.parametrize("path", SKELETON_TEXTS, ids=name)
def test_cookiecutter_takes_no_text_for_binary(path):
    # It guesses from the first bytes, and copies what it takes for binary without rendering it.
    # A text holds no NUL. Korean can be taken for binary, but is safe in templates/: what a stub
    # includes is read by Jinja.
    assert is_binary(str(path)) is (b"\0" in path.read_bytes())


def test_git_hides_no_template_file():
    # The skeleton's .gitignore is meant for the project, but git obeys it here as well.
    files = [
        name(path)
        for path in [*SKELETON.rglob("*"), *TEMPLATES.rglob("*")]
        if path.is_file() and not any("cache" in part for part in path.relative_to(ROOT).parts)
    ]
    assert len(files) > 10
    command = ["git", "check-ignore", "--no-index", *files]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=300)
    assert (result.returncode, result.stdout) == (1, "")  # 1: none of them is ignored


@pytest.mark.parametrize("path", [*SKELETON_TEXTS, *TEMPLATES.rglob("*.md")], ids=name)
def test_a_question_of_yes_or_no_is_a_truth_value_in_every_file(path):
    # It is no text, so that `== 'yes'` would never be true.
    truths = "|".join(question for question, value in ASKED.items() if isinstance(value, bool))
    assert truths
    assert not re.search(rf"cookiecutter\.({truths}) *[!=]=", path.read_text(encoding="utf-8"))


# They start a whole session, which takes as long as it takes.
OF_A_SESSION = ("tests/variants.py", "tests/edits/run.py")


def waits_without_a_bound(path):
    """Return the lines in which a test waits for a program for ever."""
    text = path.read_text(encoding="utf-8")
    if "subprocess" not in text:
        return []
    found = []
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        given = {keyword.arg for keyword in node.keywords}
        starts = name in ("subprocess.run", "subprocess.call", "subprocess.check_output")
        waits = name.endswith((".communicate", ".wait")) and not node.args
        if (starts or waits) and not given & {"timeout", None}:
            found.append(node.lineno)
    return found


def test_no_test_waits_for_a_program_without_a_bound():
    seen = 0
    for path in PYTHON_FILES:
        name = path.relative_to(ROOT).as_posix()
        if "tests/" in name and name not in OF_A_SESSION and path not in STUBS:
            assert waits_without_a_bound(path) == [], name
            seen += 1
    assert seen > 100
