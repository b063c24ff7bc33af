"""The sample project of a release, as docs/releases.md has it: pushed, started from, updated."""

import os
import re
import shlex
import subprocess
import sys

import pytest
from cookiecutter.utils import rmtree
from generators import ANSWERS_FILE, ROOT, SKELETON, git
from releases import commit, copy_template, put_under_git, replace, set_constant
from test_release import cite, release

PAGE = (ROOT / "docs/releases.md").read_text(encoding="utf-8")
ENTRY = """## [{}] - 2027-01-31

### Removed

- `train.sbatch`, which nobody used.

"""
GITHUB = "https://github.com/gdg-gist/"


def lines(number):
    """Return the commands of one of the blocks about the sample project."""
    section = PAGE.split("## The sample project\n")[1].split("\n## ")[0]
    blocks = re.findall(r"(?ms)^```console\n(.*?)^```", section)
    assert len(blocks) == 2
    return blocks[number].splitlines()


def make_release(repository, version):
    """Make a release of the template in its repository."""
    replace(
        repository / "CHANGELOG.md",
        "## [Unreleased]\n",
        f"## [Unreleased]\n\n{ENTRY}".format(version),
    )
    set_constant(repository, "__version", f"v{version}")
    cite(repository, version, "2027-01-31")
    commit(repository, version)
    result = release(repository, version)
    assert (result.returncode, result.stderr) == (0, "")
    return repository / "build" / "release" / "my-torch-project"


def push(repository, number):
    """Type the commands of a block."""
    cd, *commands = lines(number)
    assert cd.startswith("cd ")
    for command in commands:
        words = shlex.split(command)
        assert words[0] == "git"
        subprocess.run(words, cwd=repository / cd[3:], check=True, capture_output=True, timeout=60)


@pytest.fixture
def places(tmp_path, monkeypatch):
    """Let folders stand for the two repositories on GitHub; return them."""
    template = copy_template(tmp_path / "template")
    sample = tmp_path / "sample.git"
    git("init", "--quiet", "--bare", "--initial-branch", "main", str(sample), cwd=tmp_path)
    settings = {
        f"url.{template.as_uri()}.insteadOf": f"{GITHUB}torch-starter.git",
        f"url.{sample.as_uri()}.insteadOf": f"{GITHUB}torch-starter-sample",
        "user.name": "Nobody",
        "user.email": "nobody@example.com",
        "protocol.file.allow": "always",
    }
    monkeypatch.setenv("GIT_CONFIG_COUNT", str(len(settings)))
    for number, (key, value) in enumerate(settings.items()):
        monkeypatch.setenv(f"GIT_CONFIG_KEY_{number}", key)
        monkeypatch.setenv(f"GIT_CONFIG_VALUE_{number}", value)
    (template / "CHANGELOG.md").write_text("# Changelog\n\n## [Unreleased]\n", encoding="utf-8")
    git("init", "--quiet", cwd=template)
    return template, sample


def test_the_sample_is_pushed_started_from_and_updated(places, tmp_path):
    template, sample = places
    made = make_release(template, "0.2.0")
    answers = (made / ANSWERS_FILE).read_text(encoding="utf-8")
    assert "_commit: v0.2.0\n" in answers
    assert "_src_path: gh:gdg-gist/torch-starter\n" in answers
    for path in made.rglob("*"):
        if path.is_file():  # where it was made is nobody's business, and nobody else has it
            assert os.fsencode(tmp_path) not in path.read_bytes(), path
    push(template, 0)

    # "Use this template" makes a repository of the files, without the commits.
    project = tmp_path / "project"
    git("clone", "--quiet", str(sample), str(project), cwd=tmp_path)
    rmtree(project / ".git")
    replace(project / "model.py", '"""The network', '"""My network')
    put_under_git(project)

    skeleton = template / SKELETON.name
    replace(skeleton / "train.py", '"""Train the model', '"""Train the model, newly')
    (skeleton / "train.sbatch").unlink()
    make_release(template, "0.3.0")
    command = [sys.executable, "-m", "copier", "update", "--defaults", "--quiet"]
    subprocess.run(command, cwd=project, check=True, timeout=120)
    assert (
        (project / "train.py").read_text(encoding="utf-8").startswith('"""Train the model, newly')
    )
    assert (project / "model.py").read_text(encoding="utf-8").startswith('"""My network')
    assert not (project / "train.sbatch").exists()
    assert "_commit: v0.3.0\n" in (project / ANSWERS_FILE).read_text(encoding="utf-8")

    # And the sample itself goes on to the next release, whatever that one lacks.
    push(template, 1)
    there = git("ls-tree", "-r", "-z", "--name-only", "main", cwd=sample)
    assert "train.py" in there
    assert "train.sbatch" not in there
    assert len(git("log", "-z", "--format=%h", "main", cwd=sample)) == 2
