"""A project takes the next release, whoever made it and whatever its owner changed."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import cruft
import pytest
from generators import (
    ANSWERS_FILE,
    COOKIECUTTER,
    COPIER,
    ROOT,
    SKELETON,
    git,
    read_answers,
    tree,
    with_cookiecutter,
    with_copier,
)
from releases import (
    FIRST,
    GONE,
    GONE_TOO,
    MOVED,
    NEW,
    NEW_PICTURE,
    PICTURE,
    PNG,
    SECOND,
    THERE,
    append,
    commit,
    differing,
    edit,
    make_releases,
    put_under_git,
    replace,
    update,
    write,
)

# They share what takes long to make, so one process runs them.
pytestmark = pytest.mark.xdist_group("updates")

NAME = '한글 🔥 "Net"\\'
PAGE = (ROOT / "docs" / "updates.md").read_text(encoding="utf-8")
KOREAN = "# 점수\n".encode("cp949")
MINE = "\nMINE = 1  # the owner's own line\n"
GONE_AND_BACK = "gone, and your change too: `after_update` names it and brings it back"
TAKEN_AND_BACK = "the release's: `after_update` names yours and brings it back"
NOTHING_LOST = "The update took nothing away that you had changed.\n"
BRING_BACK = "To have your changes again: python -m engine.after_update --bring-back\n"


def kept(you, release, afterwards):
    """Say which row of the page's table "What is kept" a test is about."""

    def remember(test):
        ROWS.append((you, release, afterwards))
        return test

    return remember


ROWS = []


def run(project, module, *options, **environment):
    """Run a module in a project."""
    return subprocess.run(
        [sys.executable, "-m", module, *options], cwd=project, capture_output=True,
        encoding="utf-8", stdin=subprocess.DEVNULL, env={**os.environ, **environment}, timeout=300,
    )  # fmt: skip


def after_update(project, *options):
    """Return the exit code of engine.after_update, and what it prints."""
    said = run(project, "engine.after_update", *options)
    assert said.stderr == ""
    return said.returncode, said.stdout


def read(path):
    return path.read_text(encoding="utf-8")


def move(path, old, new):
    """Write where the template is now, as its owner does."""
    write(path, read(path).replace(str(old), str(new)))


def status(project):
    """Return what `git status --short` says."""
    return git("status", "--short", "-z", cwd=project)


def edit_more(project):
    """Change what the next release changes too, deletes, moves or brings."""
    replace(project / "train.py", '"""Train the model', '"""Train my model')
    replace(project / "start.ipynb", '"# Start here', '"# My start')
    for name in (GONE_TOO, MOVED):
        append(project / name, MINE)
    (project / PICTURE).write_bytes(PNG + b"mine")
    (project / NEW_PICTURE).write_bytes(PNG + b"my palette")
    write(project / NEW, "My palette.\n")
    (project / "predict.py").rename(project / "ask.py")
    append(project / "ask.py", MINE)
    # As an editor of a Korean Windows saves it.
    (project / "eval.py").write_bytes((project / "eval.py").read_bytes() + KOREAN)
    # As an old editor of Windows saves it: git takes it for no text.
    (project / "config.py").write_bytes(read(project / "config.py").encode("utf-16"))


@pytest.fixture(scope="module")
def releases(tmp_path_factory):
    return make_releases(tmp_path_factory.mktemp("releases") / "template", small=True)


@pytest.fixture(scope="module")
def make(releases, tmp_path_factory):
    """Return a function that copies a project of the first release, made once by each tool."""
    made = {}

    def make_once(tool):
        folder = tmp_path_factory.mktemp(tool)
        if tool == "copier":
            return with_copier(releases, folder / "made", FIRST, project_name=NAME)
        if tool == "cruft":
            name = {"project_name": NAME}
            return cruft.create(str(releases), folder, None, True, name, checkout=FIRST)
        git("clone", "--quiet", "--branch", FIRST, str(releases), "release", cwd=folder)
        return with_cookiecutter(folder / "release", folder / "made", project_name=NAME)

    def make(tool, folder):
        if tool not in made:
            made[tool] = make_once(tool)
            put_under_git(made[tool])
        return shutil.copytree(made[tool], folder / "project")

    return make


