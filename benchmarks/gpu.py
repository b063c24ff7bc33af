"""All that is to be seen on a GPU, in one script of less than ten minutes that needs no network.

    python benchmarks/gpu.py image=PROJECT tabular=PROJECT text=PROJECT language=PROJECT
    python benchmarks/gpu.py image=PROJECT ... --device cpu --quick      # to test the script
    python benchmarks/gpu.py image=PROJECT --only "speed resnet" "loop image"

A project is a generated one of its task; parts whose task has none are left out. Each part is a
process of its own with a limit of its own: where it fails or takes too long, that is noted, and the
next part begins. After each part results/gpu.json is written, so that what was measured stays when
the machine is taken away. The parts stand at PARTS below.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from measure import CONTENDERS, HERE, QUICK_RESULTS, RESULTS, interleave, ratio, run, target, write
from speed import LR, make_project

TASKS = ("image", "tabular", "text", "language")
DIGITS = 1079  # for training
SLOWER = 4  # so much longer a part may take without a GPU, where compilers do most of the work
# nanoGPT's network for Shakespeare's works, on a GPU; and one for a rehearsal.
LARGE = {"width": 384, "layers": 6, "heads": 6, "context": 256, "batch-size": 64}
TINY = {"width": 16, "layers": 1, "heads": 2, "context": 32, "batch-size": 4}
NO_GPU = ("not compiled with CUDA", "NVIDIA driver", "No CUDA GPUs")  # what PyTorch says then
CHECK = """
import json, torch
torch.cuda.init()
card = torch.cuda.get_device_properties(0)
print(json.dumps({
    "card": card.name, "memory_bytes": card.total_memory,
    "capability": f"{card.major}.{card.minor}", "cuda": torch.version.cuda,
    "cudnn": torch.backends.cudnn.version(), "bf16": torch.cuda.is_bf16_supported(False),
}))
"""


class Part(NamedTuple):
    """Something to be seen."""

    task: str  # whose project it needs; empty where it needs none
    work: Callable[[argparse.Namespace, Path], dict[str, Any]]  # with an empty folder
    limit: float  # seconds


def python(words: list[Any], folder: Path) -> str:
    """Run a Python program in a folder, and return what it prints; its errors go to ours."""
    command = [sys.executable, *map(str, words)]
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, encoding="utf-8", check=True)
    return done.stdout


def find_card(options: argparse.Namespace, place: Path) -> dict[str, Any]:
    """Return the GPU and its driver, as PyTorch and as nvidia-smi say it."""
    found = json.loads(python(["-c", CHECK], place))
    if shutil.which("nvidia-smi"):
        words = ["nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader"]
        found["nvidia_smi"] = subprocess.check_output(words, encoding="utf-8").strip()
    return found


def watch_loop(task: str, options: argparse.Namespace, place: Path) -> dict[str, Any]:
    """Return how often the loop waits for the GPU, where the data are, and the most memory."""
    words = [HERE / "loop_on_gpu.py", "--device", options.device, "--epochs", 3]
    said = python([*words, "--run-dir", place / "run"], options.projects[task])
    (line,) = [line for line in said.splitlines() if line.startswith("loop ")]
    return json.loads(line.removeprefix("loop "))


def try_commands(task: str, more: list[str], options: argparse.Namespace, place: Path) -> dict:
    """Train, go on, evaluate and predict; return the seconds of each."""
    where = ["--run-dir", place / "run"]
    on = [*where, "--device", options.device]
    few = ["--limit-batches", 2] if options.quick else []
    seconds = {}
    for name, words in {
        "train": ["train.py", *on, "--epochs", 1, *few, *more],
        "resume": ["train.py", *where, "--resume"],
        "eval": ["eval.py", *on],
        "predict": ["predict.py", *on],
    }.items():
        began = time.perf_counter()
        python(words, options.projects[task])
        seconds[name] = round(time.perf_counter() - began, 2)
    return seconds


def try_resume(task: str, options: argparse.Namespace, place: Path) -> dict[str, Any]:
    """Train with --deterministic, at once and stopped in between; return whether it ends alike."""
    from torture import final_state, same  # loads torch

    project = options.projects[task]
    train = ["train.py", "--deterministic", "--device", options.device, "--limit-batches", 12]
    train += ["--epochs", 8, "--save-every", 5]
    python([*train, "--run-dir", place / "whole"], project)
    stopped = place / "stopped"
    command = [sys.executable, *map(str, [*train, "--run-dir", stopped])]
    process = subprocess.Popen(command, cwd=project)
    rows = stopped / "metrics.csv"
    while process.poll() is None:
        if rows.exists() and rows.read_text(encoding="utf-8").count("\n") > 3:
            time.sleep(random.uniform(0, 0.05))
            process.send_signal(signal.SIGTERM)  # it saves, and ends
            break
        time.sleep(0.005)
    code = process.wait()
    python(["train.py", "--resume", "--run-dir", stopped], project)
    states = [final_state(folder, "last.pt") for folder in (place / "whole", stopped)]
    is_stopped = code == 128 + signal.SIGTERM
    return {"stopped": is_stopped, "tensors": len(states[0]), "same": same(*states)}


def time_pictures(model: str, options: argparse.Namespace, place: Path) -> dict[str, Any]:
    """Return steps and pictures per second of ours, and of a loop by hand (floor.py).

    That loop is in the manner of cifar10-airbench: all data on the GPU, a batch a slice of a random
    order. Where a network is compiled, ours is alone: floor.py does not.
    """
    name, _, compiled = model.partition(", ")
    images, batch_size, epochs = DIGITS, 64, 30
    if name == "resnet":
        images, batch_size, epochs = 50_000, 512, 4
    if options.quick:
        images, batch_size, epochs = 64, 32, 2
    steps = -(-images // batch_size)
    shape = ["--batch-size", batch_size, "--device", options.device, "--epochs", epochs]
    ours = ["train.py", *shape, "--lr", LR, "--limit-batches", steps]
    floor = [CONTENDERS / "floor.py", "--model", name, *shape, "--images", images]
    if name == "resnet":
        pictures = place / "pictures"
        python([CONTENDERS / "write_pictures.py", pictures, "--images", images], place)
        ours += ["--data", pictures, "--image-size", 32]
    project = make_project(options.projects["image"], name, place)
    makers = {"ours": (ours, project), "floor": (floor, place)}
    if compiled:
        makers = {"ours": ([*ours, "--compile"], project)}
    return contest(makers, epochs, steps, images / steps, options)


def time_texts(kind: str, options: argparse.Namespace, place: Path) -> dict[str, Any]:
    """Return steps and characters per second of ours, and of a loop as nanoGPT's (nano_.py).

    Args:
        kind: "compiled", or nothing.
        options: The command line.
        place: An empty folder.
    """
    sizes = TINY if options.quick else LARGE
    steps, epochs = (4, 2) if options.quick else (50, 4)
    text = place / "text.txt"
    letters = "abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ.,;:!?'-\n"
    windows = steps * sizes["batch-size"]
    length = int(windows * sizes["context"] / 0.7)  # a part of it is for validation
    text.write_text("".join(random.Random(0).choices(letters, k=length)), encoding="utf-8")
    shape: list[Any] = ["--device", options.device, "--epochs", epochs]
    for name, number in sizes.items():
        shape += [f"--{name}", number]
    project = options.projects["language"]
    ours = ["train.py", "--data", text, *shape, "--clip-norm", 1, "--limit-batches", steps]
    nano = [CONTENDERS / "nano_.py", "--text", text, *shape, "--steps", steps]
    if kind == "compiled":
        ours, nano = [*ours, "--compile"], [*nano, "--compile"]
    makers = {"ours": (ours, project), "nanoGPT's loop": (nano, project)}
    return contest(makers, epochs, steps, sizes["batch-size"] * sizes["context"], options)


def contest(
    makers: dict[str, tuple[list[Any], Path]],
    epochs: int,
    steps: int,
    in_a_step: float,
    options: argparse.Namespace,
) -> dict[str, Any]:
    """Time the steps of trainings in turn.

    Args:
        makers: Of each its words behind `python`, and where it runs.
        epochs: Of each.
        steps: Of an epoch.
        in_a_step: Pictures or characters.
        options: The command line.
    """
    sync = 0 if options.device == "cpu" else steps

    def train(words: list[Any], folder: Path, number: int) -> dict[str, float]:
        with tempfile.TemporaryDirectory() as name:
            own = ["--run-dir", Path(name) / "run"] if words[0] == "train.py" else []
            return run([*words, *own], folder, epochs, sync)

    rounds = 1 if options.quick else 2
    timed = {name: partial(train, *maker) for name, maker in makers.items()}
    found = interleave(timed, rounds, warm_up=False)
    for results in found.values():
        for result in results:
            result["per_second"] = round(in_a_step / result["step_us"] * 1e6, 1)
    return {"epochs": epochs, "in_a_step": in_a_step, "measured": found}


# The most telling ones first. A limit is what a part may take, in seconds, not what it should.
PARTS = {"card": Part("", find_card, 30)}
for task in TASKS:
    PARTS[f"loop {task}"] = Part(task, partial(watch_loop, task), 40)
PARTS["speed cnn"] = Part("image", partial(time_pictures, "cnn"), 60)
PARTS["speed resnet"] = Part("image", partial(time_pictures, "resnet"), 120)
PARTS["speed language"] = Part("language", partial(time_texts, ""), 90)
for task in TASKS:
    PARTS[f"commands {task}"] = Part(task, partial(try_commands, task, ["--precision", "bf16"]), 60)
for task in ("image", "language"):
    PARTS[f"resume {task}"] = Part(task, partial(try_resume, task), 60)
PARTS["speed mlp"] = Part("image", partial(time_pictures, "mlp"), 60)
PARTS["speed language, compiled"] = Part("language", partial(time_texts, "compiled"), 150)
PARTS["speed resnet, compiled"] = Part("image", partial(time_pictures, "resnet, compiled"), 120)
for task in TASKS:
    PARTS[f"compiled {task}"] = Part(task, partial(try_commands, task, ["--compile"]), 120)


def do_part(name: str, words: list[str], limit: float) -> dict[str, Any]:
    """Do a part in a process of its own, and return what it found, or why it found nothing.

    Args:
        name: Of PARTS.
        words: Of this script's command line.
        limit: Seconds.
    """
    with tempfile.TemporaryDirectory() as folder:
        found, log = Path(folder, "found.json"), Path(folder, "log.txt")
        command = [sys.executable, __file__, *words, "--part", name, "--found", str(found)]
        began = time.monotonic()
        with log.open("wb") as output:
            # A group of its own, so that all that it has started can be ended.
            process = subprocess.Popen(
                command, stdout=output, stderr=output, start_new_session=True
            )
            try:
                process.wait(limit)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        result: dict[str, Any] = {"seconds": round(time.monotonic() - began, 1)}
        if process.returncode == 0:
            return result | json.loads(found.read_text(encoding="utf-8"))
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        if process.returncode == -signal.SIGKILL:
            return result | {"failed": f"stopped after {limit:.0f} s", "said": lines[-5:]}
        for line in lines:
            if any(sign in line for sign in NO_GPU):
                return result | {"needs a GPU": line.strip()}
        return result | {"failed": f"exit code {process.returncode}", "said": lines[-15:]}


def all_targets(parts: dict[str, Any], quick: bool) -> list[dict[str, Any]]:
    """Return what is asked of the parts that were measured; a quick one says nothing of speed."""
    targets = []
    for name, part in parts.items():
        kind, _, what = name.partition(" ")
        if kind == "loop" and "steps" in part:
            title = f"{what}: waits for the GPU for each step in the loop"
            targets.append(target(title, alike(part["synchronisations"] / part["steps"]), 0.1))
        if kind == "resume" and "same" in part:
            title = f"{what}, --deterministic: stopped, resumed, and the same to the bit"
            targets.append(target(title, alike(float(part["same"])), 1, most=False))
        others = [name for name in part.get("measured", {}) if name != "ours"]
        for other in [] if quick else others:
            value = ratio(part["measured"], "per_second", "ours", other)
            title = f"{what}: samples per second, ours / {other}"
            targets.append(target(title, value, 0.95, most=False))
    return targets


def alike(value: float) -> dict[str, float]:
    """Return a value that was measured once, in the form of a spread."""
    return {"median": value, "least": value, "most": value}


def read_command_line() -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("projects", nargs="+", metavar="TASK=PROJECT")
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
    parser.add_argument("--quick", action="store_true", help="small sizes, to see it work")
    parser.add_argument("--minutes", type=float, default=9.5, help="no part begins or goes on then")
    parser.add_argument("--only", nargs="*", default=[*PARTS], choices=[*PARTS], metavar="PART")
    parser.add_argument("--results", type=Path, help="a folder for what was measured")
    parser.add_argument("--part", help=argparse.SUPPRESS)  # for the process of a part
    parser.add_argument("--found", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    named = [word.split("=", 1) for word in options.projects]
    options.projects = {task: Path(path).resolve() for task, path in named}
    return options


def main() -> None:
    """Do one part after the other, and write what they found."""
    options = read_command_line()
    if options.part:
        with tempfile.TemporaryDirectory() as folder:
            found = PARTS[options.part].work(options, Path(folder))
        options.found.write_text(json.dumps(found), encoding="utf-8")
        return
    results = options.results or (QUICK_RESULTS if options.quick else RESULTS)
    end = time.monotonic() + options.minutes * 60
    parts: dict[str, Any] = {}
    for name, part in PARTS.items():
        if name not in options.only or part.task not in ("", *options.projects):
            continue
        limit = part.limit if options.device == "cuda" else part.limit * SLOWER
        left = end - time.monotonic()
        if left < 5:
            parts[name] = {"seconds": 0.0, "failed": "no time was left"}
        else:
            parts[name] = do_part(name, sys.argv[1:], min(limit, left))
        print(name, json.dumps(parts[name])[:300], flush=True)
        write(results / "gpu.json", {"device": options.device, "parts": parts})
    targets = all_targets(parts, options.quick)
    write(results / "gpu.json", {"device": options.device, "targets": targets, "parts": parts})
    failed = [name for name, part in parts.items() if "failed" in part]
    if options.quick:
        failed += [one["name"] for one in targets if not one["met"]]
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
