"""How large and how densely written a generated project is, beside code that people like to read.

    python benchmarks/density.py PROJECT...      one table for each

Figures are for 100 lines of code, without empty lines and comments; tests/ and lessons/ are left
out. It is a mirror: nothing here is a limit, and no test reads it.
"""

import ast
import io
import sys
import tokenize
from pathlib import Path

# The files that belong to the student.
STUDENT = ("config.py", "data.py", "model.py", "train.py", "eval.py", "predict.py")
COLUMNS = (
    "tokens/line",
    "> 90 columns",
    "a, b = x, y",
    "[x for x in]",
    "nested [[]]",
    "x if y else",
    "Any",
)
# Measured by the same rules in November 2026.
ANCHORS = {
    "our first edition (image)": (9.3, 13.9, 2.1, 6.3, 0.65, 3.1, 4.6),
    "nanoGPT": (7.9, 8.7, 0.9, 3.0, 0, 2.5, 0),
    "nanochat": (6.4, 9.6, 0.6, 1.7, 0.02, 1.3, 0),
    "LLMs-from-scratch, chapter 5": (7.8, 1.8, 0.6, 0.3, 0, 0.3, 0),
    "flax, examples/mnist": (7.4, 0.6, 0, 0, 0, 0, 0),
    "pytorch/examples, mnist": (8.5, 1.7, 1.7, 0, 0, 0, 0),
    "torchtitan": (4.6, 1.0, 0.05, 0.8, 0.1, 1.0, 1.3),
    "httpx": (4.9, 0.1, 0.06, 0.8, 0, 1.2, 0.1),
    "airbench (made for speed)": (10.1, 8.7, 0.9, 1.5, 0, 1.5, 0),
}
COMPREHENSIONS = (ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp)
WORDS = (tokenize.NAME, tokenize.OP, tokenize.NUMBER)
# What a person reads; other files, such as pictures, have no lines.
TEXTS = {".py", ".md", ".toml", ".yml", ".yaml", ".json", ".html", ".ipynb", ".sbatch"}
WRITTEN_LATER = {"runs", "build", "__pycache__", ".git", ".venv", ".ruff_cache", ".pytest_cache"}


def python_files(folder: Path) -> list[Path]:
    """Return the Python files in and below a folder."""
    return sorted(folder.rglob("*.py"))


def lines_of_code(text: str) -> list[str]:
    """Return the lines that are neither empty nor a comment."""
    lines = []
    for line in text.splitlines():
        stripped = line.strip()
        if stripped and not stripped.startswith("#"):
            lines.append(line)
    return lines


def count_tokens(text: str) -> int:
    """Return how many names, operators and numbers a text has."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return sum(token.type in WORDS for token in tokens)


def is_nested(node: ast.AST) -> bool:
    """Return whether a comprehension has a second loop, or another comprehension in it."""
    inner = [child for child in ast.walk(node) if isinstance(child, COMPREHENSIONS)]
    return len(inner) > 1 or len(inner[0].generators) > 1


def measure(files: list[Path]) -> tuple[int, list[float]]:
    """Return the lines of code in these files, and a figure for each column."""
    code = tokens = wide = pairs = comprehensions = nested = ternaries = anys = 0
    for path in files:
        text = path.read_text(encoding="utf-8")
        lines = lines_of_code(text)
        code += len(lines)
        wide += sum(len(line) > 90 for line in lines)
        tokens += count_tokens(text)
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple):
                pairs += isinstance(node.targets[0], ast.Tuple)
            elif isinstance(node, COMPREHENSIONS):
                comprehensions += 1
                nested += is_nested(node)
            elif isinstance(node, ast.IfExp):
                ternaries += 1
            elif isinstance(node, ast.Name) and node.id == "Any":
                anys += 1
    counts = (wide, pairs, comprehensions, nested, ternaries, anys)
    return code, [tokens / max(code, 1), *(100 * count / max(code, 1) for count in counts)]


def print_row(name: str, size: str, figures: list[float]) -> None:
    """Print a line of a table."""
    print(f"{name:30}{size:>7}", *(f"{figure:13.2f}" for figure in figures))


def print_size(project: Path) -> None:
    """Print how many files and lines a project has, in its root and in each folder."""
    files: dict[str, int] = {}
    lines: dict[str, int] = {}
    for path in project.rglob("*"):
        parts = path.relative_to(project).parts
        if not path.is_file() or WRITTEN_LATER & {*parts} or "egg-info" in str(path):
            continue
        place = f"{parts[0]}/" if len(parts) > 1 else "root"
        files[place] = files.get(place, 0) + 1
        if path.suffix in TEXTS:
            count = len(path.read_text(encoding="utf-8").splitlines())
            lines[place] = lines.get(place, 0) + count
    print(f"{sum(files.values())} files, {sum(lines.values())} lines:")
    for place in sorted(files):
        print(f"    {place:14}{files[place]:4} files {lines.get(place, 0):6} lines")


def print_density(project: Path) -> None:
    """Print a row for each part of a project."""
    parts = {
        "the student's six files": [project / name for name in STUDENT],
        "engine/": python_files(project / "engine"),
        "tools/": python_files(project / "tools"),
    }
    parts["together"] = [path for files in parts.values() for path in files]
    for name, files in parts.items():
        if files:
            code, figures = measure(files)
            print_row(name, str(code), figures)


def main() -> None:
    """Print the tables of all projects, and once what other code has."""
    for word in sys.argv[1:]:
        project = Path(word)
        print(f"\n{project}")
        print_size(project)
        print(f"{'':30}{'lines':>7}", *(f"{column:>13}" for column in COLUMNS))
        print_density(project)
    print()
    for name, anchor in ANCHORS.items():
        print_row(name, "", list(anchor))


if __name__ == "__main__":
    main()
