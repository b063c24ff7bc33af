"""Refuse a project name that cannot be used: one line on stderr, and nothing is left on disk."""

import json
import sys

# cookiecutter renders this file: the answer arrives as JSON, which no quote or backslash can leave.
ANSWER = json.loads(r'''{{ cookiecutter.project_name | tojson }}''')  # fmt: skip
# {% raw %}

# A file of settings can hold a number or `yes`, which copier takes as text, or nothing.
NAME = "" if ANSWER is None else str(ANSWER)
usable = (
    NAME.isprintable()
    and NAME.strip() == NAME
    and len(NAME) in range(1, 81)
    and not any(mark in NAME for mark in ("{{", "{%", "{#"))
)
if not usable:
    # The rule and the words of the validator in copier.yml.
    sys.exit(
        "project_name: write 1 to 80 printable characters, "
        "no space at either end, and none of {{ {% {#"
    )
# {% endraw %}
