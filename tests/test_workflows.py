"""What GitHub reads: workflows, forms and other settings, of the template and of a project."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from generators import COOKIECUTTER, ROOT, source_files, with_cookiecutter

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
    result = subprocess.run([path, *arguments], capture_output=True, encoding="utf-8", timeout=300)
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


FORMS = ["bug.yml", "idea.yml"]


@pytest.mark.parametrize(
    ("schema", "names"),
    [
        ("github-issue-forms", [f".github/ISSUE_TEMPLATE/{name}" for name in FORMS]),
        ("github-issue-config", [".github/ISSUE_TEMPLATE/config.yml"]),
        ("citation-file-format", ["CITATION.cff"]),
    ],
)
def test_what_people_meet_on_github_follows_its_schema(schema, names):
    paths = [ROOT / name for name in names]
    finds_nothing("check-jsonschema", "--builtin-schema", f"vendor.{schema}", *paths)


def read_yaml(name):
    """Return what a file of the template holds."""
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def test_every_form_is_checked_and_a_bug_asks_for_the_doctor():
    found = {path.name for path in (ROOT / ".github/ISSUE_TEMPLATE").iterdir()}
    assert found == {*FORMS, "config.yml"}
    asked = str(read_yaml(".github/ISSUE_TEMPLATE/bug.yml")["body"])
    assert "python -m tools.doctor" in asked
    assert "cookiecutter --version" in asked  # before there is a project
    assert ".copier-answers.yml" in asked
    (question, *_) = read_yaml(".github/ISSUE_TEMPLATE/config.yml")["contact_links"]
    assert question["name"] == "A question"


def test_the_notes_of_a_release_have_a_place_for_each_label_that_we_give():
    labels = {"dependencies"}  # Dependabot's own
    for name in FORMS:
        labels |= set(read_yaml(f".github/ISSUE_TEMPLATE/{name}")["labels"])
    notes = read_yaml(".github/release.yml")["changelog"]
    assert notes["exclude"]["labels"] == ["dependencies"]
    places = [label for one in notes["categories"] for label in one["labels"]]
    assert labels - {*places} == {"dependencies"}
    assert places[-1] == "*"  # the first that fits is taken
    assert len(places) == len({*places})


def test_every_change_has_somebody_who_is_asked():
    text = (ROOT / ".github/CODEOWNERS").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert lines[0].split()[0] == "*"
    for line in lines:
        pattern, *owners = line.split()
        assert pattern == "*" or (ROOT / pattern.strip("/")).exists(), line
        assert owners
        assert all(re.fullmatch(r"@[\w-]+(/[\w-]+)?", owner) for owner in owners), line


def test_ruff_is_the_same_before_a_commit_and_in_nox():
    pinned = re.findall(r"(?m)^ruff==.+$", (ROOT / "constraints.txt").read_text(encoding="utf-8"))
    assert len(pinned) == 1
    hooks = {hook["id"]: hook for hook in read_yaml(".pre-commit-config.yaml")["repos"][0]["hooks"]}
    for name in ("ruff-check", "ruff-format"):
        assert hooks[name]["additional_dependencies"] == pinned
        assert "--force-exclude" in hooks[name]["entry"]  # else the stubs are taken for Python
        assert "--no-cache" in hooks[name]["entry"]  # Cookiecutter would render one


def test_what_the_hooks_before_a_commit_would_mend_is_mended():
    hooks = {hook["id"]: hook for hook in read_yaml(".pre-commit-config.yaml")["repos"][0]["hooks"]}
    made = re.compile(hooks["end-of-file-fixer"]["exclude"])
    assert hooks["trailing-whitespace"]["exclude"] == made.pattern
    seen = 0
    for path in source_files():
        name, content = path.relative_to(ROOT).as_posix(), path.read_bytes()
        assert len(content) < 1024 * 1024, name
        if b"\0" in content or made.search(name) or not content:
            continue
        seen += 1
        assert content.endswith(b"\n"), name
        assert not content.endswith(b"\n\n"), name
        spaces = (
            rb"[ \t]$" if not name.endswith(".md") else rb"(?<! ) $|\t$"
        )  # two are a break there
        assert not re.search(rb"(?m)" + spaces, content), name
    assert seen > 300


def test_pre_commit_loads_nothing_but_packages():
    (repository,) = read_yaml(".pre-commit-config.yaml")["repos"]
    assert repository["repo"] == "local"
    assert len(repository["hooks"]) > 5


def test_the_citation_names_the_release_that_projects_name():
    citation = read_yaml("CITATION.cff")
    assert f"v{citation['version']}" == COOKIECUTTER["__version"]
    entry = f"## [{citation['version']}] - {citation['date-released']}\n"
    assert entry in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


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
