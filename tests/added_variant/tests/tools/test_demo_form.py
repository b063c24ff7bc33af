"""What the page of tools.demo asks for: a point, which gets an answer."""

from pathlib import Path

import pytest
import torch

from config import Config
from data import Info
from engine.checkpoint import load_model
from model import build_model
from train import train

gr = pytest.importorskip("gradio", reason='needs pip install -e ".[demo]"')
from tools.demo_answer import Answerer  # noqa: E402
from tools.demo_form import build_form  # noqa: E402


def test_a_point_gets_an_answer(tmp_path):
    folder = train(Config(device="cpu", run_dir=str(tmp_path / "run")))
    loaded = load_model(folder, torch.device("cpu"), Config, Info, build_model)
    with gr.Blocks():
        form = build_form(Path(), loaded, {})
    reply = Answerer(loaded).answer(form, 0.8, 0.9)
    assert max(reply.bars, key=reply.bars.get) == "above"
