"""Refuse what cannot be made: one line on stderr, and nothing is written."""

import json
import os
import sys

# cookiecutter renders this file: the answers arrive as JSON, which no quote or backslash can leave.
ANSWERS = json.loads(r'''{{ cookiecutter | tojson }}''')  # fmt: skip
# {% raw %}


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
        if ANSWERS[question] == answer:
            found += names
    return found


# A file of settings can hold a number or `yes`, which copier takes as text, or nothing.
NAME = ANSWERS["project_name"]
if not is_usable("" if NAME is None else str(NAME)):
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
