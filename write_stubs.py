"""Write what the template has to say twice, from the one place where it is decided.

    python write_stubs.py            writes it, and names each file that it changed
    python write_stubs.py --check    changes nothing; exit code 1 if a file would change

A stub for each file of templates/: one line in the skeleton, which includes that file.
The list of the stubs in the skeleton's pyproject.toml: to ruff a stub is no Python.
What copier leaves out (`_exclude` in copier.yml): the table `_left_out` of cookiecutter.json.
The choices of each question, for what refuses other answers: a hook, and `refused` in copier.yml.
"""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
SKELETON = ROOT / "{{cookiecutter.__project_slug}}"
TEMPLATES = ROOT / "templates"
SHARED = TEMPLATES / "_shared"

# These files of a variant are no stubs: other files include them.
PARTS = {"about.md", "about.ko.md", "dependencies.toml", "search.py"}

# cookiecutter looks for an included file in templates/, copier in the root of the repository.
OF_TASK = (
    '{% include [cookiecutter.task ~ "/NAME", "templates/" ~ cookiecutter.task ~ "/NAME"] %}\n'
)
OF_LANGUAGE = (
    '{% include ["_" ~ cookiecutter.language ~ "/NAME", '
    '"templates/_" ~ cookiecutter.language ~ "/NAME"] %}\n'
)
# A file that some tasks do not have: there the stub is empty, and _left_out removes it.
OF_SOME_TASKS = OF_TASK.replace(" %}", " ignore missing %}")
# A file that a task may bring in place of the one in templates/_shared/.
OF_TASK_OR_SHARED = OF_TASK.replace("] %}", ', "_shared/NAME", "templates/_shared/NAME"] %}')
# What a search tries stands behind the settings, two empty lines below their class.
SEARCH_BEHIND = (
    "{% if cookiecutter.tools %}\n\n\n" + OF_TASK.replace("NAME", "search.py") + "{% endif %}\n"
)

COPIER_BEGIN = "  # From _left_out in cookiecutter.json, written by write_stubs.py:\n"
COPIER_END = "  # The end of what write_stubs.py wrote.\n"
CHOICES_BEGIN = "# From cookiecutter.json, written by write_stubs.py:\n"
CHOICES_END = "# The end of what write_stubs.py wrote.\n"
RUFF_BEGIN = "extend-exclude = [\n"
RUFF_END = "]\n"


def files_below(folders: list[Path]) -> set[str]:
    """Return the paths of all files in these folders, each from its folder on."""
    names = set()
    for folder in folders:
        for path in folder.rglob("*"):
            name = path.relative_to(folder).as_posix()
            if path.is_file() and "cache" not in name and path.name != ".DS_Store":
                names.add(name)
    return names


def stubs() -> dict[str, str]:
    """Return the text of every stub, by its path in the skeleton."""
    languages = [TEMPLATES / f"_{language}" for language in choices()["language"]]
    tasks = [TEMPLATES / str(task) for task in choices()["task"]]
    texts = {}
    for name in files_below(languages):
        texts[name] = OF_LANGUAGE.replace("NAME", name)
    for name in files_below(tasks) - PARTS:
        is_in_all = all((task / name).is_file() for task in tasks)
        stub = OF_TASK if is_in_all else OF_SOME_TASKS
        if (SHARED / name).is_file():
            stub = OF_TASK_OR_SHARED
        texts[name] = stub.replace("NAME", name)
    texts["config.py"] += SEARCH_BEHIND
    return dict(sorted(texts.items()))


def replace_between(text: str, begin: str, end: str, lines: list[str]) -> str:
    """Return the text with these lines between the line `begin` and the next line `end`."""
    before, found, rest = text.partition(begin)
    assert found, f"the line is gone: {begin}"
    _, found, after = rest.partition(end)
    assert found, f"the line is gone: {end}"
    return before + begin + "".join(lines) + end + after


def copier_yml() -> str:
    """Return copier.yml with the table of what is left out."""
    text = (ROOT / "cookiecutter.json").read_text(encoding="utf-8")
    lines = []
    for condition, names in json.loads(text)["_left_out"].items():
        question, answer = condition.split("=")
        said = {"yes": question, "no": f"not {question}"}.get(answer, f"{question} == '{answer}'")
        for name in names:
            # A slash in front: this one alone, not what is called so in another folder.
            lines.append(f'  - "{{% if {said} %}}/{name}{{% endif %}}"\n')
    text = (ROOT / "copier.yml").read_text(encoding="utf-8")
    text = replace_between(text, COPIER_BEGIN, COPIER_END, lines)
    lines = ["choices:\n", "  type: json\n", "  when: false\n", "  default: >-\n"]
    lines.append(f"    {json.dumps(choices())}\n")
    return replace_between(text, CHOICES_BEGIN, CHOICES_END, lines)


def choices() -> dict[str, list[str | bool]]:
    """Return what each question can be answered with; one that takes any text is not among them."""
    found: dict[str, list[str | bool]] = {}
    text = (ROOT / "cookiecutter.json").read_text(encoding="utf-8")
    for name, value in json.loads(text).items():
        if isinstance(value, bool):
            found[name] = [True, False]
        elif isinstance(value, list) and name[0] != "_":
            found[name] = value
    return found


def pre_gen_project_py() -> str:
    """Return the hook with the choices of each question."""
    lines = []
    for name, answers in choices().items():
        said = ", ".join(str(one) if isinstance(one, bool) else f'"{one}"' for one in answers)
        lines.append(f'    "{name}": [{said}],\n')
    text = (ROOT / "hooks" / "pre_gen_project.py").read_text(encoding="utf-8")
    lines = ["CHOICES = {\n", *lines, "}\n"]
    return replace_between(text, CHOICES_BEGIN, CHOICES_END, lines)


def pyproject_toml() -> str:
    """Return the skeleton's pyproject.toml with the list of stubs that ruff must not read."""
    lines = [f'    "{name}",\n' for name in stubs() if name.endswith((".py", ".ipynb"))]
    text = (SKELETON / "pyproject.toml").read_text(encoding="utf-8")
    return replace_between(text, RUFF_BEGIN, RUFF_END, lines)


def written() -> dict[Path, str]:
    """Return the text that each of these files should have."""
    texts = {SKELETON / name: text for name, text in stubs().items()}
    texts[ROOT / "copier.yml"] = copier_yml()
    texts[ROOT / "hooks" / "pre_gen_project.py"] = pre_gen_project_py()
    texts[SKELETON / "pyproject.toml"] = pyproject_toml()
    return texts


def stubs_of_nothing() -> list[Path]:
    """Return the stubs in the skeleton whose file in templates/ is gone."""
    known = stubs()
    found = []
    for name in files_below([SKELETON]):
        path = SKELETON / name
        if name not in known and path.read_bytes().startswith(b"{% include "):
            found.append(path)
    return sorted(found)


def stale() -> list[Path]:
    """Return the files that are not as they should be."""
    different = stubs_of_nothing()
    for path, text in written().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            different.append(path)
    return different


def main() -> None:
    """Write the files, or with --check only name those that would change."""
    names = [path.relative_to(ROOT).as_posix() for path in stale()]
    if sys.argv[1:] == ["--check"]:
        print(*names, sep="\n")
        sys.exit(1 if names else 0)
    for path in stubs_of_nothing():
        path.unlink()
    for path, text in written().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    print(*names, sep="\n")


if __name__ == "__main__":
    main()
