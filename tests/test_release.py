"""`nox -s release`: a release is whole and tagged, or refused in one line with nothing done."""

import os
import re
import shutil
import subprocess
import sys

import pytest
from generators import ANSWERS_FILE, SKELETON, git, tree, with_copier
from releases import commit, copy_template, replace, set_constant

# They share what takes long to make, so one process runs them.
pytestmark = pytest.mark.xdist_group("release")

CHECK = "lessons/checks/02_tensors.py"
CHANGES = "## [0.2.0] - 2027-01-31\n\n### Added\n\n- Something new.\n\n"


@pytest.fixture(scope="module")
def ready(tmp_path_factory):
    """Make a clone that is ready for release 0.2.0; its origin has 0.1.0."""
    folder = tmp_path_factory.mktemp("ready")
    origin, clone = copy_template(folder / "origin"), folder / "clone"
    (origin / "CHANGELOG.md").write_text(
        "# Changelog\n\n## [Unreleased]\n\n## [0.1.0] - 2026-12-01\n\n- All.\n", encoding="utf-8"
    )
    set_constant(origin, "__version", "v0.1.0")
    git("init", "--quiet", cwd=origin)
    commit(origin, "the first")
    git("tag", "v0.1.0", cwd=origin)
    git("clone", "--quiet", str(origin), str(clone), cwd=folder)
    replace(clone / "CHANGELOG.md", "## [0.1.0]", CHANGES + "## [0.1.0]")
    set_constant(clone, "__version", "v0.2.0")
    cite(clone, "0.2.0", "2027-01-31")
    commit(clone, "the second")
    return clone


def cite(repository, version, date):
    """Write a release into CITATION.cff."""
    path = repository / "CITATION.cff"
    text = re.sub(r"(?m)^version: .*", f"version: {version}", path.read_text(encoding="utf-8"))
    text = re.sub(r"(?m)^date-released: .*", f'date-released: "{date}"', text)
    path.write_text(text, encoding="utf-8", newline="\n")


@pytest.fixture
def clone(ready, tmp_path):
    """Copy it, to be changed."""
    return shutil.copytree(ready, tmp_path / "clone")


def release(clone, *arguments):
    names = {"NAME": "Nobody", "EMAIL": "nobody@example.com"}
    who = {
        f"GIT_{who}_{key}": name for who in ("AUTHOR", "COMMITTER") for key, name in names.items()
    }
    return subprocess.run(
        [sys.executable, clone / "docs" / "release.py", *arguments],
        capture_output=True, encoding="utf-8", env={**os.environ, **who}, timeout=300,
    )  # fmt: skip


def tags(repository):
    found = git(
        "for-each-ref", "refs/tags", "--format=%(refname:short) %(objecttype)%00", cwd=repository
    )
    return [one.strip() for one in found if one.strip()]


def test_a_release_has_a_tag_a_sample_and_says_what_to_push(clone, ready, tmp_path):
    result = release(clone, "0.2.0")
    assert (result.returncode, result.stderr) == (0, "")
    assert "    git push origin HEAD v0.2.0\n" in result.stdout
    assert tags(clone) == ["v0.1.0 commit", "v0.2.0 tag"]
    (message,) = git("tag", "--list", "--format=%(contents)", "v0.2.0", cwd=clone)
    assert message.startswith("torch-starter 0.2.0\n\n### Added\n\n- Something new.")
    sample = clone / "build" / "release" / "my-torch-project"
    assert f"\n{sample}\n" in result.stdout
    assert tree(sample) == tree(with_copier(clone, tmp_path / "made"))
    assert "_commit: v0.2.0\n" in (sample / ANSWERS_FILE).read_text(encoding="utf-8")
    assert tags(ready.parent / "origin") == ["v0.1.0 commit"]  # nothing was pushed
    assert git("status", "--porcelain", cwd=clone) == []

    again = release(clone, "0.2.0")
    assert again.returncode == 2
    assert again.stderr == "no release: 0.2.0 is not newer than the newest tag, v0.2.0\n"


def forget_the_changelog(clone):
    replace(clone / "CHANGELOG.md", CHANGES, "")


def leave_changes_unreleased(clone):
    replace(clone / "CHANGELOG.md", "[Unreleased]\n", "[Unreleased]\n\n- One more.\n")


def forget_the_date(clone):
    replace(clone / "CHANGELOG.md", " - 2027-01-31", "")


def say_nothing(clone):
    replace(clone / "CHANGELOG.md", "- Something new.", "")


def forget_the_constant(clone):
    set_constant(clone, "__version", "v0.1.0")


