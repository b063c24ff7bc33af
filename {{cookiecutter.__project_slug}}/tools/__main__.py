"""List the commands of this folder, with a line each."""

import ast
from pathlib import Path

COMMANDS = ("demo", "report", "runs", "sweep", "export", "doctor")


def main() -> None:
    """Print each command and the first line of its file. Nothing is imported for that."""
    for name in COMMANDS:
        source = Path(__file__).with_name(f"{name}.py").read_text(encoding="utf-8")
        docstring = ast.get_docstring(ast.parse(source)) or ""
        first_line = docstring.partition("\n")[0]
        print(f"python -m tools.{name:7} {first_line}")
    print("\nEach answers --help; tools/README.md says more.")


if __name__ == "__main__":
    main()
