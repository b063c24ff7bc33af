"""Remove what the answers leave out, and say the next two commands.

For copier, `_exclude` and `_message_after_copy` in copier.yml do the same.
"""

import io
import json
import shutil
import sys
from pathlib import Path

# cookiecutter renders this file: the answers arrive as JSON, which no quote or backslash can leave.
ANSWERS = json.loads(r'''{{ cookiecutter | tojson }}''')  # fmt: skip
# {% raw %}


def left_out() -> list[Path]:
    """Return the files and folders that a project with these answers does not have."""
    found = []
    for condition, names in ANSWERS["_left_out"].items():
        question, answer = condition.split("=")
        if ANSWERS[question] == {"yes": True, "no": False}.get(answer, answer):
            found += [Path(name) for name in names]
    return found


# A console may lack a letter of a path, and cookiecutter deletes the project when a hook fails.
for stream in (sys.stdout, sys.stderr):
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")

# All of it was written just now: pre_gen_project.py saw to it that nothing was there before.
for path in left_out():
    try:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        print(f"{path} is not part of this project, please delete it: {error}", file=sys.stderr)

folder = str(Path.cwd())
if " " in folder:
    folder = f'"{folder}"'
print(f"""Your project is ready. Next:

    cd {folder}
    uv run train.py

Without uv, the second one is two:

    pip install -e .
    python train.py
""")
# {% endraw %}
