"""How fast task=language learns beside nanoGPT: the same text, the same core, the same seconds.

    python benchmarks/language.py --project P --nanogpt FOLDER --text FILE [--rounds 3] [--quick]

The project is one of task=language, as it is generated. FOLDER is a clone of nanoGPT (MIT licence),
which is read and run as it is: it is not part of this repository. FILE is the text, such as
Shakespeare's works in char-rnn/data/tinyshakespeare/input.txt. Both train on its first 80 % and are
scored on the next 10 %, all of it, in windows of their own length one behind the other.

nanoGPT runs with the settings that its README names for a CPU; how many steps it takes is chosen so
that they fill the time, and its learning rate falls over just these. So is ours. Seconds are those
of the training steps. A round is a seed. Then what is special in our network is taken away, one
after the other, at as many steps as ours takes in the first time. Writes results/language.json.
"""

import argparse
import csv
import json
import math
import os
import pickle
import re
import runpy
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from measure import HERE, read_options, write

CONTEXT, BATCH = 64, 8  # of ours: characters in a window, windows in a step
TRIED = 40  # steps to find out how long one takes
# github.com/karpathy/nanoGPT, README.md, "I only have a macbook".
NANO = "--device=cpu --compile=False --eval_iters=1 --log_interval=1 --block_size=64"
NANO += " --batch_size=12 --n_layer=4 --n_head=4 --n_embd=128 --dropout=0.0"
# What is taken away: a file of the project, what stands there, and what takes its place.
WITHOUT = {
    "squared ReLU (GELU instead)": (
        "model.py",
        "F.relu(self.up(x)).square()",
        "F.gelu(self.up(x))",
    ),
    "normalised queries and keys": (
        "model.py",
        "        query = rotate(normalize(query), rotation)\n"
        "        key = rotate(normalize(key), rotation)\n",
        "        query = rotate(query, rotation)\n        key = rotate(key, rotation)\n",
    ),
    "small weights at first": (
        "model.py",
        "        for weight in self.parameters():\n            nn.init.normal_(weight, std=0.02)\n",
        "",
    ),
    "a rate that rises and falls": (
        "train.py",
        "    peak = steps // 4\n",
        "    return 1.0\n    peak = steps // 4\n",
    ),
    "weight decay": ("config.py", "weight_decay: float = 0.1", "weight_decay: float = 0.0"),
    "the high rate (0.001 instead)": ("config.py", "lr: float = 0.005", "lr: float = 0.001"),
}


def command(folder: Path, *words: object) -> str:
    """Run a Python program to its end on one core; return what it printed."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    line = [sys.executable, *map(str, words)]
    answer = subprocess.run(
        line, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    if answer.returncode != 0:
        raise SystemExit(
            f"{' '.join(line)} ended with {answer.returncode}: {answer.stderr[-2000:]}"
        )
    return answer.stdout


Result = dict[str, float]  # steps, seconds of these, and the loss on validation data


def ours(project: Path, text: Path, steps: int, seed: int) -> Result:
    """Train our network for so many steps."""
    folder = project / "runs" / "language"
    shutil.rmtree(folder, ignore_errors=True)
    characters = len(text.read_text(encoding="utf-8"))
    epochs = math.ceil(steps / (0.8 * characters / (CONTEXT * BATCH)))
    words = ["--data", text, "--epochs", epochs, "--limit-batches", round(steps / epochs)]
    words += ["--context", CONTEXT, "--batch-size", BATCH, "--device", "cpu"]
    words += ["--dropout", "0"]  # as nanoGPT here
    command(project, "train.py", *words, "--seed", seed, "--run-dir", folder)
    with (folder / "metrics.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))  # of each epoch
    # With --limit-batches the training scores a part of the validation data: eval.py takes all.
    command(project, "eval.py", "--split", "val", "--no-baseline", "--run-dir", folder)
    loss = json.loads((folder / "eval.json").read_text(encoding="utf-8"))["loss"]
    seconds = sum(float(row["seconds"]) for row in rows)
    return {"steps": int(rows[-1]["step"]), "seconds": seconds, "loss": loss}


def prepare_nano(clone: Path, parts: list[str]) -> None:
    """Write the text as nanoGPT's own prepare.py of shakespeare_char does."""
    characters = sorted(set("".join(parts)))
    number_of = {character: number for number, character in enumerate(characters)}
    folder = clone / "data" / "shakespeare_char"
    for name, part in zip(("train", "val"), parts, strict=True):
        numbers = np.array([number_of[character] for character in part], dtype=np.uint16)
        numbers.tofile(folder / f"{name}.bin")
    meta = {"vocab_size": len(characters)}
    (folder / "meta.pkl").write_bytes(pickle.dumps(meta))  # the form that nanoGPT reads


