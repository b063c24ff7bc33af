"""A lesson opens as a notebook, and shows its picture there."""

from pathlib import Path

import pytest

WHY = 'nothing to run a notebook with: pip install -e ".[notebook]"'
pytest.importorskip("ipykernel", reason=WHY)
jupyter_client = pytest.importorskip("jupyter_client", reason=WHY)
jupytext = pytest.importorskip("jupytext", reason=WHY)
nbclient = pytest.importorskip("nbclient", reason=WHY)

LESSONS = Path(__file__).resolve().parents[2] / "lessons"


def test_a_lesson_runs_as_a_notebook_and_shows_what_it_draws(tmp_path, monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))  # not in the user's home
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "jupyter"))
    notebook = jupytext.read(LESSONS / "05_optimizers.py")
    kinds = [cell.cell_type for cell in notebook.cells]
    assert kinds[0] == "markdown"
    assert kinds.count("code") >= 3

    # Without other folders there is one kernel: the Python that runs this test.
    only = jupyter_client.kernelspec.KernelSpecManager(kernel_dirs=[])
    kernel = jupyter_client.AsyncKernelManager(kernel_spec_manager=only)
    where = dict(metadata=dict(path=str(LESSONS)))
    client = nbclient.NotebookClient(notebook, km=kernel, resources=where, timeout=300)
    cells = client.execute().cells

    shown = [output for cell in cells for output in cell.get("outputs", [])]
    assert any("image/png" in output.get("data", {}) for output in shown)
