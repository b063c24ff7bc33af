"""Tests of start.ipynb: it runs from top to bottom, here and where the project is not."""

import re
import shutil
import subprocess

import pytest
from conftest import PROJECT

WHY = 'nothing to run a notebook with: pip install -e ".[notebook]"'
pytest.importorskip("ipykernel", reason=WHY)
jupyter_client = pytest.importorskip("jupyter_client", reason=WHY)
nbclient = pytest.importorskip("nbclient", reason=WHY)
nbformat = pytest.importorskip("nbformat", reason=WHY)


@pytest.fixture
def code(tmp_path):
    """Copy the code of the project, and not its data and runs, which can be large."""
    for path in [*PROJECT.glob("*.py"), *PROJECT.glob("[a-z]*/*.py")]:
        target = tmp_path / "code" / path.relative_to(PROJECT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    return tmp_path / "code"


@pytest.fixture
def run_cells(tmp_path, monkeypatch):
    """Run the notebook up to a cell, some lines with another end; return each cell's output."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))  # not in the user's home
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "jupyter"))

    def run(folder, last, *lines):
        notebook = nbformat.read(PROJECT / "start.ipynb", as_version=4)
        nbformat.validate(notebook)
        cells = {cell["id"]: cell for cell in notebook.cells}
        for line in lines:
            begin = re.split(r"\W", line)[0]
            pattern = re.compile(rf"(?m)^{begin}\b.+")
            (cell,) = (one for one in notebook.cells if pattern.search(one["source"]))
            cell["source"] = pattern.sub(lambda _, line=line: line, cell["source"])
        notebook.cells = notebook.cells[: list(cells).index(last) + 1]
        # Without other folders there is one kernel: the Python that runs this test.
        only = jupyter_client.kernelspec.KernelSpecManager(kernel_dirs=[])
        kernel = jupyter_client.AsyncKernelManager(kernel_spec_manager=only)
        where = {"metadata": {"path": str(folder)}}
        nbclient.NotebookClient(notebook, km=kernel, resources=where).execute()
        return {name: cell.get("outputs", []) for name, cell in cells.items()}

    return run


def text(outputs):
    """Return what a cell has printed."""
    return "".join(output.get("text", "") for output in outputs)


def test_the_notebook_trains_looks_predicts_and_trains_again(code, run_cells):
    outputs = run_cells(
        *(code, "command"),
        'config = Config(epochs=1, limit_batches=2, device="cpu")',
        "evaluate(str(run), baseline=False)",  # training those takes longer than all the rest
    )
    runs = list((code / "runs").iterdir())
    assert len(runs) == 3
    for name in ("training", "again", "command"):
        assert text(outputs[name]).count("\nbest: epoch 1 ") == 1, text(outputs[name])
    (scored,) = (run for run in runs if (run / "eval.json").exists())
    pictures = [output for output in outputs["pictures"] if "image/png" in output["data"]]
    assert len(pictures) == len(list(scored.glob("*.png"))) >= 2
    assert len(text(outputs["answers"]).splitlines()) >= 5


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_where_the_project_is_not_it_is_fetched_first(code, run_cells, tmp_path):
    settings = ["user.name=Nobody", "user.email=nobody@example.com", "commit.gpgsign=false"]
    git = ["git", *(word for setting in settings for word in ("-c", setting))]
    for command in (["init"], ["add", "."], ["commit", "-m", "all"]):
        subprocess.run([*git, *command], cwd=code, check=True, capture_output=True)
    (tmp_path / "empty").mkdir()
    outputs = run_cells(tmp_path / "empty", "settings", f'REPOSITORY = "{code.as_posix()}"')
    assert (tmp_path / "empty" / "project" / "train.py").exists()
    assert outputs["settings"][-1]["data"]["text/plain"].startswith("Config(epochs=5, ")
