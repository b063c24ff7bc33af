"""Refuse what cannot be made: one line on stderr, and nothing is written."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

from cookiecutter import __version__ as version

# cookiecutter renders this file: the answers arrive as JSON, which no quote or backslash can leave.
ANSWERS = json.loads(r'''{{ cookiecutter | tojson }}''')  # fmt: skip
# {% raw %}

# The same words stand in cookiecutter.json, for one that is so old: docs/generators.md.
OLDEST = "2.6"

# What each question can be answered with.
# fmt: off
# From cookiecutter.json, written by write_stubs.py:
CHOICES = {
    "task": ["image", "tabular", "text", "language"],
    "accelerator": ["auto", "cpu", "cu126", "cu130", "cu132", "rocm7.2"],
    "license": ["MIT", "Apache-2.0", "none"],
    "lessons": [True, False],
    "tools": [True, False],
    "language": ["en", "ko"],
}
# The end of what write_stubs.py wrote.
# fmt: on
QUESTIONS = ["project_name", *CHOICES]

# The words that cookiecutter itself takes for an answer to a question of yes or no.
YES_OR_NO = {"1", "true", "t", "yes", "y", "on", "0", "false", "f", "no", "n", "off"}
# Its options that take another word.
WITH_A_WORD = {"-c", "--checkout", "--directory", "-o", "--output-dir", "--config-file"}
WITH_A_WORD |= {"--replay-file", "--debug-file", "--accept-hooks"}


def is_older(ours: str, needed: str) -> bool:
    """Return whether a version is older than another one."""
    ours_then_needed = []
    for text in (ours, needed):
        ours_then_needed.append([int(part) for part in re.findall(r"\d+", text)[:3]])
    return ours_then_needed[0] < ours_then_needed[1]


def is_usable(name: str) -> bool:
    """Return whether a project can have this name: the rule of the validator in copier.yml."""
    return (
        name.isprintable()
        and name.strip() == name
        and len(name) in range(1, 81)
        and not any(mark in name for mark in ("{{", "{%", "{#"))
    )


def left_out() -> list[str]:
    """Return the files and folders that a project with these answers does not have."""
    found = []
    for condition, names in ANSWERS["_left_out"].items():
        question, answer = condition.split("=")
        if ANSWERS[question] == {"yes": True, "no": False}.get(answer, answer):
            found += names
    return found


def command_line() -> list[str]:
    """Return what was typed behind `cookiecutter`; nothing where the system does not tell."""
    cookiecutter = os.getppid()
    try:
        text = Path(f"/proc/{cookiecutter}/cmdline").read_text(encoding="utf-8", errors="replace")
        words = text.split("\0")[:-1]
    except OSError:  # no Linux
        try:
            command = ["ps", "-ww", "-o", "args=", "-p", str(cookiecutter)]
            answer = subprocess.run(command, capture_output=True, errors="replace", timeout=10)
        except (OSError, subprocess.TimeoutExpired):  # Windows, or no ps
            return []
        # The words of a name are not told apart here, so what follows one is not looked at.
        words = re.split(r"\s+project_name=", str(answer.stdout))[0].split()
    for place, word in enumerate(words[:6]):
        if Path(word).stem == "cookiecutter":
            return words[place + 1 :]
    return []


def typed_answers(words: list[str]) -> list[str]:
    """Return the answers among the words, as name=value."""
    found = []
    before = ""
    for word in words:
        if before not in WITH_A_WORD and re.match(r"[^-][^=]*=", word):
            found.append(word)
        before = word
    return found


def file_of_defaults(words: list[str]) -> Path | None:
    """Return the file from which cookiecutter took defaults, if there is one."""
    if "--default-config" in words:
        return None
    name = os.environ.get("COOKIECUTTER_CONFIG") or "~/.cookiecutterrc"
    for place, word in enumerate(words):
        if word == "--config-file":
            name = words[place + 1]
        elif word.startswith("--config-file="):
            name = word.split("=", 1)[1]
    # Where cookiecutter was started: it goes elsewhere before it calls this hook. cruft tells none.
    output = Path(ANSWERS.get("_output_dir", "."))
    for folder in (Path(os.environ.get("PWD", ".")), output, *output.parents):
        path = folder / Path(name).expanduser()
        if path.is_file():
            return path
    return None


def read_defaults(path: Path) -> dict:
    """Return the defaults in the file, as cookiecutter reads them."""
    import yaml  # cookiecutter 1 has none, and gets as far as this file

    try:
        defaults = yaml.safe_load(path.read_text(encoding="utf-8"))["default_context"]
    except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError):
        return {}
    return defaults if isinstance(defaults, dict) else {}


def fits(name: str, value: object) -> bool:
    """Return whether cookiecutter takes a default from its file as it stands there."""
    if name == "project_name":
        return value is not None and not isinstance(value, (bool, list, dict))
    choices = CHOICES[name]
    if True in choices:
        return isinstance(value, bool) or str(value).lower() in YES_OR_NO
    if isinstance(value, list):
        return set(map(str, value)) <= set(choices)
    return value in choices


def say_what(name: str, value: object) -> str:
    """Return what is wrong with an answer, and which ones there are."""
    if name == "project_name":
        said = f"project_name: {value} is no text"
    else:
        choices = ["yes", "no"] if True in CHOICES[name] else CHOICES[name]
        said = f"{name}: {value} is none of {', '.join(map(str, choices))}"
        if value in choices:
            said = f"{name}: {value} is a text here, write true or false"
    if isinstance(value, bool):
        said += f" (YAML reads yes, no, on and off as {value}: put the word into quotes)"
    return said


def refuse_other_answers() -> None:
    """Stop where an answer is none of the choices, as it can be in a file of --replay."""
    for name, choices in CHOICES.items():
        if name in ANSWERS and ANSWERS[name] not in choices:
            sys.exit(say_what(name, ANSWERS[name]))


def refuse_unknown_questions(words: list[str]) -> None:
    """Stop where an answer was typed to a question that there is not, which nobody else says."""
    for answer in typed_answers(words):
        name = answer.split("=", 1)[0]
        if name not in ANSWERS:
            said = f"{answer}: there is no such question, but {', '.join(QUESTIONS)}"
            if "--no-input" in words:
                sys.exit(said)
            print(said, file=sys.stderr)


def say_which_defaults_do_not_fit(words: list[str]) -> None:
    """Say which defaults of the user's file do not fit: cookiecutter takes none from there on."""
    path = file_of_defaults(words)
    defaults = read_defaults(path) if path else {}
    names = [name for name in defaults if name in QUESTIONS]
    bad = [name for name in names if not fits(name, defaults[name])]
    if not bad:
        return
    lost = names[names.index(bad[0]) :]
    typed = [answer.split("=", 1)[0] for answer in typed_answers(words)]
    if words and set(lost) <= set(typed):
        return
    said = f"{say_what(bad[0], defaults[bad[0]])}, but stands in {path}"
    if "--no-input" in words:
        sys.exit(f"{said}: change it there, or type --default-config to use no such file")
    used = ", ".join(f"{name}={ANSWERS[name]}" for name in lost)
    print(f"{said}: nothing is taken from there on, used are {used}", file=sys.stderr)


