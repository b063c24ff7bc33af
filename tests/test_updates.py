"""A project takes the next release, whoever made it and whatever its owner changed."""

import re
import subprocess
import sys

import cruft
import pytest
from generators import (
    ANSWERS_FILE,
    COOKIECUTTER,
    ROOT,
    SKELETON,
    git,
    read_answers,
    tree,
    with_cookiecutter,
    with_copier,
)
from releases import FIRST, GONE, NEW, SECOND, edit, make_releases, put_under_git, replace, update

NAME = '한글 🔥 "Net"\\'


def make(tool, releases, folder):
    """Return a project of the first release, made by a tool."""
    if tool == "copier":
        return with_copier(releases, folder / "made", FIRST, project_name=NAME)
    if tool == "cruft":
        name = {"project_name": NAME}
        return cruft.create(str(releases), folder, None, True, name, checkout=FIRST)
    git("clone", "--quiet", "--branch", FIRST, str(releases), "release", cwd=folder)
    return with_cookiecutter(folder / "release", folder / "made", project_name=NAME)


@pytest.fixture(scope="module")
def releases(tmp_path_factory):
    return make_releases(tmp_path_factory.mktemp("releases") / "template")


@pytest.fixture(scope="module")
def expected(releases, tmp_path_factory):
    """Return what a project of the second release is with the owner's changes made to it."""
    folder = tmp_path_factory.mktemp("expected") / "project"
    project = with_copier(releases, folder, SECOND, project_name=NAME)
    edit(project)
    return project


def differing(project, other):
    """Return the files in which two projects differ, what cruft notes aside."""
    ours, theirs = tree(project), tree(other)
    return {
        name for name in {*ours, *theirs} - {".cruft.json"} if ours.get(name) != theirs.get(name)
    }


def lint(project):
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "."]
    return subprocess.run(command, cwd=project, capture_output=True, encoding="utf-8")


@pytest.mark.parametrize("tool", ["copier", "cookiecutter", "cruft"])
def test_copier_brings_the_next_release_and_keeps_what_the_owner_did(
    tool, releases, expected, tmp_path
):
    project = make(tool, releases, tmp_path)
    answers = read_answers(project)
    assert (project / GONE).exists()
    edit(project)
    put_under_git(project)
    update(project)

    assert differing(project, expected) == set()
    assert (project / NEW).read_text(encoding="utf-8") == "All is blue.\n"
    assert not (project / GONE).exists()
    assert read_answers(project) == answers | {"colour": "blue"}
    assert f"_commit: {SECOND}\n" in (project / ANSWERS_FILE).read_text(encoding="utf-8")
    assert git("ls-files", "-z", "--unmerged", cwd=project) == []
    assert lint(project).returncode == 0, lint(project).stdout
    for path in project.rglob("*.py"):
        compile(path.read_text(encoding="utf-8"), path, "exec")


def test_cruft_brings_the_next_release_and_keeps_what_the_owner_did(releases, expected, tmp_path):
    project = make("cruft", releases, tmp_path)
    edit(project)
    put_under_git(project)
    assert cruft.update(project)

    assert differing(project, expected) == set()
    answers = read_answers(project)
    assert (answers["project_name"], answers["colour"]) == (NAME, "blue")
    # So its owner can go over to copier at any time: it is told of the same release.
    assert f"_commit: {SECOND}\n" in (project / ANSWERS_FILE).read_text(encoding="utf-8")


def test_a_line_that_both_changed_is_marked_and_all_else_is_updated(releases, expected, tmp_path):
    project = make("copier", releases, tmp_path)
    edit(project)
    replace(project / "train.py", '"""Train the model', '"""Train my model')
    put_under_git(project)
    update(project)

    assert differing(project, expected) == {"train.py"}
    before, after = (project / "train.py").read_text(encoding="utf-8").split(">>>>>>>", 1)
    ours, theirs = before.removeprefix("<<<<<<< before updating\n").split("=======\n")
    assert ours.startswith('"""Train my model')
    assert theirs.startswith('"""Train the model, newly')
    assert after.startswith(" after updating\n")
    unmerged = {line.split("\t")[1] for line in git("ls-files", "-zu", cwd=project)}
    assert unmerged == {"train.py"}
    page = (ROOT / "docs" / "updates.md").read_text(encoding="utf-8")
    assert f"```text\n{before}>>>>>>> after updating\n```" in page
    status = git("status", "--short", "-z", cwd=project)
    assert "\n".join(["```text", *status, "```"]) in page
    assert lint(project).returncode == 1

    hooks = (SKELETON / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert "check-merge-conflict --assume-in-merge" in hooks  # else it looks in git's merges alone

    (project / "train.py").write_text(theirs + after.partition("\n")[2], encoding="utf-8")
    assert differing(project, expected) == set()


def test_a_second_update_changes_nothing(releases, tmp_path):
    project = make("copier", releases, tmp_path)
    put_under_git(project)
    update(project)
    git("add", "--all", cwd=project)
    git("commit", "--quiet", "--message", "updated", cwd=project)
    update(project)
    assert git("status", "--porcelain", "-z", cwd=project) == []


def test_an_answer_can_be_changed_later(releases, expected, tmp_path):
    project = make("cookiecutter", releases, tmp_path)
    edit(project)
    put_under_git(project)
    update(project, data={"accelerator": "cpu"}, skip_answered=True)
    assert differing(project, expected) == {"README.md", "pyproject.toml"}
    assert "whl/cpu" in (project / "pyproject.toml").read_text(encoding="utf-8")
    assert read_answers(project)["accelerator"] == "cpu"


def test_uncommitted_work_is_never_updated(releases, tmp_path):
    project = make("copier", releases, tmp_path)
    put_under_git(project)
    (project / "model.py").write_text("", encoding="utf-8")
    with pytest.raises(Exception, match="Destination repository is dirty"):
        update(project)
    assert git("status", "--porcelain", "-z", cwd=project) == [" M model.py"]


def test_the_answers_file_names_the_newest_release_of_the_changelog():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"(?m)^## \[(\d+\.\d+\.\d+)\]", changelog)
    # Before the first release: the one to come.
    assert COOKIECUTTER["__version"] == f"v{versions[0] if versions else '0.1.0'}"
    assert re.fullmatch(r"gh:[\w-]+/[\w-]+", COOKIECUTTER["__source"])
