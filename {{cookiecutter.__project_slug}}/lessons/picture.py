"""The pictures that the lessons draw."""

from pathlib import Path

from matplotlib.figure import Figure

FOLDER = Path(__file__).resolve().parents[1] / "runs" / "lessons"


def show(figure: Figure, name: str) -> None:
    """Save a picture, say where, and show it if the lesson runs in a notebook.

    Args:
        figure: What is drawn.
        name: Of the file, as in "03_downhill.png".
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / name
    figure.savefig(path)
    print("picture:", path.relative_to(FOLDER.parents[1]).as_posix())
    if in_notebook():
        from IPython.display import Image, display  # only there it is installed for sure

        display(Image(filename=path))


def in_notebook() -> bool:
    """Return whether a notebook's kernel runs this: in Jupyter, in Colab, in cells of VS Code."""
    try:
        from IPython.core.getipython import get_ipython
    except ImportError:
        return False
    shell = get_ipython()
    return shell is not None and hasattr(shell, "kernel")
