"""Change a generated project of each task as students do, and see that all goes on working.

    python tests/edits/run.py PYTHON PROJECT... [WORD...] [--plain] [--whole]

PYTHON has the projects' packages; a PROJECT's folder is called as its task. With words only those
edits are tried that have one of them in their name. `nox -s edits` does all of this.

An edit is a file in tests/edits/<task>/. It is Python, as the student writes it:

- its docstring says what the student wants; `FILE` says which of the six files is changed;
- a class or function takes the place of the one of its name; what has a new name is added, imports
  and constants too;
- `REPLACE = [(old, new), ...]` changes lines: each old text must be there exactly once;
- `OPTIONS` are more words for train.py; `prepare(project)` makes files that the edit needs, and
  `check(project)` looks at the run in runs/unbroken;
- with `WHOLE = True`, or --whole for all edits, all tests of the project are run; else those of
  data.py and model.py, since the commands are tried here as test_train.py does;
- with `SHOWN = True` its page and its service must answer, too: seconds, so a few edits have it.

The project must train, evaluate, predict, export, resume exactly, and pass its tests.

An edit in tests/edits/<task>/refused/ breaks a contract. There train.py must end with exit code 2
and one line, which has all texts of `EXPECTED` in it, and must leave no run behind. `CODE = 1` says
that the mistake is within a function of the student's: it is shown with its traceback.
"""

import argparse
import compileall
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "copies"))

from edit_file import Edit, find_edits

AT_ONCE = 2
CHECKS = ["trained", "evaluated", "predicted", "exported", "shown", "resumed", "pytest"]


def main() -> int:
    """Run the edits that are asked for; return the exit code."""
    parser = argparse.ArgumentParser(description="Try the changes that students make.")
    parser.add_argument("python", help="the Python that has the projects' packages")
    parser.add_argument("words", nargs="+", help="projects, and parts of the names of edits")
    parser.add_argument("--plain", action="store_true", help="start Python for each command: slow")
    parser.add_argument("--whole", action="store_true", help="run all tests of each project")
    asked = parser.parse_args()
    if os.environ.get("EDITS_INSIDE") != asked.python:
        return start_with(asked.python, asked.plain)

    projects = {}
    words = []
    for word in asked.words:
        path = Path(word)
        if (path / "train.py").exists():
            projects[path.name] = path.resolve()
        else:
            words.append(word)
    edits = find_edits(list(projects))
    if words:
        edits = [edit for edit in edits if any(word in str(edit) for word in words)]
    if not edits:
        print("no edit was tried", file=sys.stderr)
        return 1
    return try_edits(edits, projects, asked.whole)


def start_with(python: str, plain: bool) -> int:
    """Do it again with the Python that has the projects' packages."""
    environment = dict(os.environ, EDITS_INSIDE=python, OMP_NUM_THREADS="1", PYTHONUTF8="1")
    if plain:
        environment["REAL_COMMANDS"] = "1"
    return subprocess.call([python, *sys.argv], env=environment)


def try_edits(edits: list[Edit], projects: dict[str, Path], whole: bool) -> int:
    """Try the edits, some at once, and print how it went; return the exit code."""
    from checks import Report, check_edit
    from started_as_copies import start_as_copies

    began = time.monotonic()
    start_as_copies()
    for project in projects.values():
        compileall.compile_dir(project, quiet=1)  # its copies need not do it
    folder = Path(tempfile.mkdtemp(prefix="edits_"))
    longest_first = sorted(edits, key=lambda edit: not (edit.whole or whole))
    reports: dict[str, Report] = {}
    # On Linux copies of this process, which start commands as copies of themselves.
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    with ProcessPoolExecutor(AT_ONCE, context) as pool:
        jobs = []
        for edit in longest_first:
            jobs.append(pool.submit(check_edit, edit, projects[edit.task], folder, whole))
        for job in as_completed(jobs):
            report = job.result()
            reports[report.edit] = report
            mark = "FAILED" if report.has_failed else "ok"
            print(f"{report.seconds:4.0f} s  {report.edit}: {mark}", flush=True)

    changed = [reports[str(edit)] for edit in edits if not edit.is_refused]
    refused = [reports[str(edit)] for edit in edits if edit.is_refused]
    print_changed(changed)
    print_refused(refused)
    failed = [report for report in reports.values() if report.has_failed]
    for report in failed:
        print(f"\n{report.edit}:")
        for name, result in report.results.items():
            if result.startswith("NO"):
                print(f"  {name}: {result}")
        print(f"  {report.details}")
    print(f"\n{len(reports)} edits, {len(failed)} failed, {time.monotonic() - began:.0f} s")
    if not failed:
        shutil.rmtree(folder)
    return 1 if failed else 0


def print_changed(reports: list) -> None:
    """Print the table of the edits that must work."""
    if not reports:
        return
    width = max(len(report.edit) for report in reports)
    print(f"\n{'edit':{width}}  {'file':10} {'lines':>9}  " + " ".join(f"{c:9}" for c in CHECKS))
    for report in reports:
        cells = [report.results.get(name, "-").split(":")[0] for name in CHECKS]
        row = " ".join(f"{cell:9}" for cell in cells)
        print(f"{report.edit:{width}}  {report.file:10} {report.lines:>9}  {row}")


def print_refused(reports: list) -> None:
    """Print what was said to those that must be refused."""
    if not reports:
        return
    print("\nRefused:")
    for report in reports:
        result = report.results.get("refused", "NO").split(":")[0]
        print(f"{report.edit}, {report.file}: {result}\n    {report.message}")


if __name__ == "__main__":
    sys.exit(main())
