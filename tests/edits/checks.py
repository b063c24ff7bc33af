"""What is checked of a project that an edit has changed."""

import base64
import csv
import json
import shutil
import socket
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import torch
from commands import Command, Result
from edit_file import SIX, Edit, EditError, apply_edit, count_lines, load_functions

SHORT = ["--epochs", "2", "--limit-batches", "6", "--device", "cpu"]
TASK_OPTIONS = {
    "image": ["--width", "8"],
    "text": ["--width", "8", "--max-length", "24"],
    "tabular": [],
    "language": ["--width", "8", "--layers", "1", "--context", "16"],
}
# The third of the student's, test_train.py, starts the commands that are tried here anyway.
QUICK_TESTS = ["tests/test_data.py", "tests/test_model.py"]
SHOWN_PACKAGES = ("gradio", "uvicorn")
EXPORT_PACKAGES = ("onnx", "onnxruntime", "onnxscript", "safetensors")
NOT_COPIED = ("runs", ".git", ".pytest_cache", ".ruff_cache", "*.egg-info")
WAIT = 300  # seconds, for a command


class Failed(Exception):
    """A check failed."""


@dataclass
class Report:
    """What was found out about an edit."""

    edit: str
    file: str
    lines: str = ""  # how many came and went
    results: dict[str, str] = field(default_factory=dict)  # a check, and "yes" or why not
    message: str = ""  # what train.py said
    details: str = ""
    seconds: float = 0.0

    @property
    def has_failed(self) -> bool:
        """Return whether a check failed."""
        return any(result.startswith("NO") for result in self.results.values())


class Workplace:
    """A copy of a project with an edit in it."""

    def __init__(self, edit: Edit, project: Path, folder: Path) -> None:
        self.edit = edit
        self.original = project
        self.project = folder / f"{edit.task}_{edit.name}"
        self.outputs = folder / f"{edit.task}_{edit.name}_outputs"
        shutil.copytree(project, self.project, ignore=shutil.ignore_patterns(*NOT_COPIED))
        self.outputs.mkdir()
        self.functions = load_functions(edit)
        self.counter = 0
        self.message = ""  # of a refused edit: what train.py said

    def apply(self) -> str:
        """Apply the edit; return how many lines came and went."""
        if "prepare" in self.functions:
            self.functions["prepare"](self.project)
        apply_edit(self.edit, self.project)
        changed = []
        for name in SIX:
            if (self.project / name).read_bytes() != (self.original / name).read_bytes():
                changed.append(name)
        if changed != [self.edit.file]:
            raise EditError(f"{self.edit.path} changes {', '.join(changed) or 'nothing'}")
        before = (self.original / self.edit.file).read_text(encoding="utf-8")
        after = (self.project / self.edit.file).read_text(encoding="utf-8")
        return count_lines(before, after)

    def start(self, *words: str) -> Command:
        """Start a command of the project."""
        self.counter += 1
        name = f"{self.counter}_{words[1] if words[0] == '-m' else words[0]}"
        return Command(list(words), self.project, self.outputs / name)

    def run(self, *words: str) -> Result:
        """Run a command of the project to its end; it must succeed."""
        result = self.start(*words).wait(WAIT)
        if result.code != 0:
            raise Failed(f"{' '.join(words[:2])} ended with {result.code}: {result.reason()}")
        return result

    def remove(self) -> None:
        """Remove the copy."""
        shutil.rmtree(self.project)
        shutil.rmtree(self.outputs)


def training(edit: Edit, folder: str) -> list[str]:
    """Return the words of a short training into a folder."""
    options = [*SHORT, *TASK_OPTIONS[edit.task], *edit.options]
    return ["train.py", *options, "--run-dir", f"runs/{folder}"]


