"""The recipes of CONTRIBUTING.md, done to the letter: a variant, a question.

A variant is a folder and its name in both question files: all else finds it by itself.
"""

import os
import re
import shlex
import subprocess
import sys

import pytest
from generators import CHOICES, ROOT, git, read_answers, tree, with_cookiecutter, with_copier
from releases import add_variant, commit, copy_template, replace
from test_questions import places_that_lack


@pytest.fixture(scope="module")
def added(tmp_path_factory):
    """Copy the template, and add a variant to it."""
    copy = copy_template(tmp_path_factory.mktemp("added") / "template")
    git("init", "--quiet", cwd=copy)
    commit(copy, "as it is")
    add_variant(copy)
    commit(copy, "a variant")
    return copy


def test_only_its_folder_and_the_question_files_differ(added):
    changed = git("diff", "--numstat", "-z", "HEAD~", "--", ":!templates/points", cwd=added)
    assert [line.split("\t")[-1] for line in changed] == [
        "cookiecutter.json", "copier.yml", "hooks/pre_gen_project.py"
    ]  # fmt: skip


@pytest.mark.parametrize(("lessons", "language"), [("yes", "ko"), ("no", "en")])
def test_both_generators_make_it_and_ruff_finds_nothing(added, language, lessons, tmp_path):
    answers = {"task": "points", "language": language, "lessons": lessons}
    project = with_cookiecutter(added, tmp_path / "a", **answers)
    assert tree(project) == tree(with_copier(added, tmp_path / "b", **answers))
    for command in ("check", "format --check"):
        command = [sys.executable, "-m", "ruff", *command.split(), "--no-cache", "."]
        result = subprocess.run(
            command, cwd=project, capture_output=True, encoding="utf-8", timeout=60
        )
        assert result.returncode == 0, result.stdout + result.stderr


