"""List the commands of this folder, with a line each."""

import ast
import sys
from pathlib import Path

from engine.program import end_with_error, line_of, open_closed_streams

HERE = Path(__file__).parent
ALL = (
    "demo",
    "space",
    "report",
    "card",
    "runs",
    "sweep",
    "export",
    "adapter",
    "serve",
    "fetch",
    "doctor",
)
COMMANDS = [name for name in ALL if (HERE / f"{name}.py").exists()]  # a project may lack one


def main() -> None:
    """Print each command and the first line of its file. Nothing is imported for that."""
    for name in COMMANDS:
        source = (HERE / f"{name}.py").read_text(encoding="utf-8")
        docstring = ast.get_docstring(ast.parse(source)) or ""
        first_line = docstring.partition("\n")[0]
        print(f"python -m tools.{name:7} {first_line}")
    print("\nEach answers --help; tools/README.md says more.")


if __name__ == "__main__":
    open_closed_streams()
    try:
        main()
        sys.stdout.flush()
    except OSError as error:  # a full disk
        end_with_error(line_of(error))
