"""What an edit is, and how it changes a project."""

import ast
import difflib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
SIX = ("config.py", "data.py", "model.py", "train.py", "eval.py", "predict.py")
# What an edit says to the runner. All else in its file is the student's code.
SETTINGS = ("FILE", "REPLACE", "OPTIONS", "EXPECTED", "CODE", "WHOLE", "SHOWN")
FUNCTIONS = ("prepare", "check")


class EditError(Exception):
    """An edit cannot be applied: the project has changed, so the edit must be changed, too."""


@dataclass
class Edit:
    """A change that a student makes, read from its file."""

    name: str
    task: str
    path: Path
    file: str  # the one file that it changes
    is_refused: bool  # whether it breaks a contract: train.py must say so in one line
    replace: list[tuple[str, str]] = field(default_factory=list)
    options: list[str] = field(default_factory=list)  # more words for train.py
    expected: list[str] = field(default_factory=list)  # what the line of a refused one must say
    code: int = 2  # the exit code of a refused one
    whole: bool = False  # run all tests of the project, not only those of the student
    shown: bool = False  # also write its Space, and ask its service
    imports: list[str] = field(default_factory=list)  # the student's code, in its three parts
    definitions: dict[str, str] = field(default_factory=dict)
    constants: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.task} {self.name}"


def find_edits(tasks: list[str]) -> list[Edit]:
    """Return the edits of these tasks, those that must be refused behind the others."""
    edits = []
    for task in tasks:
        for path in sorted((FOLDER / task).glob("*.py")):
            edits.append(read_edit(path, task, is_refused=False))
    for task in tasks:
        for path in sorted((FOLDER / task / "refused").glob("*.py")):
            edits.append(read_edit(path, task, is_refused=True))
    return edits


def read_edit(path: Path, task: str, is_refused: bool) -> Edit:
    """Return the edit in a file."""
    source = path.read_text(encoding="utf-8")
    settings: dict[str, Any] = {}
    imports = []
    definitions = {}
    constants = []
    for statement in ast.parse(source).body:
        code = lines_of(source, statement)
        if isinstance(statement, ast.Expr):  # the docstring
            continue
        if isinstance(statement, ast.Import | ast.ImportFrom):
            imports.append(code)
        elif isinstance(statement, ast.FunctionDef | ast.ClassDef):
            if statement.name not in FUNCTIONS:
                definitions[statement.name] = code
        elif isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            name = statement.targets[0].id
            if name in SETTINGS:
                settings[name] = ast.literal_eval(statement.value)
            else:
                constants.append(code)
        else:
            raise EditError(f"{path}, line {statement.lineno}: an edit cannot have this")
    if settings.get("FILE") not in SIX:
        raise EditError(f"{path}: FILE must be one of {', '.join(SIX)}")
    return Edit(
        name=path.stem,
        task=task,
        path=path,
        file=settings["FILE"],
        is_refused=is_refused,
        replace=settings.get("REPLACE", []),
        options=settings.get("OPTIONS", []),
        expected=settings.get("EXPECTED", []),
        code=settings.get("CODE", 2),
        whole=settings.get("WHOLE", False),
        shown=settings.get("SHOWN", False),
        imports=imports,
        definitions=definitions,
        constants=constants,
    )


def apply_edit(edit: Edit, project: Path) -> None:
    """Change the project as the edit says.

    Raises:
        EditError: What it replaces is not there, or is there twice.
    """
    path = project / edit.file
    before = path.read_text(encoding="utf-8")
    after = before
    for old, new in edit.replace:
        if before.count(old) != 1:
            raise EditError(f"{edit.path}: {edit.file} has {before.count(old)} times {old!r}")
        after = after.replace(old, new)
    new_code = list(edit.constants)
    replaced = []
    for name, code in edit.definitions.items():
        if find_definition(after, name) is None:
            new_code.append(code)
        else:
            replaced.append(name)
    if not replaced and not edit.replace:
        raise EditError(f"{edit.path} replaces nothing that {edit.file} has")
    if new_code:
        after = insert_code(after, "\n\n\n".join(new_code))
    for name in replaced:
        after = after.replace(find_definition(after, name) or "", edit.definitions[name])
    itself = f"from {path.stem} import "  # it says only where a name of the edited file is from
    missing = [line for line in edit.imports if not line.startswith(itself)]
    missing = [line for line in missing if line not in after.splitlines()]
    after = insert_imports(after, missing)
    compile(after, str(path), "exec")
    path.write_text(after, encoding="utf-8", newline="\n")


def lines_of(source: str, statement: ast.stmt) -> str:
    """Return the lines of a statement, with its decorators."""
    first = statement.lineno
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        for decorator in statement.decorator_list:
            first = min(first, decorator.lineno)
    return "\n".join(source.splitlines()[first - 1 : statement.end_lineno])


def find_definition(source: str, name: str) -> str | None:
    """Return the code of a class or a function at the top of a file; None if it has none."""
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef) and statement.name == name:
            return lines_of(source, statement)
    return None


def insert_code(source: str, code: str) -> str:
    """Return a file with new code in front of its first class or function."""
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            first = lines_of(source, statement)
            return source.replace(first, f"{code}\n\n\n{first}", 1)
    raise EditError("the file has no class and no function")


def insert_imports(source: str, imports: list[str]) -> str:
    """Return a file with new imports behind its last one."""
    if not imports:
        return source
    lines = source.splitlines()
    last = 0
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            last = statement.end_lineno or 0
    return "\n".join([*lines[:last], *imports, *lines[last:]]) + "\n"


def count_lines(before: str, after: str) -> str:
    """Return how many lines came and how many went, as +3 -1."""
    came, went = 0, 0
    for line in difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm=""):
        if line.startswith("+") and not line.startswith("+++"):
            came += 1
        if line.startswith("-") and not line.startswith("---"):
            went += 1
    return f"+{came} -{went}"


def load_functions(edit: Edit) -> dict[str, Any]:
    """Return the functions prepare and check of an edit, those that it has."""
    source = edit.path.read_text(encoding="utf-8")
    functions: dict[str, Any] = {}
    for name in FUNCTIONS:
        code = find_definition(source, name)
        if code is not None:
            exec(compile("from pathlib import Path\n" + code, str(edit.path), "exec"), functions)
    return {name: functions[name] for name in FUNCTIONS if name in functions}