@pytest.fixture(scope="module")
def elsewhere(releases, tmp_path_factory):
    """Return where the releases have moved."""
    folder = tmp_path_factory.mktemp("moved") / "template"
    git("clone", "--quiet", str(releases), str(folder), cwd=folder.parent)
    return folder


@pytest.fixture(scope="module", params=["copier", "cookiecutter", "cruft"])
def updated(request, make, releases, elsewhere, tmp_path_factory):
    """Update a project by copier, in which its owner changed whatever an owner can."""
    project = make(request.param, tmp_path_factory.mktemp("updated"))
    edit(project)
    edit_more(project)
    if request.param == "cookiecutter":  # what the page says of a template that has moved
        move(project / ANSWERS_FILE, releases, elsewhere)
    commit(project, "mine")
    update(project)
    return project


@pytest.fixture
def copied(updated, tmp_path):
    """Copy such a project, to be changed further."""
    return shutil.copytree(updated, tmp_path / "project")


@pytest.fixture(scope="module")
def expected(releases, tmp_path_factory):
    """Return a new project of the second release, in which its owner wrote the same."""
    folder = tmp_path_factory.mktemp("expected") / "project"
    project = with_copier(releases, folder, SECOND, project_name=NAME)
    edit(project)
    return project


@kept("made a file", "knows nothing of it", "your file")
def test_what_the_owner_made_is_there(updated, expected):
    for name in ("notes.md", "experiments/first.py"):
        assert read(updated / name) == read(expected / name)


@kept("changed `model.py`", "changed other lines of it", "both changes")
def test_changes_in_different_places_are_both_there(updated, expected):
    text = read(updated / "model.py")
    assert text.startswith('"""The new network')
    assert text.endswith(MINE)
    assert text == read(expected / "model.py")


@kept("changed a line", "changed the same line", "a conflict, to be settled by you")
def test_a_line_that_both_changed_is_marked_as_the_page_shows(copied, expected):
    before, after = read(copied / "train.py").split(">>>>>>>", 1)
    ours, theirs = before.removeprefix("<<<<<<< before updating\n").split("=======\n")
    assert ours.startswith('"""Train my model')
    assert theirs.startswith('"""Train the model, newly')
    assert after.startswith(" after updating\n")
    assert f"```text\n{before}>>>>>>> after updating\n```" in PAGE
    assert "\n".join(["```text", *status(copied), "```"]) in PAGE
    unmerged = {line.split("\t")[1] for line in git("ls-files", "-zu", cwd=copied)}
    assert unmerged == {"train.py", "start.ipynb", NEW}
    assert run(copied, "ruff", "check", "--no-cache", "train.py").returncode == 1
    hooks = read(SKELETON / ".pre-commit-config.yaml")
    assert "check-merge-conflict --assume-in-merge" in hooks  # else it looks in git's merges alone

    write(copied / "train.py", theirs + after.partition("\n")[2])
    assert read(copied / "train.py") == read(expected / "train.py")
    # A notebook with marks opens nowhere.
    for which, title in (("--theirs", "# Begin here"), ("--ours", "# My start")):
        assert f"git checkout {which} start.ipynb" in PAGE
        git("checkout", which, "start.ipynb", cwd=copied)
        cells = json.loads(read(copied / "start.ipynb"))["cells"]
        assert cells[0]["source"][0] == f"{title}\n"


@kept("deleted a lesson", "changed it, or not", "it stays deleted")
@kept("renamed a file", "changed it, or not", "yours, as it was; the old name does not come back")
def test_what_the_owner_deleted_or_renamed_stays_so(updated, expected):
    assert len(list(updated.glob("lessons/[0-9]*.py"))) == 2
    assert not (updated / "predict.py").exists()
    assert read(updated / "ask.py") == read(expected / "predict.py") + MINE


@kept(
    "left a file alone, as most do with those in `engine/`, `tools/` and `lessons/`",
    "changed, added, moved or deleted it",
    "as the release has it",
)
def test_all_else_is_as_the_release_has_it(updated, expected):
    assert differing(updated, expected) == {
        "train.py", "start.ipynb", NEW,  # conflicts
        "eval.py",  # what copier makes of Korean letters that are not UTF-8
        "predict.py", "ask.py",  # renamed by the owner
    }  # fmt: skip
    assert not (updated / GONE).exists()
    assert f"_commit: {SECOND}\n" in read(updated / ANSWERS_FILE)
    for path in updated.rglob("*.py"):
        if path.name not in ("train.py", "eval.py"):
            compile(read(path), path, "exec")