def nano(clone: Path, steps: int, seed: int) -> Result:
    """Train nanoGPT for so many steps."""
    train = (clone / "train.py").read_text(encoding="utf-8")
    seeded = train.replace("torch.manual_seed(1337 + seed_offset)", f"torch.manual_seed({seed})")
    assert seeded != train
    (clone / "train_seeded.py").write_text(seeded, encoding="utf-8")
    words = ["train_seeded.py", "config/train_shakespeare_char.py", *NANO.split()]
    words += [f"--max_iters={steps}", f"--lr_decay_iters={steps}", f"--eval_interval={steps}"]
    words += ["--always_save_checkpoint=True", "--out_dir=out"]
    said = command(clone, *words)
    times = [float(time) / 1000 for time in re.findall(r"time ([\d.]+)ms", said)]
    times = times[1:-1]  # the first one and the last one hold an evaluation
    seconds = statistics.mean(times) * steps
    return {"steps": steps, "seconds": seconds, "loss": nano_loss(clone)}


@torch.no_grad()
def nano_loss(clone: Path) -> float:
    """Return the loss of its last checkpoint on all validation data."""
    module = runpy.run_path(str(clone / "model.py"))
    saved = torch.load(clone / "out" / "ckpt.pt", weights_only=True)
    model = module["GPT"](module["GPTConfig"](**saved["model_args"]))
    model.load_state_dict(saved["model"])
    model.eval()
    numbers = np.fromfile(clone / "data" / "shakespeare_char" / "val.bin", dtype=np.uint16)
    size = saved["model_args"]["block_size"]
    windows = torch.from_numpy(numbers.astype(np.int64)).unfold(0, size + 1, size)
    total = 0.0
    for some in windows.split(64):
        following = some[:, 1:].flatten()
        logits, _ = model(some[:, :-1], some[:, 1:])  # with targets it gives all places
        total += F.cross_entropy(logits.flatten(0, 1), following, reduction="sum").item()
    return total / (len(windows) * size)


def commit() -> str:
    """Return the commit of the template that is measured."""
    command = ["git", "-C", str(HERE), "rev-parse", "--short", "HEAD"]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout.strip()


def pairs(options: argparse.Namespace, text: Path) -> dict[str, list[dict[str, Result]]]:
    """Return what both reach in the same seconds, of each round."""
    whole = text.read_text(encoding="utf-8").strip("\n")
    first, second = round(0.8 * len(whole)), round(0.9 * len(whole))
    found: dict[str, list[dict[str, Result]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "nanoGPT"
        shutil.copytree(options.nanogpt, clone, ignore=shutil.ignore_patterns(".git"))
        prepare_nano(clone, [whole[:first], whole[first:second]])
        for seconds in (60, 180):
            limit = seconds / 20 if options.quick else seconds
            found[str(seconds)] = []
            for seed in range(options.rounds):
                tried = nano(clone, TRIED, seed)
                theirs = nano(clone, round(limit * TRIED / tried["seconds"]), seed)
                tried = ours(options.project, text, TRIED, seed)
                own = ours(options.project, text, round(limit * TRIED / tried["seconds"]), seed)
                found[str(seconds)].append({"nanoGPT": theirs, "ours": own})
                print(seconds, found[str(seconds)][-1], flush=True)
    return found


def ablation(options: argparse.Namespace, text: Path, steps: int) -> dict[str, float]:
    """Return the loss of ours after so many steps, whole and without each of its parts."""
    found = {"steps": steps, "whole": ours(options.project, text, steps, 0)["loss"]}
    with tempfile.TemporaryDirectory() as folder:
        for name, (file, old, new) in WITHOUT.items():
            changed = Path(folder) / "project"
            shutil.rmtree(changed, ignore_errors=True)
            shutil.copytree(options.project, changed, ignore=shutil.ignore_patterns("runs", ".git"))
            before = (changed / file).read_text(encoding="utf-8")
            assert old in before, f"{file} has no {old!r}"
            (changed / file).write_text(before.replace(old, new), encoding="utf-8")
            found[f"without {name}"] = ours(changed, text, steps, 0)["loss"]
            print(name, found[f"without {name}"], flush=True)
    return found


def main() -> None:
    """Measure all, and write the results."""
    more = [
        ("--nanogpt", {"type": Path, "required": True, "help": "a clone of nanoGPT"}),
        ("--text", {"type": Path, "required": True, "help": "a file of plain text"}),
        ("--only", {"choices": ["pairs", "ablation"], "help": "a part; the other one stays"}),
    ]
    options = read_options(__doc__ or "", 3, *more)
    target = options.results / "language.json"
    text = options.text.resolve()
    results: dict = {}
    if options.only is not None:
        results = json.loads(target.read_text(encoding="utf-8"))
    results |= {"commits": results.get("commits", {}), "text": text.name}
    if options.only != "ablation":
        results["commits"]["pairs"] = commit()
        results["pairs"] = pairs(options, text)
        write(target, results)
    if options.only != "pairs":
        results["commits"]["ablation"] = commit()
        results["ablation"] = ablation(options, text, results["pairs"]["60"][0]["ours"]["steps"])
        write(target, results)


if __name__ == "__main__":
    main()
