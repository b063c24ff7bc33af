"""The commands of both generators, as a person calls them."""

import os
import subprocess
import sys

import pytest
from generators import tree, with_copier


def run(*command, **environment):
    return subprocess.run(
        [sys.executable, "-m", *map(str, command)],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "HOME": str(environment.pop("home")), **environment},
        timeout=300,
    )


@pytest.fixture(scope="module")
def commands(template, tmp_path_factory):
    """Run both commands with the default answers, as the README has them."""
    folder = tmp_path_factory.mktemp("commands with 한글 🔥")
    paths = folder / "a" / "my-torch-project", folder / "b" / "my-torch-project"
    by_cookiecutter = run(
        *("cookiecutter", template, "--no-input", "-o", folder / "a"),
        home=folder,
        # What a Korean Windows console gives to a hook; it has no letter for the fire.
        PYTHONIOENCODING="cp949",
    )
    by_copier = run("copier", "copy", "--defaults", template, paths[1], home=folder)
    return (by_cookiecutter, by_copier), paths


def test_both_commands_make_the_default_project(commands, template, tmp_path):
    results, paths = commands
    for result in results:
        assert result.returncode == 0, result.stderr
    expected = tree(with_copier(template, tmp_path / "project"))
    assert tree(paths[0]) == tree(paths[1]) == expected


def test_both_commands_say_the_same_next_steps(commands):
    results, paths = commands
    said = [results[0].stdout, results[1].stderr[results[1].stderr.index("Your project") :]]
    assert said[1].count(f'cd "{paths[1]}"') == 1
    steps = [
        ["cd" if line.strip().startswith("cd ") else line for line in text.strip().splitlines()]
        for text in said
    ]
    assert steps[0] == steps[1]
    assert "    uv run train.py" in steps[0]