# A console may lack a letter of what is said.
if isinstance(sys.stderr, io.TextIOWrapper):
    sys.stderr.reconfigure(errors="replace")

if is_older(version, OLDEST):
    sys.exit(
        f"cookiecutter {version} is too old for this template, it needs {OLDEST} or newer: "
        "pip install --upgrade cookiecutter, or uvx cookiecutter instead of cookiecutter"
    )

WORDS = command_line()
refuse_unknown_questions(WORDS)
say_which_defaults_do_not_fit(WORDS)
refuse_other_answers()

# A file of settings can hold a number, which copier takes as text, too.
NAME = ANSWERS["project_name"]
if not fits("project_name", NAME):
    sys.exit(say_what("project_name", NAME))
# Two halves of a character are no text that a file could hold. In JSON they have become one.
IS_TEXT = len(str(NAME)) == int(ANSWERS["__name_length"])
if not (is_usable(str(NAME)) and IS_TEXT):
    # The words of the validator in copier.yml.
    sys.exit(
        "project_name: write 1 to 80 printable characters, "
        "no space at either end, and none of {{ {% {#"
    )

# With --overwrite-if-exists the folder can hold somebody's work. What the answers leave out would
# be written over it, and then removed by post_gen_project.py.
there = [name for name in left_out() if os.path.lexists(name)]
if there:
    sys.exit(f"{', '.join(there)}: your answers leave it out, but it is there: move it away first")
# {% endraw %}
