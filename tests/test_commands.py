"""The commands of both generators, as a person calls them, and `copier update`."""

import json
import os
import shutil
import subprocess
import sys

import copier
import pytest
from generators import git, read_answers, tree, with_cookiecutter, with_copier


def run(*command, **environment):
    return subprocess.run(
        [sys.executable, "-m", *map(str, command)],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "HOME": str(environment.pop("home")), **environment},
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


def test_a_project_of_cookiecutter_can_be_updated_with_copier(template, tmp_path):
    releases = tmp_path / "template"
    shutil.copytree(template, releases)
    questions = json.loads((releases / "cookiecutter.json").read_text(encoding="utf-8"))
    questions["__source"] = str(releases)
    (releases / "cookiecutter.json").write_text(json.dumps(questions), encoding="utf-8")
    git("init", "--quiet", cwd=releases)
    git("add", "--all", cwd=releases)
    git("commit", "--quiet", "--message", "a release", cwd=releases)
    git("tag", questions["__version"], cwd=releases)

    project = with_cookiecutter(releases, tmp_path / "a", project_name='한글 🔥 "Net"\\')
    with (project / "model.py").open("a", encoding="utf-8") as file:
        file.write("# the student's own line\n")
    git("init", "--quiet", cwd=project)
    git("add", "--all", cwd=project)
    git("commit", "--quiet", "--message", "mine", cwd=project)

    (skeleton,) = (path for path in releases.iterdir() if path.name.startswith("{{"))
    (skeleton / "new.txt").write_text("new\n", encoding="utf-8")
    git("add", "--all", cwd=releases)
    git("commit", "--quiet", "--message", "the next release", cwd=releases)
    git("tag", "v99.0.0", cwd=releases)
    answers = read_answers(project)
    copier.run_update(project, defaults=True, overwrite=True, quiet=True)

    assert (project / "new.txt").read_text(encoding="utf-8") == "new\n"
    assert (project / "model.py").read_text(encoding="utf-8").endswith("student's own line\n")
    assert read_answers(project) == answers
    changed = git("diff", "--name-only", "-z", "HEAD", cwd=project)
    assert changed == [".copier-answers.yml"]
