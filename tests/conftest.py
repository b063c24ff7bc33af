"""What the tests share: a copy of the template, and the projects both generators make of it."""

import logging
import re
import shutil
from pathlib import Path

import pytest
from generators import CHOICES, SKELETON, every_pair, tree, with_cookiecutter, with_copier
from releases import copy_template

# They are for a project's Python.
collect_ignore = [
    "added_variant",
    "browser",
    "edits",
    "first_day",
    "lessons",
    "pretrained",
    "tasks",
]


@pytest.fixture(scope="session")
def template(tmp_path_factory) -> Path:
    """Copy the template out of git."""
    return copy_template(tmp_path_factory.mktemp("template"))


def row(answers: dict[str, str]):
    """Return a set of answers as a parameter; its tests share its projects, so they go together."""
    name = "-".join(answers.values())
    return pytest.param(answers, id=name, marks=pytest.mark.xdist_group(name))


@pytest.fixture(scope="session", params=map(row, every_pair(CHOICES)))
def answers(request) -> dict[str, str]:
    """Go through sets of answers until any two choices of any two questions have met."""
    return request.param


@pytest.fixture(scope="session")
def projects(template, answers, tmp_path_factory) -> tuple[Path, Path]:
    """Make the same project with cookiecutter and with copier."""
    folder = tmp_path_factory.mktemp("projects")
    return (
        with_cookiecutter(template, folder / "cookiecutter", **answers),
        with_copier(template, folder / "copier", **answers),
    )


@pytest.fixture(scope="session")
def project(projects) -> Path:
    """Take the one that cookiecutter made: the other has the same bytes."""
    return projects[0]


@pytest.fixture(scope="session")
def reached(template, tmp_path_factory) -> Path:
    """Copy the template without the files in which only choices are: they take most of the time.

    tests/test_projects.py goes through the choices; here each file counts that shows the name.
    """
    logging.getLogger("cookiecutter").setLevel(logging.CRITICAL)  # a page for each refusal
    folder = tmp_path_factory.mktemp("reached")
    copy = shutil.copytree(template, folder / "template")
    by_name = re.compile(rf"cookiecutter(?!\.({'|'.join(CHOICES)})\b)")
    for path in [path for path in (copy / SKELETON.name).rglob("*") if path.is_file()]:
        brought = (copy / "templates").rglob(re.sub(r"\{%.*?%\}", "", path.name))
        if not any(by_name.search(one.read_text(encoding="utf-8")) for one in (path, *brought)):
            path.unlink()
    trees = [tree(with_copier(template, folder / name, project_name=name)) for name in ("a", "b")]
    changed = {name for name in trees[0] if trees[0][name] != trees[1][name]}
    kept = set(tree(with_copier(copy, folder / "kept")))
    assert {"README.md", "pyproject.toml", "LICENSE"} <= changed <= kept
    assert len(kept) < len(trees[0]) / 4
    return copy
