"""What the tests with real weights share: few examples, and how commands are typed.

The session `pretrained` of noxfile.py runs them with a project's Python, once for each task: TASK
says which, HF_HOME where hub.py has laid out the weights. It cuts them off from the web.
"""

import csv
import json
import os
import socket
import subprocess
import sys
import urllib.request
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import hub
import numpy as np
import pytest
import torch
import yaml
from PIL import Image

from engine.checkpoint import load_checkpoint

TASK = os.environ["TASK"]
PROJECT = Path(os.environ["PROJECT"])
# test_image_NAME.py, test_text_NAME.py and test_language_NAME.py are for one task, the others for
# all of them, or for those that have --backbone.
TASKS = ("image", "text", "language")
collect_ignore_glob = [f"test_{task}_*.py" for task in TASKS if task != TASK]
if TASK == "language":
    collect_ignore_glob.append("test_whole_path.py")

# What a user types, and what this makes of 48 examples in seconds.
BACKBONE = {"image": "tf_efficientnet_lite0", "text": hub.TEXTS, "language": hub.CHAT}[TASK]
SMALL = {"image": ["--image-size", "64"], "text": ["--max-length", "100"], "language": []}[TASK]


# At every optimizer step it counts down, and dies in the one that it was told: nothing is saved,
# nothing is closed.
KILLED = """
import os, runpy, signal, sys
from torch.optim.optimizer import register_optimizer_step_post_hook

left = int(sys.argv[1])
sys.argv = sys.argv[2:]

def count(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))

register_optimizer_step_post_hook(count)
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def read_rows(folder: Path) -> list[dict[str, str]]:
    """Return metrics.csv without the time that it took."""
    with (folder / "metrics.csv").open(newline="", encoding="utf-8") as file:
        return [{**row, "seconds": ""} for row in csv.DictReader(file)]


def assert_same_weights(one: Path, other: Path) -> None:
    """Compare two checkpoints, what is written once for a run included."""
    mine = load_checkpoint(one)["model"]
    theirs = load_checkpoint(other)["model"]
    assert mine.keys() == theirs.keys()
    for name, tensor in mine.items():
        assert torch.equal(tensor, theirs[name]), name


@pytest.fixture(autouse=True)
def _one_thread(monkeypatch):
    """Two threads on a busy machine are slower than one, and round differently."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    torch.set_num_threads(1)


class Terminal:
    """A folder in which the project's commands are typed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *words: object) -> subprocess.CompletedProcess[str]:
        """Run a command of the project, as in run("train.py", "--epochs", 2)."""
        first, *more = map(str, words)
        line = [first, *more] if first == "-m" else [str(PROJECT / first), *more]
        return self.python(*line)

    def python(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run Python with these words behind it."""
        return subprocess.run(
            [sys.executable, *words],
            cwd=self.folder,
            env=os.environ | {"OMP_NUM_THREADS": "1"},
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=300,
        )

    def served(self, run_dir: Path, inputs: list[str]) -> Any:
        """Return what the service of a run answers."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        words = ["-m", "tools.serve", "--run-dir", str(run_dir), "--port", str(port)]
        process = subprocess.Popen(
            [sys.executable, *words, "--device", "cpu"],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        try:
            assert process.stdout is not None
            assert "is answered" in process.stdout.readline() + process.stdout.readline()
            request = urllib.request.Request(
                f"http://127.0.0.1:{port}/predict",
                json.dumps({"inputs": inputs}).encode(),
                {"content-type": "application/json"},
            )
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        finally:
            process.terminate()
            process.communicate(timeout=60)

    def killed(self, code: str, *words: object) -> subprocess.CompletedProcess[str]:
        """Run a command of the project with code in front of it that ends it before its time."""
        number, first, *more = map(str, words)
        return self.python("-c", code, number, str(PROJECT / first), *more)

    def train(self, run_dir: str, *words: object) -> Path:
        """Train on the CPU, and return the folder of the run."""
        done = self.run("train.py", "--device", "cpu", "--run-dir", run_dir, *words)
        assert done.returncode == 0, done.stderr
        return self.folder / run_dir


@pytest.fixture
def no_weights(monkeypatch, tmp_path) -> None:
    """Leave the cache of Hugging Face empty, as it is on another machine."""
    monkeypatch.setenv("HF_HOME", str(tmp_path / "empty"))


@pytest.fixture(scope="session")
def terminal(tmp_path_factory) -> Terminal:
    """Return a terminal in an empty folder, the same for all tests."""
    return Terminal(tmp_path_factory.mktemp("terminal"))


@pytest.fixture(scope="session")
def few_examples(tmp_path_factory) -> Path:
    """Write 24 examples of each of two classes, and return what --data names."""
    folder = tmp_path_factory.mktemp("few")
    if TASK == "text":
        return write_texts(folder / "texts.csv")
    return write_pieces_of_photos(folder / "photos")


def write_pieces_of_photos(folder: Path) -> Path:
    """Cut pieces out of the two photos of scikit-learn, of a flower and of a palace."""
    from sklearn.datasets import load_sample_image

    generator = np.random.default_rng(0)
    for name in ("flower", "china"):
        photo = Image.fromarray(load_sample_image(f"{name}.jpg"))
        (folder / name).mkdir(parents=True)
        for number in range(24):
            side = int(generator.integers(200, 400))
            left = int(generator.integers(photo.width - side))
            top = int(generator.integers(photo.height - side))
            piece = photo.crop((left, top, left + side, top + side)).resize((96, 96))
            piece.save(folder / name / f"{number:02}.png")
    return folder


def write_texts(path: Path) -> Path:
    """Write sentences of small talk about two topics into a table."""
    rows = []
    for topic in ("food", "sports"):
        place = f"chatterbot_corpus/data/english/{topic}.yml"
        file = Path(str(distribution("chatterbot-corpus").locate_file(place)))
        talks = yaml.safe_load(file.read_text(encoding="utf-8"))["conversations"]
        sentences = dict.fromkeys(str(line) for talk in talks for line in talk)
        rows += [(sentence, topic) for sentence in list(sentences)[:24]]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("text", "label"), *rows])
    return path


@pytest.fixture(scope="session")
def tuned(terminal, few_examples) -> Path:
    """Train with a backbone, all else as by default; return the folder of the run."""
    words = ["--data", few_examples, "--backbone", BACKBONE, *SMALL]
    return terminal.train("tuned", *words)
