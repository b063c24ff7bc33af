"""Add a variant to the template: a copy of another one, to be changed from there.

    python add_variant.py image birds "birds: tell birds apart by their pictures"

The words: which one is copied, the name of the new one, and what the question says of it.
It names each file that it changed; `git diff` shows how.
"""

import json
import re
import shutil
import sys
from pathlib import Path

import write_stubs
from write_stubs import ROOT, SKELETON, TEMPLATES

# After `cookiecutter.task`: `== 'image'`, or `in ['image', 'text']`, or `not in ("image", "text")`.
CONDITION = re.compile(
    r"""(cookiecutter\.task )(?:== (['"]\w+['"])|((?:not )?in )([\[(])([^\])]+)([\])]))"""
)
NAME = re.compile("[a-z][a-z0-9]*")


def check(source: str, name: str, label: str) -> None:
    """Stop with one line where the words do not fit."""
    known = [path.name for path in sorted(TEMPLATES.glob("[a-z]*/"))]
    if source not in known:
        sys.exit(f"{source}: no such variant, choose among {', '.join(known)}")
    if not NAME.fullmatch(name):
        sys.exit(
            f"{name}: the name of a variant is of the letters a to z and digits, a letter first"
        )
    if name in known:
        sys.exit(f"{name}: this variant is there already, in templates/{name}")
    if not label.startswith(f"{name}: ") or '"' in label or "\\" in label or "\n" in label:
        sys.exit(f'{label}: write "{name}: " and what it does, without quotes or backslashes in it')


def put_behind(text: str, begin: str, line: str, new: str) -> str:
    """Return the text with `new` behind the first `line` that follows `begin`."""
    before, found, rest = text.partition(begin)
    assert found, f"this is gone: {begin}"
    above, found, after = rest.partition(line)
    assert found, f"this is gone: {line}"
    return before + begin + above + line + new + after


def into_questions(text: str, source: str, name: str, label: str) -> str:
    """Return cookiecutter.json with one more choice, which lacks what its source lacks."""
    questions = json.loads(text)
    last = questions["task"][-1]
    text = put_behind(text, '  "task": [\n', f'    "{last}"', f',\n    "{name}"')
    old = json.dumps(questions["__prompts__"]["task"][last], ensure_ascii=False)
    line = f'      "{last}": {old}'
    text = put_behind(text, '"__prompts__": {', line, f',\n      "{name}": "{label}"')
    missing = json.dumps(questions["_left_out"][f"task={source}"], indent=2).replace("\n", "\n    ")
    return text.replace(
        f'    "task={source}": [', f'    "task={name}": {missing},\n    "task={source}": [', 1
    )


def into_copier(text: str, name: str, label: str) -> str:
    """Return copier.yml with one more choice, behind the others."""
    before, found, rest = text.partition("\ntask:\n")
    assert found, "there is no question task in copier.yml"
    choices, found, after = rest.partition("  default: ")
    assert found, "the question task has no default in copier.yml"
    return before + "\ntask:\n" + choices + f'    "{label}": {name}\n' + found + after


def into_conditions(text: str, source: str, name: str) -> str:
    """Return a text in which each condition treats the new variant as its source."""

    def widened(match: re.Match) -> str:
        start, one, word, opening, several, closing = match.groups()
        tasks = re.findall(r"\w+", one or several)
        if source not in tasks:
            return match[0]
        quote = (one or several)[0]
        listed = ", ".join(f"{quote}{task}{quote}" for task in [*tasks, name])
        return f"{start}{word or 'in '}{opening or '['}{listed}{closing or ']'}"

    return CONDITION.sub(widened, text)


def into_readme(text: str, name: str) -> str:
    """Return a README of the template whose table of questions has the new choice."""
    return re.sub(r"(?m)^(\| `task` \| `.+?`)(?= \|$)", rf"\1, `{name}`", text, count=1)


def change(path: Path, text: str) -> None:
    """Write a file, if it changes, and say so."""
    if path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8", newline="\n")
        print(f"changed {path.relative_to(ROOT).as_posix()}")


def copy(folder: Path, source: str, name: str) -> None:
    """Copy what lies in folder/source to folder/name."""
    for path in sorted((folder / source).rglob("*")):
        if path.is_file() and "cache" not in path.as_posix():
            inside = path.relative_to(folder / source).as_posix()
            target = folder / name / inside.replace(f"test_{source}_", f"test_{name}_")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    print(f"made {(folder / name).relative_to(ROOT).as_posix()}/")


def main(source: str, name: str, label: str) -> None:
    """Add the variant."""
    check(source, name, label)
    copy(TEMPLATES, source, name)
    copy(ROOT / "tests" / "tasks", source, name)
    questions, copier = ROOT / "cookiecutter.json", ROOT / "copier.yml"
    text = questions.read_text(encoding="utf-8")
    change(questions, into_questions(text, source, name, label))
    change(copier, into_copier(copier.read_text(encoding="utf-8"), name, label))
    for folder in (SKELETON, TEMPLATES / "_en", TEMPLATES / "_ko"):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and b"cookiecutter.task" in path.read_bytes():
                text = path.read_text(encoding="utf-8")
                change(path, into_conditions(text, source, name))
    for path in (ROOT / "README.md", ROOT / "README.ko.md"):
        change(path, into_readme(path.read_text(encoding="utf-8"), name))
    sys.argv[1:] = []
    write_stubs.main()


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(f"{(__doc__ or '').strip()}")
    main(*sys.argv[1:])
