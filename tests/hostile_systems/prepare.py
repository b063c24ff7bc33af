"""Makes the runs on which commands are tried, from data in which there are Korean names."""

import csv
import os
import subprocess
import sys
from pathlib import Path

from attempt import DATA, DONE, HALF, INPUTS, TARGET

STOP_AFTER_AN_EPOCH = """
import sys
from config import Config
from train import train

def stop(run):
    run.save("last.pt")
    sys.exit(0)

train(Config(**{options!r}), after_epoch=stop)
"""
MAKE_PICTURES = """
import sys
from pathlib import Path
import numpy
from PIL import Image

random = numpy.random.default_rng(0)
for number, name in enumerate(["고양이", "개"]):
    folder = Path("pictures", name)
    folder.mkdir(parents=True)
    for index in range(24):
        pixels = random.integers(0, 128, (16, 16, 3)) + 100 * number
        Image.fromarray(pixels.astype("uint8")).save(folder / f"{index}.png")
"""


def task_of(project: Path) -> str:
    """Return what a project is for."""
    for line in (project / ".copier-answers.yml").read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition(":")
        if name == "task":
            return value.strip().strip('"')
    raise ValueError(f"{project} does not say its task")


def prepare(project: Path, task: str) -> None:
    """Make data, a finished run and an interrupted one in a new project."""

    def run(*words: str) -> None:
        environment = {**os.environ, "PYTHONUTF8": "1"}
        command = [sys.executable, *words]
        subprocess.run(
            command,
            cwd=project,
            check=True,
            env=environment,
            stdout=subprocess.DEVNULL,
            timeout=300,
        )

    if task == "image":
        run("-c", MAKE_PICTURES)
    elif task == "language":
        write_story(project)
    else:
        write_rows(project, task)
    options = {"data": DATA[task], "epochs": 2, "run_dir": HALF, "device": "cpu"}
    if TARGET[task]:
        options["target"] = TARGET[task][1]
    run("-c", STOP_AFTER_AN_EPOCH.format(options=options))
    data = ["--data", DATA[task], *TARGET[task]]
    run("train.py", *data, "--run-dir", DONE, "--device", "cpu", "--epochs", "2")
    run("eval.py", "--run-dir", DONE)


def write_story(project: Path) -> None:
    """Write a text to learn from, and the beginning of one for predict.py."""
    lines = [
        f"옛날에 고양이가 {index % 7}마리, 개가 {index % 5}마리 살았다." for index in range(80)
    ]
    (project / DATA["language"]).write_text("\n".join(lines), encoding="utf-8")
    (project / INPUTS["language"]).write_text("옛날에 고양이가\n", encoding="utf-8")


def write_rows(project: Path, task: str) -> None:
    """Write a table of rows or texts, and one with inputs for predict.py."""
    rows = []
    for index in range(48):
        name = ["고양이", "개"][index % 2]
        if task == "tabular":
            rows.append({"키": index, "몸무게": (index * 7) % 50, "종류": name})
        else:
            sound = ["멍멍", "야옹"][index % 2]
            rows.append({"text": f"{name} 이야기 {index} {sound}", "label": name})
    inputs = [dict(row) for row in rows[:3]]
    for row in inputs:
        row.pop("종류" if task == "tabular" else "label")
    for name, table in ((DATA[task], rows), ("inputs.csv", inputs)):
        with (project / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, table[0])
            writer.writeheader()
            writer.writerows(table)
