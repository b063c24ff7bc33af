"""Write docs/lessons/: each lesson as a page with what it prints and draws, and as a notebook.

    python docs/write_lessons.py ENGLISH_PROJECT KOREAN_PROJECT [LESSON...]

Needs jupytext, and what a generated project needs, in one environment. Each project is one that
was made with lessons, in that language. The lessons are run, cell by cell; the pictures are those
of the English ones, since the code is the same.
"""

import contextlib
import io
import shutil
import sys
import traceback
from pathlib import Path

import jupytext
import nbformat

HERE = Path(__file__).resolve().parent / "lessons"
FOLDERS = {"en": HERE, "ko": HERE / "ko"}
REPOSITORY = "gdg-gist/torch-starter"
COLAB = f"https://colab.research.google.com/github/{REPOSITORY}/blob/main/docs/lessons"
SAID = {
    "en": {
        "colab": "Open this lesson in Colab",
        "file": "In a project: `lessons/{name}.py`; its exercises: `python -m lessons {number}`.",
        "prints": "It prints:",
        "first": "# Colab: makes a project for this lesson. In a project it does nothing.",
    },
    "ko": {
        "colab": "이 레슨을 Colab에서 열기",
        "file": "프로젝트에서는 `lessons/{name}.py`입니다. 연습문제: `python -m lessons {number}`.",
        "prints": "출력:",
        "first": "# Colab: 이 레슨이 쓸 프로젝트를 만듭니다. 프로젝트 안에서는 하는 일이 없습니다.",
    },
}
MAKE_PROJECT = """\
from pathlib import Path

if not Path("../lessons/runner.py").exists():
    %pip install -q cookiecutter "tyro>=1.0.9"
    !cookiecutter --no-input gh:{repository} language={language}
    %cd my-torch-project/lessons"""


def cells(text: str) -> list[nbformat.NotebookNode]:
    """Return the cells of a lesson."""
    return jupytext.reads(text, fmt="py:percent").cells


def notebook(text: str, language: str) -> str:
    """Return a lesson as a notebook, which in Colab makes a project first.

    Args:
        text: The lesson.
        language: Of the lesson.
    """
    begin = MAKE_PROJECT.format(repository=REPOSITORY, language=language)
    first = nbformat.v4.new_code_cell(f"{SAID[language]['first']}\n{begin}")
    title, *others = cells(text)
    made = nbformat.v4.new_notebook(cells=[title, first, *others])
    for number, cell in enumerate(made.cells):
        cell.id = f"cell-{number}"  # the same each time
        cell.metadata = {}
    made.metadata["kernelspec"] = {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    }
    return nbformat.writes(made, version=4) + "\n"


def page(text: str, name: str, language: str, outputs: list[tuple[str, list[str]]]) -> str:
    """Return a lesson as a page of the site.

    Args:
        text: The lesson.
        name: Of the lesson, as "03_autograd".
        language: Of the lesson.
        outputs: For each cell of code: what it prints, and the names of its pictures.
    """
    said = SAID[language]
    folder = "" if language == "en" else f"{language}/"
    pictures = "" if language == "en" else "../"
    parts = []
    left = list(outputs)
    for cell in cells(text):
        if cell.cell_type == "markdown":
            parts.append(cell.source)
            if len(parts) == 1:
                number = int(name.partition("_")[0])
                parts.append(
                    f"[{said['colab']}]({COLAB}/{folder}{name}.ipynb). "
                    + said["file"].format(name=name, number=number)
                )
            continue
        parts.append(f"```python\n{cell.source}\n```")
        printed, drawn = left.pop(0)
        if printed:
            parts.append(f"{said['prints']}\n\n```text\n{printed}\n```")
        parts += [f"![{picture}]({pictures}{picture})" for picture in drawn]
    return "\n\n".join(parts) + "\n"


def run(project: Path, name: str) -> list[tuple[str, list[str]]]:
    """Run a lesson, and return what each cell of code prints, and the pictures it draws."""
    path = project / "lessons" / f"{name}.py"
    names = {"__name__": "__main__", "__file__": str(path)}
    outputs = []
    for cell in cells(path.read_text(encoding="utf-8")):
        if cell.cell_type == "markdown":
            continue
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(cell.source, str(path), "exec"), names)
        lines = out.getvalue().rstrip().splitlines()
        drawn = [Path(line).name for line in lines if line.startswith("picture: ")]
        shown = [line.rstrip() for line in lines]
        outputs.append(("\n".join(shown), drawn))
    return outputs


def write(project: Path, language: str, name: str) -> None:
    """Write the page, the notebook and the pictures of a lesson."""
    text = (project / "lessons" / f"{name}.py").read_text(encoding="utf-8")
    folder = FOLDERS[language]
    folder.mkdir(parents=True, exist_ok=True)
    outputs = run(project, name)
    (folder / f"{name}.ipynb").write_text(notebook(text, language), encoding="utf-8", newline="\n")
    made = page(text, name, language, outputs)
    (folder / f"{name}.md").write_text(made, encoding="utf-8", newline="\n")
    if language == "en":
        for _, drawn in outputs:
            for picture in drawn:
                shutil.copyfile(project / "runs" / "lessons" / picture, folder / picture)


def main() -> None:
    """Write all lessons, or those that are named. One that cannot be run is named at the end."""
    projects = {"en": Path(sys.argv[1]).resolve(), "ko": Path(sys.argv[2]).resolve()}
    failed = []
    for language, project in projects.items():
        names = [path.stem for path in sorted(project.glob("lessons/[0-9]*.py"))]
        for name in sys.argv[3:] or names:
            sys.path = [one for one in sys.path if str(one) not in map(str, projects.values())]
            for module in [one for one in sys.modules if is_of_project(one)]:
                del sys.modules[module]
            sys.path.insert(0, str(project))
            try:
                write(project, language, name)
            except Exception:
                traceback.print_exc()
                failed.append(f"{language} {name}")
    if failed:
        sys.exit("failed: " + ", ".join(failed))


def is_of_project(module: str) -> bool:
    """Return whether a module is a file of a generated project."""
    own = {"config", "data", "model", "train", "eval", "predict", "engine", "lessons", "tools"}
    return module.partition(".")[0] in own


if __name__ == "__main__":
    main()
