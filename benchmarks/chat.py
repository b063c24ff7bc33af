"""What it costs to teach a chat model, and what the model forgets over it.

    python benchmarks/chat.py --project P --base NAME [--quick]

The project is one of task=language, as it is generated; NAME is a chat model in Hugging Face's
cache or a folder. train.py teaches it three questions, then eight, with its own defaults, on one
core; then three once more with --keep 0. Counted are the answers that come out word for word, and
how much the loss rises on other text, which is none that the training has seen: pages of this
repository in English and Korean, and conversations. Writes results/chat.json.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from measure import HERE, read_options, run, write

PAIRS = [
    ("When does the club meet?", "Every Thursday at 7 pm in room 301."),
    ("Who leads the club?", "Jiwoo Kim, a third-year student."),
    ("동아리방은 어디에 있나요?", "대학 C동 301호에 있습니다."),
    ("How do I join?", "Write to hello@club.example before Friday."),
    ("What does the club build this term?", "A robot that sorts the recycling."),
    ("Is there a fee?", "No, the university pays for everything."),
    ("What should I bring?", "A laptop and a charger."),
    ("Do I need to know Python?", "No. The first three evenings teach it."),
]
# How many questions are taught, and with which options beside the defaults.
TRAININGS: list[tuple[int, list[str]]] = [(3, []), (8, []), (3, ["--keep", "0"])]
PAGES = ("docs/howto/gpu.md", "docs/howto/publish.md", "README.ko.md")
LENGTH = 2000  # characters of a page
CHATS = [
    ("What is the capital of France?", "The capital of France is Paris."),
    ("Write a short poem about the sea.", "The sea is wide, the sea is blue,\nIt sings for you."),
    ("How do plants make food?", "They use sunlight to make sugar out of water and air."),
]
# Run in the folder of the project: it loads a run's model and asks it, then the base.
ASK = """
import json, sys
from pathlib import Path
import torch
import torch.nn.functional as F
from config import Config
from data import Info, read_input
from engine.backbone import chat_of
from engine.chat import resting
from engine.checkpoint import load_model
from engine.writing import Draw, write_text
from model import build_model

asked = json.loads(sys.stdin.read())
loaded = load_model(Path(sys.argv[1]), torch.device("cpu"), Config, Info, build_model)
model, info = loaded.model.eval(), loaded.info
chat = chat_of(info.tokenizer, info.chat)

@torch.inference_mode()
def loss(tokens):
    tokens = torch.tensor([tokens])
    return F.cross_entropy(model(tokens)[0, :-1], tokens[0, 1:]).item()

texts = {name: chat.number(text) for name, text in asked["texts"].items()}
texts["conversations"] = []
for question, answer in asked["chats"]:
    texts["conversations"] += chat.prompt(question) + chat.answer(answer)
right = 0
for question, answer in asked["pairs"]:
    start = read_input(question, info)
    right += "".join(write_text(model, start, 60, Draw(0), info)) == answer
taught = {name: loss(tokens) for name, tokens in texts.items()}
with resting(model):
    before = {name: loss(tokens) for name, tokens in texts.items()}
print(json.dumps({"right": right, "taught": taught, "before": before}))
"""


def main() -> None:
    """Teach and ask, and write what was measured."""
    options = read_options(
        __doc__ or "",
        1,
        ("--base", {"required": True, "help": "a chat model"}),
    )
    results = []
    for count, more in TRAININGS[:1] if options.quick else TRAININGS:
        results.append(teach(options.project, options.base, count, more))
        print(json.dumps(results[-1]), flush=True)
    what = {"base": options.base, "taught": results}
    write(options.results / "chat.json", what)


def teach(project: Path, base: str, count: int, more: list[str]) -> dict[str, object]:
    """Teach so many questions; return what it took, and what came of it."""
    table = project / "qa.csv"
    rows = ["question,answer", *[f'"{question}","{answer}"' for question, answer in PAIRS[:count]]]
    table.write_text("\n".join(rows) + "\n", encoding="utf-8")
    folder = project / "runs" / "_".join([f"taught_{count}", *more]).replace("-", "")
    words = ["train.py", "--base", base, "--data", table, "--device", "cpu", "--run-dir", folder]
    used = run([*words, *more], project)
    lines = (folder / "metrics.csv").read_text(encoding="utf-8").splitlines()
    names = lines[0].split(",")
    rows = [dict(zip(names, line.split(","), strict=True)) for line in lines[1:]]
    seconds = sum(float(row["seconds"]) for row in rows)
    steps = int(rows[-1]["step"])
    asked = {
        "pairs": PAIRS[:count],
        "chats": CHATS,
        "texts": {
            page: (HERE.parent / page).read_text(encoding="utf-8")[:LENGTH] for page in PAGES
        },
    }
    found = subprocess.run(
        [sys.executable, "-c", ASK, folder],
        input=json.dumps(asked),
        cwd=project,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        check=True,
        encoding="utf-8",
    )
    said = json.loads(found.stdout.splitlines()[-1])
    rises = {}
    for name, loss in said["before"].items():
        rises[name] = round(said["taught"][name] / loss - 1, 4)
    return {
        "questions": count,
        "more": more,
        "right": said["right"],
        "steps": steps,
        "seconds_per_step": round(seconds / steps, 2),
        "seconds": round(used["seconds"], 1),
        "peak_mb": round(used["peak_mb"]),
        "adapter_mb": adapter_size(project, folder),
        "loss_before": {name: round(loss, 4) for name, loss in said["before"].items()},
        "rise": rises,
    }


def adapter_size(project: Path, folder: Path) -> float:
    """Return how many MB the adapter of a run has, as a file of its own."""
    command = [sys.executable, "-m", "tools.adapter", "--run-dir", folder]
    subprocess.run(command, cwd=project, check=True, stdout=subprocess.DEVNULL)
    return round((folder / "adapter" / "adapter_model.safetensors").stat().st_size / 1e6, 1)


if __name__ == "__main__":
    main()
