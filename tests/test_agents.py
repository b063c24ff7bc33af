"""AGENTS.md, of the template and of a project: what it names is there, and it says what they do."""

import itertools
import json
import re
from typing import NamedTuple

import jinja2
import pytest
from generators import CHOICES, ROOT, SKELETON, TEMPLATES, as_templates_see, left_out

SHELL = re.compile(r"(pip|python|pytest|ruff|pre-commit|nox|cookiecutter)( |$)")
FILE = re.compile(r"[\w.{}-]+(/[\w.{}-]+)*/|[\w{}/.-]*\w\.(py|md|json|yml|toml|txt)|LICENSE")
SIX = {"config.py", "data.py", "model.py", "train.py", "eval.py", "predict.py"}
FOLDERS = ["engine", "tools", "lessons", "tests/engine", "tests/tools", "tests/lessons"]


class Project(NamedTuple):
    """A project as its answers make it, without making it: each of these is quick to render."""

    answers: dict[str, str]
    agents: str
    readme: str

    def has(self, name: str) -> bool:
        """Return whether it has a file or a folder."""
        if name == ".copier-answers.yml":
            name = "{{cookiecutter.__answers_file}}"
        gone = left_out(self.answers)
        parts = name.rstrip("/").split("/")
        above = {"/".join(parts[: end + 1]) for end in range(len(parts))}
        return (SKELETON / name).exists() and not above & {*gone}


def make(answers):
    """Render the two files of a project."""
    loader = jinja2.FileSystemLoader([ROOT, TEMPLATES])
    environment = jinja2.Environment(loader=loader, trim_blocks=True, lstrip_blocks=True)
    texts = [
        environment.get_template(f"{SKELETON.name}/{name}").render(
            cookiecutter=as_templates_see(answers)
        )
        for name in ("AGENTS.md", "README.md")
    ]
    return Project(answers, *texts)


def quoted(text):
    """Return what stands between backticks."""
    found = re.findall(r"`([^`]+)`", text)
    assert len(found) > 20
    return found


def commands(text):
    """Return what a person would type."""
    found = [one for one in quoted(text) if SHELL.match(one) and one != "python"]
    assert len(found) > 8
    return found


def files(text):
    """Return the files and folders that are named."""
    found = {one for one in quoted(text) if FILE.fullmatch(one)}
    assert len(found) > 8
    return found


QUESTIONS = ["task", "tools", "lessons", "license"]
DEFAULTS = {name: values[0] for name, values in CHOICES.items()}
PROJECTS = [
    make(DEFAULTS | dict(zip(QUESTIONS, row, strict=True)))
    for row in itertools.product(*(CHOICES[name] for name in QUESTIONS))
]
every = pytest.mark.parametrize(
    "project", PROJECTS, ids=lambda one: "-".join(one.answers[name] for name in QUESTIONS)
)


def test_there_is_a_project_for_every_set_of_answers():
    assert len(PROJECTS) >= 3 * 2 * 2 * 3


@every
def test_both_fit_on_a_page_and_are_in_english(project):
    for text in (project.agents, OURS):
        assert len(text.splitlines()) < 100
        assert not re.search("[가-힣]", text)


@every
def test_every_file_that_a_project_names_is_there(project):
    made_later = {"runs/"}
    missing = [name for name in files(project.agents) - made_later if not project.has(name)]
    # To a project without a licence it says that none is to be added.
    assert missing == ([] if project.answers["license"] != "none" else ["LICENSE"])
    assert files(project.agents) >= SIX | {"engine/"}


@every
def test_every_folder_of_a_project_is_somebodys(project):
    for folder in FOLDERS:
        assert (f"`{folder}/`" in project.agents) is project.has(folder), folder


@every
def test_every_command_of_a_project_stands_in_its_readme_or_in_its_workflow(project):
    workflow = (SKELETON / ".github/workflows/test.yml").read_text(encoding="utf-8")
    known = {*re.findall(r"`([^`\n]+)`", project.readme)}
    known |= {*re.findall(r"(?m)- run: (.+)$", workflow)}
    for block in re.findall(r"(?ms)^```console\n(.*?)^```", project.readme):
        known |= set(block.splitlines())
    assert [one for one in commands(project.agents) if one not in known] == []


@every
def test_every_command_of_a_project_is_there(project):
    settings = (SKELETON / "engine/settings.py").read_text(encoding="utf-8")
    for command in commands(project.agents):
        if module := re.match(r"python -m ([\w.]+)", command):
            path = module[1].replace(".", "/")
            assert project.has(path + ".py") or project.has(path + "/__main__.py"), command
        elif script := re.match(r"python (\S+)", command):
            assert project.has(script[1]), command
        if command.startswith("python train.py"):
            for flag in re.findall(r"--([a-z-]+)", command):
                assert re.search(rf"(?m)^    {flag.replace('-', '_')}: ", settings), command


@every
def test_it_names_the_licence_that_was_chosen(project):
    chosen = project.answers["license"]
    assert (f"`LICENSE` is {chosen}" in project.agents) is (chosen != "none")
    assert ("There is no licence" in project.agents) is (chosen == "none")


OURS = (ROOT / "AGENTS.md").read_text(encoding="utf-8")


def test_every_file_that_the_template_names_is_there():
    elsewhere = {f"{SKELETON.name}/"}
    of_a_project = {"engine/"}
    named = files(OURS) | elsewhere
    assert [one for one in named - of_a_project if not (ROOT / one).exists()] == []
    assert (SKELETON / "engine").is_dir()


def test_every_session_that_the_template_names_is_there():
    named = {found for one in commands(OURS) for found in re.findall(r"nox -s (\w+)", one)}
    assert len(named) > 3
    sessions = set(re.findall(r"(?m)^def (\w+)\(session", (ROOT / "noxfile.py").read_text("utf-8")))
    assert named <= sessions


def test_every_command_of_the_template_stands_in_contributing_too():
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for command in commands(OURS):
        plain = re.sub(r" -- .*| WORD", "", command)
        assert plain in contributing, command


def test_the_keys_that_the_template_names_are_there():
    assert "_left_out" in json.loads((ROOT / "cookiecutter.json").read_text(encoding="utf-8"))
    assert "_exclude" in (ROOT / "copier.yml").read_text(encoding="utf-8")
