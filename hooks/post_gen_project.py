"""Say the next two commands. The same words as _message_after_copy in copier.yml."""

import io
import sys
from contextlib import suppress
from pathlib import Path

# Files can have conditional names, folders cannot: those that were not wanted are left, empty.
for name in ("lessons/checks", "lessons/exercises", "lessons", "extras", ".devcontainer"):
    with suppress(OSError):  # it holds something, so it stays
        Path(name).rmdir()

# cookiecutter deletes the project when a hook fails, and a console may lack a letter of the path.
if isinstance(sys.stdout, io.TextIOWrapper):
    sys.stdout.reconfigure(errors="replace")

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