@kept("answered a question", "asks it still", "your answer")
@kept("", "asks something new", "you are asked; with `--defaults` its default")
def test_answers_stay_and_a_new_question_has_its_default(updated):
    assert read_answers(updated)["colour"] == "blue"
    assert read_answers(updated)["project_name"] == NAME


@kept("made a text file", "brings one of the same name", "a conflict, to be settled by you")
def test_a_file_that_both_made_is_marked(updated):
    ours = "<<<<<<< before updating\nMy palette.\n=======\n"
    assert read(updated / NEW) == f"{ours}All is blue.\n>>>>>>> after updating\n"


@kept("changed a file", "deleted or moved it", GONE_AND_BACK)
@kept("changed or made a file that is no text in UTF-8", "has it too", TAKEN_AND_BACK)
def test_what_the_update_took_away_is_named(updated):
    for name in (GONE_TOO, MOVED):
        assert not (updated / name).exists()
    before = tree(updated)
    written = ["config.py", "eval.py", PICTURE, NEW_PICTURE]
    code, said = after_update(updated)
    assert code == 1
    assert [line.strip() for line in said.splitlines() if line.startswith("    ")] == [
        f"{MOVED} (it is {THERE} now)",
        GONE_TOO,
        *[f"{name} (the update wrote over it)" for name in written],
    ]
    assert said.endswith(f"\n\n{BRING_BACK}")
    assert f"```text\n{said}```" in PAGE
    assert tree(updated) == before  # it has only looked


@pytest.mark.parametrize("updated", ["copier"], indirect=True)
def test_what_the_update_took_away_comes_back_also_after_the_commit(copied):
    commit(copied, "the update")
    append(copied / "notes.md", "More.\n")
    commit(copied, "more")
    code, said = after_update(copied, "--bring-back")
    assert code == 0
    assert f"{THERE}: your changes are in it\n" in said
    assert read(copied / GONE_TOO).endswith(MINE)
    assert read(copied / THERE).startswith('"""Forms."""\n')
    assert read(copied / THERE).endswith(MINE)
    assert (copied / PICTURE).read_bytes() == PNG + b"mine"
    assert (copied / NEW_PICTURE).read_bytes() == PNG + b"my palette"
    assert "Change" in (copied / "config.py").read_text(encoding="utf-16")
    assert (copied / "eval.py").read_bytes().endswith(KOREAN)
    assert after_update(copied) == (0, NOTHING_LOST)


@pytest.mark.parametrize("updated", ["copier"], indirect=True)
def test_a_second_update_changes_nothing(copied):
    commit(copied, "the update")
    update(copied)
    assert status(copied) == []


def test_where_nothing_was_lost_it_says_so(make, tmp_path):
    project = make("copier", tmp_path)
    assert after_update(project) == (0, "This project has not been updated yet.\n")
    replace(project / ANSWERS_FILE, f"_commit: {FIRST}", f"_commit: {SECOND}")
    assert after_update(project) == (0, NOTHING_LOST)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is full")
def test_where_it_cannot_say_what_was_lost_it_is_one_line_too(make, tmp_path):
    project = make("copier", tmp_path)
    with Path("/dev/full").open("w") as full:
        said = subprocess.run(
            [sys.executable, "-m", "engine.after_update"], cwd=project, stdout=full,
            stderr=subprocess.PIPE, encoding="utf-8", timeout=300,
        )  # fmt: skip
    assert said.returncode == 2
    assert said.stderr.startswith("error: the output cannot be written (")
    assert said.stderr.count("\n") == 1


