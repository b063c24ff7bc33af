"""What the tests share: a copy of the template, and the projects both generators make of it."""

import shutil
from pathlib import Path

import pytest
from generators import CHOICES, ROOT, every_pair, source_files, with_cookiecutter, with_copier


@pytest.fixture(scope="session")
def template(tmp_path_factory) -> Path:
    """Copy the template out of git, where copier would take the last release instead."""
    copy = tmp_path_factory.mktemp("template")
    for path in source_files():
        target = copy / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    return copy


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
