"""How fast task=language learns beside nanoGPT: the same text, the same core, the same seconds.

    python benchmarks/language.py --project P --nanogpt FOLDER --text FILE [--rounds 3] [--quick]
    python benchmarks/language.py ... --only "180 s, nanoGPT, seed 2"

The project is one of task=language, as it is generated. FOLDER is a clone of nanoGPT (MIT licence),
which is read and run as it is: it is not part of this repository. FILE is the text, such as
Shakespeare's works in char-rnn/data/tinyshakespeare/input.txt. Both train on its first 80 % and are
scored on the next 10 %, all of it, in windows of their own length one behind the other.

nanoGPT runs with the settings that its README names for a CPU. First a step of it and one of ours
are timed, in turn: CPU seconds, since other programs may run beside them. How many steps each takes
follows from that, and its learning rate falls over just these. A round is a seed. Then what is
special in our recipe is taken away, one after the other, at the same number of steps.

Each training has a name. --only WORD takes those with the word in their name ("step" times the
steps), and the results of the others stay. Writes results/language.json, and the tables of
docs/howto/language.md.
"""

import argparse
import csv
import json
import math
import os
import pickle
import runpy
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from measure import HERE, commit, read_options, write

CONTEXT = 64  # characters in a window of ours, as in one of nanoGPT
BATCH = 8  # windows in a step of ours
LR = 0.005  # of ours: a lower one than for the short text of a first run
TRIED = (50, 550)  # steps: what the longer of these trainings takes more is that of 500
SECONDS = (60, 180)
STEPS = 2000  # of a training on the text where something is taken away
SEEDS = 2  # of these
PAGE = HERE.parent / "docs" / "howto" / "language.md"
# github.com/karpathy/nanoGPT, README.md, "I only have a macbook".
NANO = "--device=cpu --compile=False --eval_iters=1 --log_interval=1 --block_size=64"
NANO += " --batch_size=12 --n_layer=4 --n_head=4 --n_embd=128 --dropout=0.0"


class Change(NamedTuple):
    """What takes something away: options of train.py, or lines of a file in place of others."""

    part: str  # of the recipe
    instead: str  # what takes its place
    options: tuple[str, ...] = ()
    file: str = ""
    lines: tuple[tuple[str, str], ...] = ()  # what stands there, and what takes its place
    texts: tuple[str, ...] = ("Shakespeare",)  # what is learned; or the small talk of a first run


CHANGES = [
    Change("a high learning rate", "0.001", ("--lr", "0.001")),
    Change("AdamW", "SGD with a rate of 0.1", ("--optimizer", "sgd", "--lr", "0.1")),
    Change("weight decay", "none", ("--weight-decay", "0"), texts=("Shakespeare", "small talk")),
    Change(
        "a rate that rises and falls",
        "one rate all the time",
        file="train.py",
        lines=(("    peak = steps // 4\n", "    return 1.0\n    peak = steps // 4\n"),),
    ),
    Change(
        "PyTorch's first weights",
        "those of GPT-2",
        file="model.py",
        lines=(
            (
                "persistent=False)\n",
                "persistent=False)\n"
                "        for weight in self.parameters():\n"
                "            nn.init.normal_(weight, std=0.02)\n"
                "        for block in blocks:\n"
                "            for last in (block.attention.out, block.perceptron.down):\n"
                "                nn.init.normal_(last.weight, std=0.02 / (2 * layers) ** 0.5)\n",
            ),
        ),
    ),
    Change(
        "squared ReLU",
        "GELU",
        file="model.py",
        lines=(("F.relu(self.up(x)).square()", "F.gelu(self.up(x))"),),
    ),
    Change(
        "normalised queries and keys",
        "as they are",
        file="model.py",
        lines=(("rotate(normalize(x[:2]), rotation)", "rotate(x[:2], rotation)"),),
    ),
    Change(
        "rotary positions",
        "a learned vector for each place",
        file="model.py",
        lines=(
            ("rotate(normalize(x[:2]), rotation)", "normalize(x[:2])"),
            (
                "persistent=False)\n",
                "persistent=False)\n        self.places = nn.Embedding(context, width)\n",
            ),
            (
                "x = self.embedding(characters)  # (N, T, C)",
                "x = self.embedding(characters) + self.places.weight[: characters.shape[1]]",
            ),
        ),
    ),
]


