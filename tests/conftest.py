"""What the tests share: a copy of the template, and the projects both generators make of it."""

from pathlib import Path

import pytest
from generators import CHOICES, every_pair, with_cookiecutter, with_copier
from releases import copy_template

# They are for a project's Python.
collect_ignore = ["added_variant", "browser", "edits", "lessons", "pretrained", "tasks"]


@pytest.fixture(scope="session")
def template(tmp_path_factory) -> Path:
    """Copy the template out of git."""
    return copy_template(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session", params=every_pair(CHOICES), ids=lambda row: "-".join(row.values()))
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
