"""What comes later: releases of the template in a git repository, and a variant added to it.

python tests/releases.py FOLDER makes there what nox -s smoke_later tries with PyTorch.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import copier
from generators import COOKIECUTTER, ROOT, SKELETON, git, source_files, with_copier

FIRST, SECOND = COOKIECUTTER["__version"], "v99.0.0"
GONE, NEW = ".pre-commit-config.yaml", "palette.txt"


def copy_template(folder: Path) -> Path:
    """Copy the template out of git, where copier would take the last release instead."""
    for path in source_files():
        target = folder / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    return folder


def replace(path: Path, old: str, new: str) -> None:
    """Change the one place of a file that holds `old`."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (path, old)
    path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def commit(repository: Path, message: str) -> None:
    """Commit whatever lies in a folder."""
    git("add", "--all", cwd=repository)
    git("commit", "--quiet", "--message", message, cwd=repository)


def make_releases(folder: Path) -> Path:
    """Make a git repository with two releases: the template as it is, and what may come next."""
    repository = copy_template(folder)
    set_constant(repository, "__source", str(repository))
    git("init", "--quiet", cwd=repository)
    commit(repository, "a release")
    git("tag", FIRST, cwd=repository)

    skeleton = repository / SKELETON.name
    replace(skeleton / "train.py", '"""Train the model', '"""Train the model, newly')
    replace(repository / "templates/image/model.py", '"""The network', '"""The new network')
    replace(repository / "templates/_en/README.md", "A neural network", "A new neural network")
    (skeleton / GONE).unlink()
    (skeleton / NEW).write_text("All is {{ cookiecutter.colour }}.\n", encoding="utf-8")
    ask_for_colour(repository)
    set_constant(repository, "__version", SECOND)
    commit(repository, "the next release")
    git("tag", SECOND, cwd=repository)
    return repository


def set_constant(repository: Path, name: str, value: str) -> None:
    """Change what cookiecutter writes into the answers file."""
    old = json.loads((repository / "cookiecutter.json").read_text(encoding="utf-8"))[name]
    pair = '"{}": {}'.format
    replace(
        repository / "cookiecutter.json",
        pair(name, json.dumps(old)),
        pair(name, json.dumps(value)),
    )


def ask_for_colour(repository: Path) -> None:
    """Add a question to both files."""
    replace(
        repository / "cookiecutter.json",
        '  "__project_slug":',
        '  "colour": ["blue", "red"],\n  "__project_slug":',
    )
    question = "colour:\n  type: str\n  choices: [blue, red]\n  default: blue\n\n"
    replace(repository / "copier.yml", "# Below: not asked", f"{question}# Below: not asked")
    replace(repository / "copier.yml", "{{ dict(\n", "{{ dict(colour=colour,\n")


def edit(project: Path) -> None:
    """Change a project as its owner would."""
    (project / "notes.md").write_text("# What I learned\n", encoding="utf-8")
    (project / "experiments").mkdir()
    (project / "experiments" / "first.py").write_text('"""Mine."""\n', encoding="utf-8")
    with (project / "model.py").open("a", encoding="utf-8", newline="\n") as file:
        file.write("\n\nMINE = 1  # the owner's own line\n")
    replace(project / "README.md", "(`python -m venv .venv`, then activate it)", "(my own)")
    sorted(project.glob("lessons/[0-9]*.py"))[2].unlink()


def put_under_git(project: Path) -> None:
    """Commit all of a project: copier updates nothing that is not in git."""
    git("init", "--quiet", cwd=project)
    commit(project, "mine")


def update(project: Path, **options) -> None:
    """Do what `copier update` does."""
    copier.run_update(project, defaults=True, overwrite=True, quiet=True, **options)


def add_variant(template: Path) -> None:
    """Add the smallest variant to a copy of the template, as CONTRIBUTING.md says."""
    shutil.copytree(ROOT / "tests" / "added_variant", template / "templates" / "points")
    label = "points: on which side of a line a point is"
    questions = template / "cookiecutter.json"
    replace(questions, '    "tabular",\n', '    "tabular",\n    "points",\n')
    replace(questions, '      "tabular": "', f'      "points": "{label}",\n      "tabular": "')
    replace(template / "copier.yml", '    "text: ', f'    "{label}": points\n    "text: ')
    # It has no networks that have learned already.
    names = ["engine/backbone.py", "engine/pretrained.md", "tests/tools/test_fetch.py"]
    without = json.dumps([*names, "tools/fetch.py"])
    replace(questions, '    "task=text": [', f'    "task=points": {without},\n    "task=text": [')
    subprocess.run([sys.executable, "write_stubs.py"], cwd=template, check=True)


if __name__ == "__main__":
    build = Path(sys.argv[1]).resolve()
    shutil.rmtree(build, ignore_errors=True)
    project = with_copier(make_releases(build / "releases"), build / "updated", FIRST)
    edit(project)
    put_under_git(project)
    update(project)
    add_variant(copy_template(build / "template"))
    with_copier(build / "template", build / "added", task="points")