def command(folder: Path, *words: object) -> float:
    """Run a Python program to its end on one core; return its CPU seconds."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    line = [sys.executable, *map(str, words)]
    before = os.times()
    answer = subprocess.run(
        line, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    after = os.times()
    if answer.returncode != 0:
        raise SystemExit(
            f"{' '.join(line)} ended with {answer.returncode}: {answer.stderr[-2000:]}"
        )
    return after.children_user - before.children_user


Result = dict[str, Any]  # steps, CPU seconds of the training, and the loss on validation data


def ours(project: Path, words: list[object], seed: int) -> Result:
    """Train our network with options of train.py."""
    more = ["--device", "cpu", "--seed", seed]
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder) / "run"
        seconds = command(project, "train.py", *words, *more, "--run-dir", run)
        with (run / "metrics.csv").open(newline="", encoding="utf-8") as file:
            *_, last = csv.DictReader(file)  # of each epoch
        # With --limit-batches the training scores a part of the validation data: eval.py takes all.
        command(project, "eval.py", "--split", "val", "--no-baseline", "--run-dir", run)
        loss = json.loads((run / "eval.json").read_text(encoding="utf-8"))["loss"]
    return {"steps": int(last["step"]), "seconds": seconds, "loss": loss}


def on_text(text: Path, steps: int) -> list[object]:
    """Return the options of train.py for so many steps on a text."""
    characters = len(text.read_text(encoding="utf-8"))
    epochs = math.ceil(steps / (0.8 * characters / (CONTEXT * BATCH)))
    words = ["--data", text, "--epochs", epochs, "--limit-batches", round(steps / epochs)]
    words += ["--context", CONTEXT, "--batch-size", BATCH]
    words += ["--lr", LR]
    return [*words, "--dropout", "0"]  # as nanoGPT here


def own_steps(project: Path, text: Path, steps: int, seed: int) -> Result:
    """Train our network for so many steps on a text."""
    return ours(project, on_text(text, steps), seed)


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
    seconds = command(clone, *words)
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


def time_steps(project: Path, clone: Path, text: Path, rounds: int) -> dict[str, float]:
    """Return the CPU seconds of a step of each: the least of all rounds, the least disturbed."""
    makers = {
        "nanoGPT": partial(nano, clone, seed=0),
        "ours": partial(own_steps, project, text, seed=0),
    }
    found: dict[str, list[float]] = {name: [] for name in makers}
    short, long = TRIED
    for _ in range(rounds):
        for name, train in makers.items():
            more = train(long)["seconds"] - train(short)["seconds"]
            found[name].append(more / (long - short))
            print(name, found[name], flush=True)
    return {name: min(seconds) for name, seconds in found.items()}


def without(project: Path, change: Change, words: list[object], seed: int) -> Result:
    """Train our network with something taken away."""
    with tempfile.TemporaryDirectory() as folder:
        changed = Path(folder) / "project"
        shutil.copytree(project, changed, ignore=shutil.ignore_patterns("runs", ".git"))
        for old, new in change.lines:
            content = (changed / change.file).read_text(encoding="utf-8")
            assert content.count(old) == 1, f"{change.file} does not have once: {old}"
            (changed / change.file).write_text(content.replace(old, new), encoding="utf-8")
        return ours(changed, [*words, *change.options], seed)


def trainings(
    options: argparse.Namespace, clone: Path, step: dict[str, float]
) -> dict[str, Callable[[], Result]]:
    """Return all trainings by their names.

    Args:
        options: Of the command.
        clone: Of nanoGPT.
        step: The seconds of a step of each; what fills a time is left out without them.
    """
    project, text = options.project, options.text.resolve()
    shorter = 20 if options.quick else 1
    texts = {
        "Shakespeare": on_text(text, STEPS // shorter),
        "small talk": ["--epochs", 1] if options.quick else [],  # the first run of a project
    }
    found: dict[str, Callable[[], Result]] = {}
    for seed in range(options.rounds):
        for seconds in SECONDS if step else ():
            steps = {name: round(seconds / shorter / one) for name, one in step.items()}
            theirs = partial(nano, clone, steps["nanoGPT"], seed)
            own = partial(own_steps, project, text, steps["ours"], seed)
            found[f"{seconds} s, nanoGPT, seed {seed}"] = theirs
            found[f"{seconds} s, ours, seed {seed}"] = own
    for seed in range(min(SEEDS, options.rounds)):
        for name, words in texts.items():
            found[f"{name}, all, seed {seed}"] = partial(ours, project, words, seed)
        for change in CHANGES:
            for name in change.texts:
                training = partial(without, project, change, texts[name], seed)
                found[f"{name}, {change.part}: {change.instead}, seed {seed}"] = training
    return found


def losses(results: dict[str, Result], name: str) -> list[float]:
    """Return the loss of each seed of a training."""
    return [result["loss"] for key, result in results.items() if key.startswith(f"{name}, seed ")]


def with_range(values: list[float]) -> str:
    """Return their mean, and the lowest and the highest."""
    return f"{statistics.mean(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def tables(results: dict[str, Result]) -> dict[str, str]:
    """Return the two tables of the page in Markdown."""
    pairs = ["| time | nanoGPT | this project |", "|---|--:|--:|"]
    for seconds in SECONDS:
        theirs = with_range(losses(results, f"{seconds} s, nanoGPT"))
        own = with_range(losses(results, f"{seconds} s, ours"))
        pairs.append(f"| {seconds} s | {theirs} | {own} |")
    ablation = ["| text | of the recipe | instead | loss |", "|---|---|---|--:|"]
    for text in ("Shakespeare", "small talk"):
        loss = statistics.mean(losses(results, f"{text}, all"))
        ablation.append(f"| {text} | all | | {loss:.3f} |")
        for change in CHANGES:
            if text in change.texts:
                name = f"{text}, {change.part}: {change.instead}"
                loss = statistics.mean(losses(results, name))
                ablation.append(f"| {text} | {change.part} | {change.instead} | {loss:.3f} |")
    return {"pairs": "\n".join(pairs) + "\n", "ablation": "\n".join(ablation) + "\n"}


def write_page(results: dict[str, Result]) -> None:
    """Write the tables into the page, each between two comments."""
    page = PAGE.read_text(encoding="utf-8")
    for name, table in tables(results).items():
        begin = f"<!-- begin: {name}, written by benchmarks/language.py -->\n"
        end = f"<!-- end: {name} -->"
        before, rest = page.split(begin)
        _, after = rest.split(end)
        page = before + begin + table + end + after
    PAGE.write_text(page, encoding="utf-8", newline="\n")


def read_results(target: Path) -> dict[str, Any]:
    """Return what has been measured so far: the steps, and the trainings by their names."""
    results = {"text": "", "step": {}, "trainings": {}}
    if target.exists():
        found = json.loads(target.read_text(encoding="utf-8"))
        results.update((name, found[name]) for name in results if name in found)
    return results


def main() -> None:
    """Train all, and write the results after each training."""
    more = [
        ("--nanogpt", {"type": Path, "required": True, "help": "a clone of nanoGPT"}),
        ("--text", {"type": Path, "required": True, "help": "a file of plain text"}),
        ("--only", {"default": "", "help": "trainings with this word in their name, or step"}),
    ]
    options = read_options(__doc__ or "", 3, *more)
    target = options.results / "language.json"
    if not options.only:
        target.unlink(missing_ok=True)
    whole = options.text.read_text(encoding="utf-8").strip("\n")
    first, second = round(0.8 * len(whole)), round(0.9 * len(whole))
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "nanoGPT"
        shutil.copytree(options.nanogpt, clone, ignore=shutil.ignore_patterns(".git"))
        prepare_nano(clone, [whole[:first], whole[first:second]])
        if options.only in ("", "step"):
            step = time_steps(options.project, clone, options.text.resolve(), options.rounds)
            write(target, {**read_results(target), "step": step})
        step = read_results(target)["step"]
        named = trainings(options, clone, step)
        for name, train in named.items():
            if options.only in name:
                result = {**train(), "commit": commit()}
                print(name, result, flush=True)
                results = read_results(target)
                results["text"] = options.text.name
                results["trainings"][name] = result
                write(target, results)
    results = read_results(target)["trainings"]
    if not options.quick and step and named.keys() <= results.keys():
        write_page(results)


if __name__ == "__main__":
    main()
