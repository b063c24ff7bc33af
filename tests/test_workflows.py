"""What GitHub reads: the workflows and dependabot.yml, of the template and of a project."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from generators import ROOT, with_cookiecutter

PINNED = re.compile(r"uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
MAY_WRITE = {
    ("weekly.yml", "report", "issues"),
    ("docs.yml", "deploy", "pages"),
    ("docs.yml", "deploy", "id-token"),
}


@pytest.fixture(scope="module")
def default(template, tmp_path_factory):
    """Make the default project."""
    return with_cookiecutter(template, tmp_path_factory.mktemp("workflows") / "default")


@pytest.fixture(scope="module", params=["template", "default"])
def github(request):
    """Return the folder .github of the template, then that of the project."""
    return request.getfixturevalue(request.param) / ".github"


@pytest.fixture(scope="module")
def workflows(github):
    """Return the paths of the workflows; there must be one."""
    paths = sorted((github / "workflows").glob("*.yml"))
    assert paths
    return paths


def finds_nothing(tool, *arguments):
    """Run a tool that lies beside Python, and show what it says when it finds something."""
    path = shutil.which(tool, path=Path(sys.executable).parent)
    assert path, f"{tool} is not installed"
    result = subprocess.run([path, *arguments], capture_output=True, encoding="utf-8")
    assert result.returncode == 0, result.stdout + result.stderr


def test_actionlint_finds_nothing(workflows):
    # It would call these where they happen to be installed.
    finds_nothing("actionlint", "-shellcheck=", "-pyflakes=", *workflows)


def test_zizmor_finds_nothing(github):
    finds_nothing("zizmor", "--offline", "--strict-collection", github)


def test_the_workflows_follow_the_schema(workflows):
    finds_nothing("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *workflows)


def test_dependabot_yml_follows_the_schema(github):
    path = github / "dependabot.yml"
    finds_nothing("check-jsonschema", "--builtin-schema", "vendor.dependabot", path)


def actions(folder):
    """Return the lines that name an action."""
    texts = [path.read_text(encoding="utf-8") for path in folder.rglob("*.yml")]
    return [line.strip(" -") for line in "\n".join(texts).splitlines() if "uses:" in line]


def test_an_action_is_named_by_its_commit_and_its_version(github):
    assert actions(github)
    assert [line for line in actions(github) if not PINNED.fullmatch(line)] == []


def test_a_project_uses_the_actions_of_the_template(default):
    assert set(actions(ROOT / ".github")) >= set(actions(default / ".github"))


def test_no_job_runs_for_ever_or_writes_more_than_it_must(workflows):
    for path in workflows:
        workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert workflow["jobs"]
        assert set(workflow["permissions"].values()) <= {"read"}, path
        for name, job in workflow["jobs"].items():
            assert job["timeout-minutes"] <= 60, (path, name)
            granted = job.get("permissions", {})
            writes = {(path.name, name, scope) for scope in granted if granted[scope] != "read"}
            assert writes <= MAY_WRITE


def jobs(path):
    """Return the jobs of a workflow."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]


def test_the_oldest_and_the_newest_python_are_the_same_everywhere(default):
    matrix = jobs(default / ".github/workflows/test.yml")["test"]["strategy"]["matrix"]
    oldest, newest = matrix["python"]
    project = tomllib.loads((default / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == f">={oldest}"
    ours = jobs(ROOT / ".github/workflows/template.yml")
    assert ours["oldest"]["env"]["PROJECT_PYTHON"] == oldest
    assert ours["nox"]["strategy"]["matrix"]["python"][-1] == newest
    weekly = jobs(ROOT / ".github/workflows/weekly.yml")["newest"]["steps"]
    assert {"python-version": newest} in [step.get("with") for step in weekly]


def test_every_project_gives_github_the_same(project, default):
    def files(folder):
        paths = (folder / ".github").rglob("*.yml")
        return {path.relative_to(folder): path.read_bytes() for path in paths}

    assert files(project) == files(default) != {}
