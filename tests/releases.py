"""What comes later: releases of the template in a git repository, and a variant added to it.

python tests/releases.py FOLDER makes there what nox -s smoke_later tries with PyTorch.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import copier
from generators import COOKIECUTTER, ROOT, SKELETON, git, source_files, tree, with_copier

FIRST, SECOND = COOKIECUTTER["__version"], "v99.0.0"
# What the second release deletes, moves, changes and brings.
GONE, GONE_TOO = ".pre-commit-config.yaml", "lessons/exercises/02_tensors.py"
MOVED, THERE = "engine/shapes.py", "engine/forms.py"
PICTURE = "logo.png"
NEW, NEW_PICTURE = "palette.txt", "palette.png"
PNG = b"\x89PNG\r\n\x1a\n\0\xff"  # no text in any encoding
SHAPES = ["square", "circle", "triangle", "star", "heart", "cross", "moon", "arrow"]
# What `python -m engine.after_update` needs.
ALWAYS = ["after_update.py", "errors.py", "program.py", "terminal.py"]


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
    write(path, text.replace(old, new))


def commit(repository: Path, message: str) -> None:
    """Commit whatever lies in a folder."""
    git("add", "--all", cwd=repository)
    git("commit", "--quiet", "--message", message, cwd=repository)


def shrink(template: Path) -> None:
    """Leave what a project is made of, and of that three files in each folder.

    How an update goes does not depend on how many there are, but how long it takes.
    """
    for name in ("docs", "benchmarks", "tests", ".github"):
        shutil.rmtree(template / name)
    skeleton = template / SKELETON.name
    for folder in {path.parent for path in skeleton.rglob("*")} - {skeleton}:
        files = sorted(path for path in folder.iterdir() if path.is_file())
        for path in files[3:]:
            if path.name not in ALWAYS:
                path.unlink()


def write(path: Path, text: str) -> None:
    """Write a file with the line ends of Linux."""
    path.write_text(text, encoding="utf-8", newline="\n")


def append(path: Path, text: str) -> None:
    """Write something at the end of a file."""
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.write(text)


def make_releases(folder: Path, small: bool = False) -> Path:
    """Make a git repository with two releases: the template as it is, and what may come next.

    Args:
        folder: The new repository.
        small: Leave most files out.
    """
    repository = copy_template(folder)
    skeleton = repository / SKELETON.name
    if small:
        shrink(repository)
    write(skeleton / MOVED, '"""Shapes."""\n\n' + "".join(f'{one} = "{one}"\n' for one in SHAPES))
    (skeleton / PICTURE).write_bytes(PNG + b"old")
    set_constant(repository, "__source", str(repository))
    git("init", "--quiet", cwd=repository)
    commit(repository, "a release")
    git("tag", FIRST, cwd=repository)

    replace(skeleton / "train.py", '"""Train the model', '"""Train the model, newly')
    replace(repository / "templates/image/model.py", '"""The network', '"""The new network')
    replace(repository / "templates/_en/start.ipynb", '"# Start here', '"# Begin here')
    replace(repository / "templates/_en/README.md", "A neural network", "A new neural network")
    (skeleton / GONE).unlink()
    if small:
        (skeleton / GONE_TOO).unlink()  # with all lessons there, their tests would miss it
    (skeleton / MOVED).rename(skeleton / THERE)
    replace(skeleton / THERE, '"""Shapes."""', '"""Forms."""')
    (skeleton / PICTURE).write_bytes(PNG + b"new")
    (skeleton / NEW_PICTURE).write_bytes(PNG + b"palette")
    write(skeleton / NEW, "All is {{ cookiecutter.colour }}.\n")
    ask_for_colour(repository)
    set_constant(repository, "__version", SECOND)
    commit(repository, "the next release")
    git("tag", SECOND, cwd=repository)
    git("gc", "--quiet", cwd=repository)  # copier clones it five times for an update
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
    replace(repository / "copier.yml", '"ko"]}', '"ko"], "colour": ["blue", "red"]}')


def edit(project: Path) -> None:
    """Change a project as its owner would."""
    write(project / "notes.md", "# What I learned\n")
    (project / "experiments").mkdir()
    write(project / "experiments" / "first.py", '"""Mine."""\n')
    append(project / "model.py", "\n\nMINE = 1  # the owner's own line\n")
    replace(project / "README.md", "(`python -m venv .venv`, then activate it)", "(my own)")
    sorted(project.glob("lessons/[0-9]*.py"))[2].unlink()


def put_under_git(project: Path) -> None:
    """Commit all of a project: copier updates nothing that is not in git."""
    git("init", "--quiet", cwd=project)
    commit(project, "mine")


def differing(project: Path, other: Path) -> set[str]:
    """Return the files in which two projects differ, what cruft notes aside."""
    ours, theirs = tree(project), tree(other)
    names = {*ours, *theirs} - {".cruft.json"}
    return {name for name in names if ours.get(name) != theirs.get(name)}


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
    # It has no networks that have learned already, and does not say why it answers so.
    names = ["engine/backbone.py", "engine/pretrained.md", "tests/tools/test_fetch.py"]
    names += ["tools/fetch.py", "tools/importance.py", "tools/why.py"]
    without = json.dumps(names)
    replace(questions, '    "task=text": [', f'    "task=points": {without},\n    "task=text": [')
    subprocess.run([sys.executable, "write_stubs.py"], cwd=template, check=True, timeout=300)


if __name__ == "__main__":
    build = Path(sys.argv[1]).resolve()
    shutil.rmtree(build, ignore_errors=True)
    releases = make_releases(build / "releases")
    project = with_copier(releases, build / "updated", FIRST)
    edit(project)
    put_under_git(project)
    update(project)
    # Byte for byte a new project of the second release, in which its owner did the same.
    expected = with_copier(releases, build / "expected", SECOND)
    edit(expected)
    if found := differing(project, expected):
        sys.exit(f"the update made other files than the release has: {sorted(found)}")
    if {GONE, MOVED} & tree(project).keys() or not (project / THERE).exists():
        sys.exit("the update left what the release deletes, or did not bring what it moves")
    add_variant(copy_template(build / "template"))
    with_copier(build / "template", build / "added", task="points")