def delete_files(clone):
    (clone / SKELETON.name / "engine" / "names.py").unlink()
    shutil.rmtree(clone / SKELETON.name / "lessons" / "checks")


def move_a_file_and_name_another(clone):
    engine = clone / SKELETON.name / "engine"
    (engine / "names.py").rename(engine / "spelling.py")
    say(clone, "### Removed\n\n- `engine/` and `engine/name.py`.\n\n")


def leave_a_file_out(clone):
    replace(
        clone / "cookiecutter.json", '"lessons=no": [', '"lessons=no": [\n      "engine/names.py",'
    )


def name_it_elsewhere(clone):
    (clone / SKELETON.name / "engine" / "names.py").unlink()
    replace(clone / "CHANGELOG.md", "Something new.", "No `engine/names.py`.")


def say(clone, text):
    """Write another part into the entry of the changelog."""
    replace(clone / "CHANGELOG.md", "### Added\n\n- Something", f"{text}### Added\n\n- Something")


def cite_another_version(clone):
    cite(clone, "0.1.0", "2027-01-31")


def cite_another_day(clone):
    cite(clone, "0.2.0", "2026-12-01")


NO_ENTRY = "the first entry of CHANGELOG.md is not `## [0.2.0] - YEAR-MONTH-DAY`"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (forget_the_changelog, NO_ENTRY),
        (forget_the_date, NO_ENTRY),
        (leave_changes_unreleased, "CHANGELOG.md has changes under [Unreleased]: move them"),
        (say_nothing, "CHANGELOG.md says nothing about 0.2.0"),
        (delete_files, f"v0.1.0 had engine/names.py, lessons/checks/01_pytorch.py, {CHECK}, "),
        (move_a_file_and_name_another, "v0.1.0 had engine/names.py: say in CHANGELOG.md under"),
        (leave_a_file_out, "v0.1.0 had engine/names.py: say in CHANGELOG.md under"),
        (name_it_elsewhere, "v0.1.0 had engine/names.py: say in CHANGELOG.md under"),
        (cite_another_version, "CITATION.cff has no line `version: 0.2.0`: write it"),
        (cite_another_day, 'CITATION.cff has no line `date-released: "2027-01-31"`: write it'),
        (forget_the_constant, 'cookiecutter.json has "__version": "v0.1.0": write "v0.2.0"'),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)  # fmt: skip
def test_what_is_not_ready_is_refused_in_one_line(change, reason, clone):
    change(clone)
    commit(clone, "not ready")
    result = release(clone, "0.2.0")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith(f"no release: {reason}")
    assert result.stderr.count("\n") == 1
    assert len(tags(clone)) == 1
    assert not (clone / "build").exists()


def test_what_a_release_takes_away_is_named_with_where_it_went(clone):
    delete_files(clone)
    say(clone, "### Removed\n\n- `lessons/checks/`: cases are drawn.\n\n")
    say(clone, "### Moved\n\n- `engine/names.py` is a part of `engine/terminal.py`.\n\n")
    commit(clone, "ready")
    command = "import release; print(release.check('0.2.0').count('###'))"
    result = subprocess.run(
        [sys.executable, "-c", command], cwd=clone / "docs", capture_output=True, encoding="utf-8",
        timeout=60,
    )  # fmt: skip
    assert (result.stdout, result.stderr) == ("3\n", "")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([], "name one version: nox -s release -- 0.2.0"),
        (["0.2.0", "0.3.0"], "name one version: nox -s release -- 0.2.0"),
        (["v0.2.0"], "'v0.2.0' is not of the form 0.2.0"),
        (["0.2"], "'0.2' is not of the form 0.2.0"),
        (["0.2.0rc1"], "'0.2.0rc1' is not of the form 0.2.0"),
        (["0.02.0"], "'0.02.0' is not of the form 0.2.0"),
        ([""], "'' is not of the form 0.2.0"),
        (["0.1.0"], "0.1.0 is not newer than the newest tag, v0.1.0"),
        (["0.0.9"], "0.0.9 is not newer than the newest tag, v0.1.0"),
    ],
)
def test_a_version_that_cannot_be_is_refused_in_one_line(arguments, reason, ready):
    result = release(ready, *arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == f"no release: {reason}\n"
    assert len(tags(ready)) == 1


def test_files_that_are_in_no_commit_are_refused(clone):
    (clone / "new.txt").write_text("", encoding="utf-8")
    result = release(clone, "0.2.0")
    assert result.returncode == 2
    assert result.stderr == "no release: files are changed or new: commit them first\n"
