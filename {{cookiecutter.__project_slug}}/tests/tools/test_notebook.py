"""Tests of start.ipynb: it runs from top to bottom, here and where the project is not."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

WHY = 'nothing to run a notebook with: pip install -e ".[notebook]"'
pytest.importorskip("ipykernel", reason=WHY)
jupyter_client = pytest.importorskip("jupyter_client", reason=WHY)
nbclient = pytest.importorskip("nbclient", reason=WHY)
nbformat = pytest.importorskip("nbformat", reason=WHY)

PROJECT = Path(__file__).parents[2]


@pytest.fixture
def code(tmp_path):
    """A copy of the project's code, without its data and runs, which can be large."""
    for path in [*PROJECT.glob("*.py"), *PROJECT.glob("[a-z]*/*.py")]:
        target = tmp_path / "code" / path.relative_to(PROJECT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    return tmp_path / "code"


def find(cells, words):
    """Return the one code cell in which these words stand; others may have been changed."""
    (found,) = (cell for cell in cells if cell.cell_type == "code" and words in cell.source)
    return found


def text(cell):
    """Return what a cell has printed."""
    return "".join(output.get("text", "") for output in cell.outputs)


@pytest.fixture
def run_cells(tmp_path, monkeypatch):
    """Run the notebook up to a cell; return the cells.

    run_cells(folder, last, lines): where it runs, words of the last cell to run, and what is to
    stand in the place of lines, by their beginnings.
    """
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))  # not in the user's home
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "jupyter"))

    def run(folder, last, lines):
        notebook = nbformat.read(PROJECT / "start.ipynb", as_version=4)
        nbformat.validate(notebook)
        for beginning, line in lines.items():
            cell = find(notebook.cells, beginning)
            whole_line = re.escape(beginning) + ".+"
            cell.source = re.sub(whole_line, lambda _, line=line: line, cell.source)
        end = notebook.cells.index(find(notebook.cells, last))
        notebook.cells = notebook.cells[: end + 1]
        # Without other folders there is one kernel: the Python that runs this test.
        only = jupyter_client.kernelspec.KernelSpecManager(kernel_dirs=[])
        kernel = jupyter_client.AsyncKernelManager(kernel_spec_manager=only)
        place = {"metadata": {"path": str(folder)}}
        client = nbclient.NotebookClient(notebook, km=kernel, resources=place, timeout=300)
        return client.execute().cells

    return run


def test_the_notebook_trains_looks_predicts_and_trains_again(code, run_cells):
    lines = {
        "config = Config(": 'config = Config(epochs=1, limit_batches=2, device="cpu")',
        "evaluate(": "evaluate(str(run), baseline=False)",  # the simpler models take longest
    }
    cells = run_cells(code, "train.py --", lines)
    runs = list((code / "runs").iterdir())
    assert len(runs) == 3
    for training in ("train(config)", "train(replace(", "train.py --"):
        assert text(find(cells, training)).count("\nbest: epoch 1 ") == 1
    (scored,) = (run for run in runs if (run / "eval.json").exists())
    shown = find(cells, "display(").outputs
    pictures = [output for output in shown if "image/png" in output["data"]]
    assert len(pictures) == len(list(scored.glob("*.png"))) >= 2
    assert len(text(find(cells, "predict(")).splitlines()) >= 5


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_where_the_project_is_not_it_is_fetched_first(code, run_cells, tmp_path):
    git = ["git", "-c", "user.name=Nobody", "-c", "user.email=nobody@example.com"]
    git += ["-c", "commit.gpgsign=false"]
    for command in (["init"], ["add", "."], ["commit", "-m", "all"]):
        subprocess.run([*git, *command], cwd=code, check=True, capture_output=True, timeout=300)
    (tmp_path / "empty").mkdir()
    address = {"REPOSITORY = ": f'REPOSITORY = "{code.as_posix()}"'}
    cells = run_cells(tmp_path / "empty", "config = Config(", address)
    assert (tmp_path / "empty" / "project" / "train.py").exists()
    assert cells[-1].outputs[-1]["data"]["text/plain"].startswith("Config(")