def test_what_keeps_it_from_looking_is_one_line(make, tmp_path):
    project = make("copier", tmp_path)
    append(project / GONE_TOO, MINE)
    move(project / ANSWERS_FILE, FIRST, "v0.0.7")
    commit(project, "mine")
    (project / GONE_TOO).unlink()
    replace(project / ANSWERS_FILE, "_commit: v0.0.7", f"_commit: {SECOND}")
    shutil.move(project, tmp_path / "other")
    lines = {
        "error: copier: ValueError: Unknown revision: 'v0.0.7'\n": {},
        "error: git is not installed\n": {"PATH": str(tmp_path)},
    }
    for line, environment in lines.items():
        said = run(tmp_path / "other", "engine.after_update", **environment)
        assert (said.returncode, said.stdout, said.stderr) == (2, "", line)
    shutil.rmtree(tmp_path / "other" / ".git")
    said = run(tmp_path / "other", "engine.after_update", GIT_CEILING_DIRECTORIES=str(tmp_path))
    assert (said.returncode, said.stdout) == (2, "")
    line = "error: git: nothing is committed here, and copier updates only what is\n"
    assert said.stderr == line
    git("init", "--quiet", cwd=tmp_path / "other")  # a repository without a commit is no other
    assert run(tmp_path / "other", "engine.after_update").stderr == line


@kept("solved exercises, then answered `lessons=no`", "", GONE_AND_BACK)
def test_an_answer_can_be_changed_later_and_what_it_took_comes_back(make, tmp_path):
    project = make("cookiecutter", tmp_path)
    edit(project)
    exercise = "lessons/exercises/01_pytorch.py"
    append(project / exercise, MINE)
    write(project / "lessons" / "mine.py", "")
    commit(project, "mine")
    before = read(project / "model.py")
    answers = ["--data", "lessons=no", "--data", "accelerator=cpu"]
    nobody = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    said = run(project, "copier", "update", "--defaults", "--vcs-ref=:current:", *answers, **nobody)
    assert said.returncode == 0  # though git knows no name to commit with
    assert said.stderr.endswith(COPIER["_message_after_update"] + "\n")
    assert "python -m engine.after_update" in COPIER["_message_after_update"]
    assert sorted(path.name for path in (project / "lessons").iterdir()) == ["mine.py"]
    assert read(project / "model.py") == before
    assert "whl/cpu" in read(project / "pyproject.toml")
    assert read_answers(project)["accelerator"] == "cpu"
    assert f"_commit: {FIRST}\n" in read(project / ANSWERS_FILE)

    code, said = after_update(project)
    assert code == 1
    assert [line for line in said.splitlines() if line.startswith("    ")] == [f"    {exercise}"]
    assert after_update(project, "--bring-back") == (0, f"{exercise}: as you had it\n")
    assert read(project / exercise).endswith(MINE)


def test_cruft_brings_the_next_release_and_keeps_what_the_owner_did(
    make, releases, elsewhere, expected, tmp_path
):
    project = make("cruft", tmp_path)
    edit(project)
    move(project / ".cruft.json", releases, elsewhere)
    commit(project, "mine")
    assert cruft.update(project)

    assert differing(project, expected) == set()
    answers = read_answers(project)
    assert (answers["project_name"], answers["colour"]) == (NAME, "blue")
    # So its owner can go over to copier at any time: it is told of the same release.
    assert f"_commit: {SECOND}\n" in read(project / ANSWERS_FILE)


def test_cruft_leaves_what_it_cannot_merge_as_the_owner_had_it(make, tmp_path):
    project = make("cruft", tmp_path)
    edit(project)
    edit_more(project)
    commit(project, "mine")
    mine = tree(project)
    assert cruft.update(project)
    kept = ["train.py", "start.ipynb", "config.py", "eval.py", PICTURE, NEW_PICTURE, NEW, GONE_TOO]
    ours = tree(project)
    assert {name: ours[name] for name in kept} == {name: mine[name] for name in kept}
    assert {f"?? {name}.rej" for name in ("train.py", "start.ipynb")} <= {*status(project)}
    assert read(project / THERE).endswith(MINE)
    assert after_update(project) == (0, NOTHING_LOST)


def lose_the_answers(project):
    (project / ANSWERS_FILE).unlink()
    commit(project, "lost")


