"""A variant is a folder and its name in both question files: all else finds it by itself."""

import os
import subprocess
import sys

import pytest
from generators import CHOICES, git, tree, with_cookiecutter, with_copier
from releases import add_variant, commit, copy_template


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


@pytest.mark.parametrize("language", CHOICES["language"])
@pytest.mark.parametrize("lessons", CHOICES["lessons"])
def test_both_generators_make_it_and_ruff_finds_nothing(added, language, lessons, tmp_path):
    answers = {"task": "points", "language": language, "lessons": lessons}
    project = with_cookiecutter(added, tmp_path / "a", **answers)
    assert tree(project) == tree(with_copier(added, tmp_path / "b", **answers))
    for command in ("check", "format --check"):
        command = [sys.executable, "-m", "ruff", *command.split(), "--no-cache", "."]
        result = subprocess.run(command, cwd=project, capture_output=True, encoding="utf-8")
        assert result.returncode == 0, result.stdout + result.stderr


def test_the_tests_of_the_template_accept_it(added):
    # Those of the READMEs do not, until somebody has written what the variant is.
    files = ["test_questions.py", "test_template_files.py", "test_editions.py"]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    result = subprocess.run(
        [*command, *(f"tests/{name}" for name in files)],
        cwd=added, capture_output=True, encoding="utf-8",
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert result.returncode == 0, result.stdout[-3000:]
