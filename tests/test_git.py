"""A project in git and on GitHub: what is committed, what is checked, and a clone to begin with."""

import importlib.util
import json
import re
import shlex
import subprocess
import sys
import tomllib

import copier
import pytest
import yaml
from generators import ASKED, COOKIECUTTER, COPIER, ROOT, SKELETON, git, tree, with_cookiecutter

# They share what takes long to make, so one process runs them.
pytestmark = pytest.mark.xdist_group("git")

PAGE = (ROOT / "docs" / "howto" / "git.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"(?ms)^```console\n(.*?)^```$", PAGE)
# What GitHub writes into a repository that begins with a README, a licence and a .gitignore.
BY_GITHUB = {
    "README.md": "# my-torch-project\n",
    "LICENSE": "MIT License\n\nCopyright (c) 2026 Ada Lovelace\n",
    ".gitignore": "__pycache__/\n*.py[codz]\n.venv\n",
}


@pytest.fixture(scope="module")
def project(template, tmp_path_factory):
    """Make the default project, and commit it."""
    made = with_cookiecutter(template, tmp_path_factory.mktemp("git") / "made")
    git("init", "--quiet", cwd=made)
    git("add", "--all", cwd=made)
    git("commit", "--quiet", "--message", "mine", cwd=made)
    return made


def write(folder, files):
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="")


@pytest.fixture
def clone(tmp_path):
    """Clone a repository that GitHub began, and return the clone."""
    origin = tmp_path / "origin"
    origin.mkdir()
    write(origin, BY_GITHUB)
    git("init", "--quiet", cwd=origin)
    git("add", "--all", cwd=origin)
    git("commit", "--quiet", "--message", "Initial commit", cwd=origin)
    git("clone", "--quiet", str(origin), "my-torch-project", cwd=tmp_path)
    return tmp_path / "my-torch-project"


@pytest.mark.parametrize(
    ("name", "is_ignored"),
    [
        (".env", True),
        (".env.local", True),
        (".env.example", False),
        ("venv/bin/python", True),
        ("env/bin/python", True),
        (".venv/bin/python", True),
        ("runs/a/last.pt", True),
        ("wandb/run-1/files/config.yaml", True),
        ("train-4711.log", True),
        ("nohup.out", True),
        ("__pycache__/model.cpython-311.pyc", True),
        (".ruff_cache/0.17.6/a", True),
        (".gradio/flagged/dataset1.csv", True),
        ("uv.lock", False),
        (".python-version", False),
        ("environment.md", False),
        ("data/people.csv", False),
        ("train.log.md", False),
    ],
)
def test_git_ignores_what_is_secret_or_left_by_tools_and_nothing_else(name, is_ignored, project):
    command = ["git", "check-ignore", "--no-index", "--quiet", name]
    assert (subprocess.run(command, cwd=project, timeout=60).returncode == 0) is is_ignored


def test_a_clone_on_windows_has_the_same_bytes(project, tmp_path):
    git("clone", "--quiet", str(project), "mine", cwd=tmp_path)
    mine = tmp_path / "mine"
    (mine / "people.csv").write_bytes(b"name,age\r\nAda,36\r\n")
    (mine / "scan.pdf").write_bytes(b"%PDF-1.4\n1 0 obj\n")
    git("add", "--all", cwd=mine)
    git("commit", "--quiet", "--message", "data", cwd=mine)
    options = ["-c", "core.autocrlf=true", "-c", "core.eol=crlf"]
    git("clone", "--quiet", *options, str(mine), "clone", cwd=tmp_path)
    assert tree(tmp_path / "clone") == tree(mine)
    assert git("status", "--porcelain", "-z", cwd=tmp_path / "clone") == []