STOPS = {
    "Destination repository is dirty": lambda project: write(project / "model.py", ""),
    "Updating is only supported in git": lambda project: shutil.rmtree(project / ".git"),
    "Template not found": lose_the_answers,
}
CHANGED_ANSWERS = {
    "Cannot update because cannot obtain old template references": (r"(?m)^_commit: .*\n", ""),
    "Unknown revision: 'v0.0.7'": (r"(?m)^_commit: .*", "_commit: v0.0.7"),
    "Local template must be a directory.": (r"(?m)^_src_path: .*", "_src_path: ../gone"),
    "task: pictures in --data is none of image, tabular, text": ("task: image", "task: pictures"),
    "while scanning a quoted scalar": ("task: image", 'task: "image'),
}


@pytest.mark.parametrize("said", [*STOPS, *CHANGED_ANSWERS])
def test_what_stops_an_update_stands_in_the_page_and_nothing_has_changed(said, make, tmp_path):
    project = make("copier", tmp_path)
    if said in STOPS:
        STOPS[said](project)
    else:
        changed, count = re.subn(*CHANGED_ANSWERS[said], read(project / ANSWERS_FILE))
        assert count == 1
        write(project / ANSWERS_FILE, changed)
        commit(project, "changed")
    before = tree(project)
    with pytest.raises(Exception, match=re.escape(said)):
        update(project)
    assert tree(project) == before
    assert f"`{said}" in PAGE


WINDOWS = {
    "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": "core.autocrlf",
    "GIT_CONFIG_VALUE_0": "true",
}
BROUGHT = {
    ANSWERS_FILE, GONE, "README.md", MOVED, THERE, GONE_TOO, "model.py", "start.ipynb", "train.py",
    PICTURE, NEW, NEW_PICTURE,
}  # fmt: skip


def clone_as_on_windows(project, folder):
    command = ["git", "clone", "--quiet", str(project), str(folder)]
    subprocess.run(command, check=True, env={**os.environ, **WINDOWS}, timeout=60)
    git("config", "core.autocrlf", "true", cwd=folder)
    return folder


def test_with_the_line_ends_of_windows_an_update_shows_what_changed_and_no_more(make, tmp_path):
    project = clone_as_on_windows(make("copier", tmp_path), tmp_path / "clone")
    assert b"\r" not in (project / "train.py").read_bytes()
    assert run(project, "copier", "update", "--defaults", **WINDOWS).returncode == 0
    assert {line[3:] for line in status(project)} == BROUGHT


def test_a_project_from_before_there_was_gitattributes_shows_it_after_git_add(
    make, releases, tmp_path
):
    attributes = ".gitattributes"
    older = tmp_path / "older"
    git("clone", "--quiet", str(releases), str(older), cwd=tmp_path)
    git("checkout", "--quiet", FIRST, cwd=older)
    (older / SKELETON.name / attributes).unlink()
    commit(older, "without it")
    git("tag", "--force", FIRST, cwd=older)

    project = make("copier", tmp_path)
    (project / attributes).unlink()
    move(project / ANSWERS_FILE, releases, older)
    commit(project, "older")
    project = clone_as_on_windows(project, tmp_path / "clone")
    assert b"\r\n" in (project / "data.py").read_bytes()
    assert run(project, "copier", "update", "--defaults", **WINDOWS).returncode == 0
    assert {line[3:] for line in status(project)} > BROUGHT | {attributes}
    assert "git add --all" in PAGE
    git("add", "--all", cwd=project)
    shown = git("diff", "--cached", "--no-renames", "--name-only", "-z", cwd=project)
    assert {*shown} == BROUGHT | {attributes}


def test_the_page_has_a_row_for_each_of_these_and_no_other():
    _, table = PAGE.split("## What is kept\n\n")
    lines = table.split("\n\n")[0].splitlines()[2:]
    rows = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]
    assert len(rows) == len(ROWS) > 10
    assert {*rows} == {*ROWS}


def test_the_answers_file_names_the_newest_release_of_the_changelog():
    changelog = read(ROOT / "CHANGELOG.md")
    versions = re.findall(r"(?m)^## \[(\d+\.\d+\.\d+)\]", changelog)
    # Before the first release: the one to come.
    assert COOKIECUTTER["__version"] == f"v{versions[0] if versions else '0.1.0'}"
    assert re.fullmatch(r"gh:[\w-]+/[\w-]+", COOKIECUTTER["__source"])