def check_edit(edit: Edit, project: Path, folder: Path, whole: bool) -> Report:
    """Return whether all commands and tests work in a project that was changed.

    Args:
        edit: The change.
        project: A project as it was generated; it stays as it is.
        folder: Where a copy is made, which stays if something fails.
        whole: Run all tests of the project.
    """
    began = time.monotonic()
    report = Report(str(edit), edit.file)
    try:
        place = Workplace(edit, project, folder)
        report.lines = place.apply()
    except EditError as error:
        report.results["applied"] = f"NO: {error}"
        return report
    if edit.is_refused:
        checks = {"refused": refuses}
    else:
        checks = {
            "trained": trains,
            "evaluated": evaluates,
            "predicted": predicts,
            "exported": exports,
            "shown": is_shown,
            "resumed": resumes,
            "pytest": passes_all_tests if whole or edit.whole else passes_tests,
        }
    for name, check in checks.items():
        try:
            report.results[name] = check(place)
        except (Failed, AssertionError) as error:
            report.results[name] = f"NO: {error}"
        except Exception as error:  # of the edit's own check: the other edits go on
            report.results[name] = f"NO: {error!r}"
        if name == "trained" and report.has_failed:
            break
    report.message = place.message
    report.seconds = time.monotonic() - began
    if report.has_failed:
        report.details = f"what it printed: {place.outputs}"
    else:
        place.remove()
    return report


def trains(place: Workplace) -> str:
    """Train for two epochs, and look at what the edit itself wants to be checked."""
    place.run(*training(place.edit, "unbroken"))
    if "check" in place.functions:
        place.functions["check"](place.project)
    return "yes"


def evaluates(place: Workplace) -> str:
    """Score the model; predict.py must answer as the model did."""
    result = place.run("eval.py", "--no-baseline", "--run-dir", "runs/unbroken")
    for line in result.stdout.splitlines():
        if line.startswith(("warning:", "note:")):
            raise Failed(line)
    return "yes"


def predicts(place: Workplace) -> str:
    """Answer for the examples that eval.py left."""
    result = place.run("predict.py", "--run-dir", "runs/unbroken")
    if not result.stdout.strip():
        raise Failed("predict.py said nothing")
    return "yes"


def exports(place: Workplace) -> str:
    """Write the model as ONNX, which is checked against PyTorch there."""
    reason = reason_to_skip(place, EXPORT_PACKAGES)
    if reason:
        return reason
    place.run("-m", "tools.export", "--run-dir", "runs/unbroken")
    return "yes"


def reason_to_skip(place: Workplace, packages: tuple[str, ...]) -> str:
    """Return what is missing for a tool; nothing where it is all there."""
    if not (place.project / "tools").is_dir():
        return "skipped: no tools/"
    for package in packages:
        try:
            __import__(package)
        except ImportError:
            return f"skipped: no {package}"
    return ""


def is_shown(place: Workplace) -> str:
    """Write its Space, whose page must answer as predict.py, and start its service."""
    if not place.edit.shown:
        return "-"
    reason = reason_to_skip(place, SHOWN_PACKAGES)
    if reason:
        return reason
    place.run("-m", "tools.space", "--run-dir", "runs/unbroken")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = ["--run-dir", "runs/unbroken", "--device", "cpu", "--port", str(port)]
    service = place.start("-m", "tools.serve", *words)
    try:
        body = json.dumps({"inputs": inputs_for_service(place)}).encode()
        kind = {"content-type": "application/json"}
        request = urllib.request.Request(f"http://127.0.0.1:{port}/predict", body, kind)
        end = time.monotonic() + WAIT
        while True:
            try:
                with urllib.request.urlopen(request, timeout=WAIT) as answer:
                    answers = json.load(answer)
                break
            except urllib.error.HTTPError as error:
                raise Failed(f"tools.serve answered {error.code}: {error.read()}") from error
            except urllib.error.URLError as error:  # it has not begun yet
                if not service.is_running() or time.monotonic() > end:
                    raise Failed("tools.serve did not answer") from error
                time.sleep(0.05)
    finally:
        if service.is_running():
            service.kill()
    if not answers:
        raise Failed("tools.serve answered nothing")
    return "yes"


def inputs_for_service(place: Workplace) -> list[object]:
    """Return the first example that eval.py left, as it is sent to the service."""
    path = min((place.project / "runs" / "unbroken" / "examples").iterdir())
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return [next(csv.DictReader(file))]
    if path.suffix == ".txt":
        return [path.read_text(encoding="utf-8").splitlines()[0]]
    return [base64.b64encode(path.read_bytes()).decode()]


