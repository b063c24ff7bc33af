"""benchmarks/pieces.py finds what it cuts out, in the code as it is now."""

import ast
import shutil
from importlib import import_module

import pytest
from generators import ROOT

PROJECT = ROOT / "{{cookiecutter.__project_slug}}"


@pytest.fixture
def pieces(monkeypatch):
    """Return the benchmark."""
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    return import_module("pieces")


@pytest.fixture
def copy(pieces, tmp_path):
    """Return a copy of the files of a project that it changes."""
    for cuts in pieces.PIECES.values():
        for path, _, _ in cuts:
            target = tmp_path / path
            target.parent.mkdir(exist_ok=True)
            shutil.copy(PROJECT / path, target)
    return tmp_path


def test_all_pieces_can_be_cut_out_together(pieces, copy):
    every = [cut for cuts in pieces.PIECES.values() for cut in cuts]
    assert every
    pieces.cut_out(copy, every)
    for path, old, _ in every:
        changed = (copy / path).read_text(encoding="utf-8")
        assert old not in changed
        ast.parse(changed)


def test_a_piece_that_is_gone_is_said(pieces, copy):
    (copy / "train.py").write_text("", encoding="utf-8")
    with pytest.raises(RuntimeError, match=r"train\.py holds 0 times, not once"):
        pieces.cut_out(copy, list(pieces.PIECES.values())[2])