def hooks(folder):
    text = (folder / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    (repository,) = yaml.safe_load(text)["repos"]
    assert repository["repo"] == "local"  # so nothing is fetched but from the package index
    return {hook["id"]: hook for hook in repository["hooks"]}


def test_the_hooks_take_the_versions_that_the_template_is_tested_with():
    # Dependabot passes over local hooks, but offers new versions of what constraints.txt names.
    tested = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    taken = {one for hook in hooks(SKELETON).values() for one in hook["additional_dependencies"]}
    assert {one.split("==")[0] for one in taken} == {"ruff", "pre-commit-hooks"}
    assert taken <= set(tested), "write the versions of constraints.txt into the hooks"


def test_the_one_ruff_is_that_of_the_hooks_and_github_runs_them(project):
    settings = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    named = [settings["project"]["dependencies"], settings["project"]["optional-dependencies"]]
    assert "ruff" not in re.findall(r"[\w-]+", str(named))
    text = (project / ".github/workflows/test.yml").read_text(encoding="utf-8")
    steps = yaml.safe_load(text)["jobs"]["test"]["steps"]
    commands = [step["run"] for step in steps if "run" in step]
    assert "pre-commit run --all-files --show-diff-on-failure" in commands
    assert not [command for command in commands if "ruff" in command]


def test_only_the_lock_file_of_uv_may_be_large():
    left_out = {name: hook.get("exclude") for name, hook in hooks(SKELETON).items()}
    exclude = left_out.pop("check-added-large-files")
    assert not any(left_out.values())
    names = ["uv.lock", "data/uv.lock", "my-uv.lock", "uv.lock.pt", "uvxlock", "model.pt"]
    assert [name for name in names if re.search(exclude, name)] == ["uv.lock"]


def test_dependabot_knows_the_lock_file(project):
    text = (project / ".github" / "dependabot.yml").read_text(encoding="utf-8")
    ecosystems = [one["package-ecosystem"] for one in yaml.safe_load(text)["updates"]]
    assert ecosystems == ["github-actions", "uv"]  # pip beside it would leave the lock stale


def documented(tool):
    """Return the page's command of a tool, without uvx."""
    lines = [line for block in BLOCKS for line in block.splitlines()]
    (found,) = [line for line in lines if line.startswith(f"uvx {tool} ")]
    return shlex.split(found)[1:]


def run(*command, cwd):
    return subprocess.run(
        [sys.executable, "-m", *map(str, command)],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )


@pytest.mark.parametrize("tool", ["cookiecutter", "copier"])
def test_a_project_is_made_into_a_clone_and_nothing_is_lost(tool, clone, project, template):
    defaults = {"cookiecutter": ["--no-input", "--default-config"], "copier": ["--defaults"]}[tool]
    command = documented(tool)
    command[command.index(COOKIECUTTER["__source"])] = str(template)
    before = git("rev-parse", "HEAD", cwd=clone)
    result = run(*command, *defaults, cwd=clone.parent)
    assert result.returncode == 0, result.stderr
    assert tree(clone) == tree(project)
    assert git("rev-parse", "HEAD", cwd=clone) == before
    changed = git("diff", "--name-only", "-z", cwd=clone)
    assert sorted(changed) == sorted(BY_GITHUB)  # all else is new, and git shows what was replaced
    git("restore", "LICENSE", cwd=clone)
    assert (clone / "LICENSE").read_text(encoding="utf-8") == BY_GITHUB["LICENSE"]
    assert git("remote", cwd=clone) == ["origin\n"]


def test_cookiecutter_writes_nothing_into_a_clone_unless_it_is_told_to(clone, template):
    before = tree(clone)
    result = run("cookiecutter", template, "--no-input", "--default-config", cwd=clone.parent)
    assert result.returncode == 1
    (said,) = (result.stdout + result.stderr).splitlines()
    assert "directory already exists" in said
    assert tree(clone) == before


def test_copier_writes_nothing_into_a_clone_unless_it_is_told_to(clone, template):
    before = tree(clone)
    result = run("copier", "copy", "--defaults", template, clone.name, cwd=clone.parent)
    assert result.returncode == 1
    (said,) = result.stderr.splitlines()
    assert ".gitignore, LICENSE, README.md in my-torch-project would be replaced" in said
    assert "nothing was written: choose another folder, or add --overwrite" in said
    assert tree(clone) == before


IN_THE_WAY = ["model.py", ".gitattributes", "engine/run.py", "tests/engine/test_run.py"]
IN_THE_WAY += [".github/workflows/test.yml", "lessons/hints/01_pytorch.py"]
ALL_ANSWERS = {
    name: value[0] if isinstance(value, list) else value for name, value in ASKED.items()
}
NOBODY_IS_ASKED = [{"defaults": True}, {"data": ALL_ANSWERS}]


@pytest.mark.parametrize("options", NOBODY_IS_ASKED, ids=["defaults", "data"])
@pytest.mark.parametrize("name", IN_THE_WAY)
def test_copier_finds_a_file_in_the_way_before_it_writes(name, options, template, tmp_path):
    folder = tmp_path / "my [own] 한글" / "project"
    folder.mkdir(parents=True)
    write(folder, {name: "mine\n", "notes.txt": "mine\n"})
    before = tree(folder)
    with pytest.raises(Exception, match=rf"('|, ){re.escape(name)} in .+ would be replaced"):
        copier.run_copy(str(template), folder, quiet=True, **options)
    assert tree(folder) == before


@pytest.mark.parametrize(
    ("name", "there"), [("engine", "engine"), ("train.py", "train.py/mine.txt")]
)
def test_copier_finds_a_file_where_it_needs_a_folder_and_the_other_way(
    name, there, template, tmp_path
):
    write(tmp_path / "project", {there: "mine\n"})
    before = tree(tmp_path / "project")
    with pytest.raises(Exception, match=f"'{name} in .+ would be replaced"):
        copier.run_copy(str(template), tmp_path / "project", quiet=True, defaults=True)
    assert tree(tmp_path / "project") == before


def test_files_of_other_names_are_in_nobodys_way(project, template, tmp_path):
    own = {"notes.txt": "mine\n", "data/cats/1.txt": "a cat\n", "engine/mine/deep/run.py": "mine\n"}
    write(tmp_path / "project", own)
    copier.run_copy(str(template), tmp_path / "project", quiet=True, defaults=True)
    made = tree(tmp_path / "project")
    assert {name: made[name].decode() for name in own} == own
    assert "train.py" in made


def test_copier_yml_knows_how_many_questions_there_are_and_how_deep_the_skeleton_is():
    looked_for = COPIER["in_the_way"]["default"]
    # The name is the one question that takes any text, so it is not among the choices.
    assert "data | length <= choices | length" in looked_for
    assert {"project_name", *json.loads(COPIER["choices"]["default"])} == {*ASKED}
    files = [path for path in SKELETON.rglob("*") if path.is_file()]
    depths = {len(path.relative_to(SKELETON).parts) for path in files}
    places = looked_for.partition("{% for place in [")[2].partition("]")[0].split(", ")
    assert {place.count("/") for place in places} == depths


def load_first_day():
    """Return the module that plays the first day; it is in a folder of its own."""
    path = ROOT / "tests" / "first_day" / "run.py"
    specification = importlib.util.spec_from_file_location("first_day", path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.mark.parametrize("tool", ["uv", "pip"])
def test_the_transcript_of_the_first_day_has_the_commands_of_today(tool, template, tmp_path):
    day = load_first_day()
    answers = dict(answer.split("=") for answer in day.ANSWERS[tool])
    made = with_cookiecutter(template, tmp_path / "made", **answers)
    steps = [step["run"].strip().splitlines()[0] for step in day.steps(made)]
    begin = day.to_begin(made, tool)
    expected = [*day.to_make(tool), *begin, *day.to_commit(tool), *day.to_push()]
    expected += [*steps, *day.to_join(), *begin]
    text = (ROOT / "docs" / f"first-day-{tool}.txt").read_text(encoding="utf-8")
    typed = iter(re.findall(r"(?m)^\$ (.+)$", text))
    missing = [command for command in expected if command not in typed]  # in this order
    assert missing == [], "nox -s first_day -- --write"
    assert len(expected) > 15


def test_the_transcripts_name_no_machine():
    for path in (ROOT / "docs").glob("first-day-*.txt"):
        text = path.read_text(encoding="utf-8")
        assert set(re.findall(r"https?://([\w.-]+)", text)) <= {*load_first_day().KNOWN_HOSTS}
        assert not re.findall(r"(?<![\w.:/])/(?:tmp|home|root|Users|opt)/", text)
