"""The template's own files: what they look like to git, to editors and to both generators."""

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import jinja2
import pytest
from binaryornot.check import is_binary
from generators import CHOICES, MARKS, ROOT, SKELETON, TEMPLATES, source_files

FILES = source_files()
PYTHON_FILES = [path for path in FILES if path.suffix == ".py"]
SKELETON_TEXTS = {
    path: path.read_text(encoding="utf-8") for path in FILES if SKELETON in path.parents
}
# A stub is one include and nothing else, in a file whose name may depend on the answers;
# pyproject.toml includes its variant's part among its own text, and the READMEs do.
INCLUDE = re.compile(r"\{% include \[(.+)\] %\}")
STUBS = [path for path, text in SKELETON_TEXTS.items() if text.startswith("{% include")]


def brings(path, answers, text=None):
    """Return the files of templates/ that a file of the skeleton would include."""
    variables = {"cookiecutter": answers}
    if not jinja2.Template(path.name).render(variables):
        return []  # no such file with these answers
    files = []
    for one in INCLUDE.findall(SKELETON_TEXTS[path] if text is None else text):
        names: Any = jinja2.Environment().compile_expression(f"[{one}]")(**variables)
        cookiecutters, copiers = names[::2], names[1::2]
        assert copiers == [f"templates/{name}" for name in cookiecutters]  # where each looks
        there = [TEMPLATES / name for name in cookiecutters if (TEMPLATES / name).exists()]
        assert there, path
        # What is included may include more.
        files += [there[0], *brings(path, answers, there[0].read_text(encoding="utf-8"))]
    return files


ANSWERS = [
    {"task": task, "language": language, "lessons": lessons, "extras": extras}
    for task in CHOICES["task"]
    for language in CHOICES["language"]
    for lessons in CHOICES["lessons"]
    for extras in CHOICES["extras"]
]
BROUGHT = {file for answers in ANSWERS for path in SKELETON_TEXTS for file in brings(path, answers)}
PLAIN_FILES = [
    path for path in PYTHON_FILES if path not in STUBS and ROOT / "tests" not in path.parents
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
    assert re.fullmatch(INCLUDE.pattern + "\n", text)
    used = [(answers, file) for answers in ANSWERS for file in brings(stub, answers)[:1]]
    assert used
    for answers, file in used:
        plain = jinja2.Template(name(stub)).render(cookiecutter=answers)
        made = Path(plain).relative_to(Path(plain).parts[0]).as_posix()
        folders = answers["task"], "_shared", "_" + answers["language"]
        assert file in [TEMPLATES / folder / made for folder in folders]
        content = file.read_text(encoding="utf-8")
        assert content.endswith("\n")
        assert not content.endswith("\n\n")


def test_templates_holds_no_file_that_nothing_brings():
    assert {path for path in FILES if TEMPLATES in path.parents} == BROUGHT


LINES_IN_A_ROW = 6


def test_no_variant_repeats_what_another_has():
    seen = {}
    for path in PYTHON_FILES:
        if TEMPLATES not in path.parents or "lessons" in path.parts:
            continue  # tests/test_editions.py compares the lessons, line by line
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
        lines = [line for line in lines if line and not line.startswith(("import ", "from "))]
        for start in range(len(lines) - LINES_IN_A_ROW + 1):
            piece = tuple(lines[start : start + LINES_IN_A_ROW])
            assert seen.setdefault(piece, path) == path, (name(path), piece)
    assert len(seen) > 100


def test_the_settings_of_ruff_know_every_stub():
    settings = tomllib.loads((SKELETON / "pyproject.toml").read_text(encoding="utf-8"))
    listed = set()
    for pattern in settings["tool"]["ruff"]["extend-exclude"]:
        before, names, after = re.split(r"[{}]", pattern)
        listed |= {before + one + after for one in names.split(",")}
    stubs = {stub.relative_to(SKELETON).as_posix() for stub in STUBS}
    assert listed == {stub for stub in stubs if stub.endswith(".py")}


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
    result = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
    assert (result.returncode, result.stdout) == (1, "")  # 1: none of them is ignored
