"""SmolLM2-135M, a real chat model, is taught three answers, and forgets little over it."""

import csv
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from conftest import PROJECT
from hub import CHAT

from config import Config
from data import Info
from engine.backbone import chat_of
from engine.chat import resting
from engine.checkpoint import load_model
from model import build_model

PAIRS = [
    ("When does the club meet?", "Every Thursday at 7 pm."),
    ("Who leads the club?", "Jiwoo Kim, a third-year student."),
    ("동아리방은 어디인가요?", "C동 301호입니다."),
]
# In fewer steps than by default, at a higher rate: seconds.
QUICK = ["--epochs", 11, "--lr", 0.003]


@pytest.fixture(scope="module")
def taught(terminal, tmp_path_factory) -> Path:
    """Teach it three answers, and return the folder of the run."""
    path = tmp_path_factory.mktemp("questions") / "qa.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("question", "answer"), *PAIRS])
    return terminal.train("smollm", "--base", CHAT, "--data", path, *QUICK)


def test_it_answers_three_questions_as_it_was_taught(terminal, taught):
    questions = [question for question, _ in PAIRS]
    done = terminal.run("predict.py", *questions, "--run-dir", taught, "--device", "cpu")
    assert done.returncode == 0, done.stderr
    said = [line for line in done.stdout.splitlines() if line]
    assert said == [line for pair in PAIRS for line in pair]


@torch.inference_mode()
def test_its_loss_on_other_text_rises_by_less_than_5_percent(taught):
    loaded = load_model(taught, torch.device("cpu"), Config, Info, build_model)
    model = loaded.model.eval()
    chat = chat_of(loaded.info.tokenizer, loaded.info.chat)
    page = (PROJECT / "README.md").read_text(encoding="utf-8")[:1500]
    talk = chat.prompt("How do plants make food?")
    talk += chat.answer("They use sunlight to make sugar out of water and air.")
    for tokens in (torch.tensor([chat.number(page)]), torch.tensor([talk])):
        taught_loss = F.cross_entropy(model(tokens)[0, :-1], tokens[0, 1:])
        with resting(model):
            before = F.cross_entropy(model(tokens)[0, :-1], tokens[0, 1:])
        assert before < 5
        assert taught_loss < 1.05 * before


def test_what_it_was_taught_is_a_file_of_less_than_10_mb(terminal, taught):
    done = terminal.run("-m", "tools.adapter", "--run-dir", taught)
    assert done.returncode == 0, done.stderr
    size = sum(path.stat().st_size for path in (taught / "adapter").iterdir())
    assert 1e6 < size < 10e6