def resumes(place: Workplace) -> str:
    """Kill a training, resume it, and compare its end with the unbroken one, bit for bit."""
    for attempt in range(5):
        name = f"broken{attempt}"
        command = place.start(*training(place.edit, name), "--save-every", "1")
        last = place.project / "runs" / name / "last.pt"
        end = time.monotonic() + WAIT
        while command.is_running() and not last.exists() and time.monotonic() < end:
            time.sleep(0.001)
        was_running = command.is_running()
        if was_running:
            command.kill()
            break
    if not was_running:
        raise Failed("it was never killed in time")
    place.run("train.py", "--resume", "--run-dir", f"runs/{name}")
    unbroken = place.project / "runs" / "unbroken"
    resumed = place.project / "runs" / name
    if rows(unbroken) != rows(resumed):
        raise Failed("metrics.csv differs")
    expected = torch.load(unbroken / "last.pt", weights_only=True)
    found = torch.load(resumed / "last.pt", weights_only=True)
    for key in ("model", "optimizer", "scheduler"):
        difference = first_difference(expected[key], found[key], key)
        if difference:
            raise Failed(f"{difference} differs")
    return "yes"


def rows(folder: Path) -> list[dict[str, str]]:
    """Return metrics.csv without the time that it took."""
    with (folder / "metrics.csv").open(newline="", encoding="utf-8") as file:
        return [{**row, "seconds": ""} for row in csv.DictReader(file)]


def first_difference(expected: object, found: object, where: str) -> str | None:
    """Return where two states differ first; None if they are the same bits."""
    if isinstance(expected, torch.Tensor):
        same = isinstance(found, torch.Tensor) and torch.equal(expected, found)
        return None if same else where
    if isinstance(expected, dict) and isinstance(found, dict):
        if expected.keys() != found.keys():
            return where
        for key in expected:
            difference = first_difference(expected[key], found[key], f"{where}.{key}")
            if difference:
                return difference
        return None
    if isinstance(expected, list | tuple) and isinstance(found, list | tuple):
        pairs = zip(expected, found, strict=False)
        for number, (first, second) in enumerate(pairs):
            difference = first_difference(first, second, f"{where}.{number}")
            if difference:
                return difference
        return None if len(expected) == len(found) else where
    return None if expected == found else where


def passes_tests(place: Workplace) -> str:
    """Run the tests of data.py and model.py."""
    run_pytest(place, QUICK_TESTS)
    return "yes"


def passes_all_tests(place: Workplace) -> str:
    """Run all tests of the project but the engine's, which use none of the six files.

    Those are collected, too: a file that hides another one must be noticed.
    """
    run_pytest(place, ["tests", "--deselect", "tests/engine"])
    return "yes, all"


def run_pytest(place: Workplace, paths: list[str]) -> None:
    """Run tests: all must pass."""
    result = place.start("-m", "pytest", "-q", "-p", "no:cacheprovider", *paths).wait(6 * WAIT)
    if result.code != 0:
        lines = result.stdout.splitlines()
        failed = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
        raise Failed("; ".join(failed) or result.reason())


def refuses(place: Workplace) -> str:
    """Begin a training: it must end with one line, and leave nothing behind."""
    result = place.start(*training(place.edit, "refused")).wait(WAIT)
    lines = result.stderr.strip().splitlines()
    place.message = lines[-1] if lines else "(it said nothing)"
    if result.code != place.edit.code:
        raise Failed(f"train.py ended with {result.code}, not with {place.edit.code}")
    if place.edit.code == 2 and len(lines) != 1:
        raise Failed(f"{len(lines)} lines on stderr, not one")
    for text in place.edit.expected:
        if text not in lines[-1]:
            raise Failed(f"the line does not say {text!r}")
    if (place.project / "runs").exists():
        left = sorted(path.name for path in (place.project / "runs").glob("*"))
        raise Failed(f"it left runs/{', '.join(left)}")
    return "yes"