def test_the_tests_of_the_template_accept_it(added):
    # Those of the READMEs do not, until somebody has written what the variant is.
    files = ["test_questions.py", "test_template_files.py", "test_editions.py"]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    result = subprocess.run(
        [*command, *(f"tests/{name}" for name in files)],
        cwd=added, capture_output=True, encoding="utf-8", timeout=300,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert result.returncode == 0, result.stdout[-3000:]


def recipe(title):
    """Return a section of CONTRIBUTING.md, and the code blocks in it with their languages."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = re.split(r"\n## (?=[A-Z])", text.split(f"\n## {title}\n")[1])[0]
    return section, re.findall(r"(?ms)^```(\w+)\n(.*?)^```$", section)


def commands(title):
    """Return the commands of a recipe: each line of its blocks for a console."""
    blocks = recipe(title)[1]
    return [line for kind, block in blocks if kind == "console" for line in block.splitlines()]


def do(command, folder):
    """Do what a line of the recipe says."""
    words = shlex.split(command)
    assert words[0] == "python"
    return subprocess.run(
        [sys.executable, *words[1:]], cwd=folder, capture_output=True, encoding="utf-8", timeout=60
    )


@pytest.mark.parametrize("source", CHOICES["task"])
def test_a_copy_by_the_recipe_makes_the_same_projects_as_its_source(source, tmp_path):
    copy = copy_template(tmp_path / "template")
    section, _ = recipe("Add a variant")
    (command,) = commands("Add a variant")
    _, script, example, name, *_ = shlex.split(command)
    assert (script, example) == ("add_variant.py", "image")
    for place in re.findall(r"`((?:templates|tests)/[\w/]+?)/?`", section):
        if name not in place and "hostile" not in place:
            assert (copy / place).exists(), place
    result = do(command.replace(example, source, 1), copy)
    assert result.returncode == 0, result.stderr
    assert (copy / "templates" / name).is_dir()
    assert (copy / "tests" / "tasks" / name).is_dir()
    for line in result.stdout.splitlines():
        assert (copy / line.split(" ", 1)[-1]).exists(), line
    stale = do("python write_stubs.py --check", copy)
    assert stale.returncode == 0, stale.stdout
    ours = with_cookiecutter(copy, tmp_path / "ours", task=name)
    assert tree(ours) == tree(with_copier(copy, tmp_path / "copier", task=name))
    # The same bytes: so it has every file of its source, which smoke_cpu tests and trains.
    assert tree(ours) == tree(with_cookiecutter(copy, tmp_path / "source", task=source))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    result = subprocess.run(
        [*command, "tests/test_questions.py"],
        cwd=copy, capture_output=True, encoding="utf-8", timeout=120,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert result.returncode == 0, result.stdout[-3000:]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("vidoe birds 'birds: b'", "vidoe: no such variant, choose among "),
        ("image text 'text: b'", "text: this variant is there already, in templates/text"),
        ("image two_words 'two_words: b'", "two_words: the name of a variant is of the letters"),
        ("image birds 'b'", 'b: write "birds: " and what it does'),
        ("image birds 'birds: \"b\"'", 'birds: "b": write "birds: " and what it does'),
    ],
)
def test_a_copy_that_cannot_be_is_refused_in_one_line(words, said, template):
    before = tree(template)
    result = do(f"python -B add_variant.py {words}", template)
    assert result.returncode == 1
    assert result.stderr.startswith(said)
    assert len(result.stderr.splitlines()) == 1
    assert tree(template) == before


def test_a_question_by_the_recipe_is_asked_and_what_is_missing_is_named(tmp_path):
    copy = copy_template(tmp_path / "template")
    section, blocks = recipe("Add a question")
    code = [block for _, block in blocks]
    assert [kind for kind, _ in blocks] == ["json"] * 2 + ["yaml"] * 2 + ["markdown"] * 2
    missing = places_that_lack("colour", copy)
    assert len(missing) == 8

    def lacking(*words):
        """Check that each word is in a sentence that is gone now."""
        nonlocal missing
        left = places_that_lack("colour", copy)
        gone = [one for one in missing if one not in left]
        assert [any(word in one for one in gone) for word in words] == [True] * len(words), gone
        missing = left

    questions, copier = copy / "cookiecutter.json", copy / "copier.yml"
    replace(questions, '  "__slug":', code[0] + '  "__slug":')
    lacking("cookiecutter.json does not ask")
    replace(questions, '    "language": {\n', code[1] + '    "language": {\n')
    lacking("__prompts__")
    replace(copier, "# Below: not asked", code[2] + "# Below: not asked")
    lacking("copier.yml does not ask")
    replace(copier, "      __slug=slug", code[3] + "      __slug=slug")
    lacking("no file could see it")
    assert do(re.findall(r"`(python write_stubs.py)`", section)[0], copy).returncode == 0
    lacking("python write_stubs.py")
    for name in ("README.md", "README.ko.md"):
        row = next(
            line for line in (copy / name).read_text(encoding="utf-8").splitlines(keepends=True)
            if line.startswith("| `language` |")
        )  # fmt: skip
        replace(copy / name, row, row + code[4])
    page = copy / "docs" / "questions.md"
    page.write_text(page.read_text(encoding="utf-8") + "\n" + code[5], encoding="utf-8")
    assert places_that_lack("colour", copy) == []

    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]

    def test_it():
        return subprocess.run(
            [*command, "tests/test_questions.py"], cwd=copy, capture_output=True, encoding="utf-8",
            timeout=120, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip

    result = test_it()
    assert "8 questions are more than 7" in result.stdout
    assert result.stdout.count("FAILED") == 1
    replace(copy / "tests" / "test_questions.py", "MOST = 7", "MOST = 8")
    result = test_it()
    assert result.returncode == 0, result.stdout[-3000:]
    made = with_cookiecutter(copy, tmp_path / "a", colour="red")
    assert tree(made) == tree(with_copier(copy, tmp_path / "b", colour="red"))
    assert read_answers(made)["colour"] == "red"
