"""Try a project with certain versions, note how it went, and write the page that shows it.

    python docs/versions.py try NAME PYTHON PROJECT...    what nox -s newest and nox -s oldest do
    python docs/versions.py pythons FOLDER PYTHON...      what nox -s pythons does
    python docs/versions.py resolved PROJECT...           which PyTorch uv would install today
    python docs/versions.py page                          the tables of docs/versions.md

The results lie in docs/results/versions.json, one entry for each NAME. A PROJECT's folder is
called as its task. Its PYTHON has the projects' packages, all optional ones too; that of `pythons`
has nothing, and gets in FOLDER what generates projects and tests them without PyTorch.
"""

import hashlib
import json
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "docs" / "results" / "versions.json"
PAGE = ROOT / "docs" / "versions.md"
MINUTES = 60  # that a command or the tests of a project may take at most

RUN = ["--run-dir", "runs/tried"]
SHORT = ["--epochs", "1", "--device", "cpu"]
TORCHRUN = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
SAY_PYTHON = "import json, platform; print(json.dumps(platform.python_version()))"
COMMANDS = [
    ["-m", "pre_commit", "run", "--all-files"],
    ["train.py", *SHORT, *RUN, "--tracker", "tensorboard"],
    ["train.py", "--resume", *RUN],
    ["eval.py", *RUN],
    ["predict.py", *RUN],
    ["train.py", *SHORT, "--run-dir", "runs/wandb", "--tracker", "wandb"],
    [*TORCHRUN, "train.py", *SHORT, "--run-dir", "runs/torchrun"],
    ["-m", "tools.doctor"],
    ["-m", "tools.report", *RUN],
    ["-m", "tools.export", *RUN],
    ["-m", "tools.sweep", "--trials", "2", *SHORT],
    ["-m", "tools.runs", "--best"],
    ["-m", "tools.demo", "--help"],
]


def requirements(project: Path, optional: bool = True) -> dict[str, str]:
    """Return the oldest version of each package that a project names, optional ones too."""
    about = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*about["dependencies"]]
    for group in about["optional-dependencies"].values() if optional else ():
        lines += group
    found = {}
    for line in lines:
        name, version = re.split(r">=|==", line)
        found[name] = version
    return found


def ask(python: str, code: str) -> Any:
    """Return what a line of code prints as JSON, with another Python."""
    command = [python, "-c", code]
    return json.loads(subprocess.run(command, check=True, capture_output=True, timeout=300).stdout)


def versions_of(python: str, names: list[str]) -> dict[str, str]:
    """Return which versions of these packages a Python has."""
    code = "import json, importlib.metadata as m\nprint(json.dumps({n: m.version(n) for n in %r}))"
    return ask(python, code % names)


def run(command: list[str], cwd: Path, **environment: str) -> tuple[int, str]:
    """Run a command, show what it says, and return its exit code and its output."""
    print("$", *command[1:], flush=True)
    usual = {"OMP_NUM_THREADS": "1", "PYTHONUTF8": "1", "WANDB_MODE": "offline"}
    try:
        result = subprocess.run(
            command, cwd=cwd, env={**os.environ, **usual, **environment}, timeout=60 * MINUTES,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace",
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return 124, f"not done after {MINUTES} minutes"
    if result.returncode != 0:
        print(result.stdout)
    return result.returncode, result.stdout


def count(output: str) -> dict[str, int]:
    """Return how many tests passed, were skipped and so on, as pytest's last line says."""
    last = next((line for line in reversed(output.splitlines()) if " in " in line), "")
    return {word: int(number) for number, word in re.findall(r"(\d+) (\w+)", last.split(" in ")[0])}


def add(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    """Return the sums of two counts."""
    return {name: one.get(name, 0) + other.get(name, 0) for name in sorted({*one, *other})}


def try_project(python: str, project: Path, seen: set[tuple[str, bytes]]) -> dict[str, Any]:
    """Run all commands and tests of a project; return how many did well, and what did not.

    Args:
        python: Has its packages.
        project: Its folder is called as its task.
        seen: Tests of engine/ that an earlier project had, too, byte for byte: they bring their own
            model and data, so they are not run again. What this project has is added.
    """
    began = time.monotonic()
    failed = []
    for words in (["init", "--quiet"], ["add", "--all"]):  # the hooks look at git's files
        run(["git", *words], project)
    for words in COMMANDS:
        code, _ = run([python, *words], project)
        if code != 0:
            failed.append(" ".join(words))
    again = []
    for path in sorted((project / "tests" / "engine").glob("test_*.py")):
        name = path.relative_to(project).as_posix()
        again += [f"--ignore={name}"] if (name, path.read_bytes()) in seen else []
        seen.add((name, path.read_bytes()))
    side_by_side = ["-q", "-p", "no:cacheprovider", "--numprocesses", "auto"]
    ours = [f"tests/tasks/{project.name}", "tests/tasks/test_every_task.py"]
    runs = [
        (project, again),  # all that it brings, and those of the template about it:
        (ROOT, ["--confcutdir", "tests/tasks", *ours]),
    ]
    if not again:  # the exercises are the same in each project
        runs.append((ROOT, ["--confcutdir", "tests/lessons", "tests/lessons/study_guide.py"]))
    tests: dict[str, int] = {}
    for folder, options in runs:
        where = {} if folder == project else {"PROJECT": str(project), "PYTHONPATH": str(project)}
        code, output = run([python, "-m", "pytest", *side_by_side, *options], folder, **where)
        tests = add(tests, count(output))
        failed += re.findall(r"(?m)^(?:FAILED|ERROR) (\S+)", output)
        if code != 0 and not re.search(r"(?m)^(?:FAILED|ERROR) ", output):
            failed.append(f"pytest ended with {code}")
    minutes = round((time.monotonic() - began) / 60, 1)
    return {"commands": len(COMMANDS), "tests": tests, "failed": failed, "minutes": minutes}


def read_results() -> dict[str, Any]:
    """Return all results."""
    return json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}


def today() -> str:
    """Return the day, as 2026-11-29."""
    return datetime.now(UTC).date().isoformat()


def write(name: str, entry: dict[str, Any]) -> None:
    """Put one entry into the file of results, and leave the others."""
    results = read_results() | {name: entry}
    text = json.dumps(results, indent=2, sort_keys=True) + "\n"
    RESULTS.write_text(text, encoding="utf-8", newline="\n")


def commit() -> str:
    """Return the commit that last changed what projects are made of; with a plus, if files are."""
    git = ["git", "-C", str(ROOT)]
    skeleton = next(path.name for path in ROOT.glob("*cookiecutter.__project_slug*"))
    parts = ["--", "cookiecutter.json", "templates", skeleton]
    said = []
    for command in (["log", "-1", "--format=%h"], ["status", "--porcelain"]):
        result = subprocess.run(
            [*git, *command, *parts], check=True, capture_output=True, encoding="utf-8", timeout=60
        )
        said.append(result.stdout.strip())
    return said[0] + ("+" if said[1] else "")


def try_all(name: str, python: str, projects: list[Path]) -> int:
    """Try the projects with a Python, and note each under a name; return the exit code."""
    packages: dict[str, str] = {}
    for project in projects:
        packages |= versions_of(python, sorted(requirements(project)))
    failed = []
    seen: set[tuple[str, bytes]] = set()
    for project in projects:
        commit_tried = commit()
        how = try_project(python, project, seen)
        entry = read_results().get(name, {"projects": {}, "packages": {}})
        entry["python"] = ask(python, SAY_PYTHON)
        entry["system"] = f"{platform.system()} {platform.machine()}"
        entry["packages"] |= packages
        entry["projects"][project.name] = how | {"commit": commit_tried, "when": today()}
        write(name, entry)
        failed += [f"{project.name}: {one}" for one in how["failed"]]
    print(*failed, sep="\n")
    return 1 if failed else 0


PYTHONS = ["3.10", "3.11", "3.12", "3.13", "3.14"]  # that a project is said to run on
TASKS = sorted(path.name for path in (ROOT / "templates").glob("[a-z]*/"))


def find_pythons() -> dict[str, str]:
    """Return the Pythons of this machine that start, by their minor versions."""
    found = {}
    for version in PYTHONS:
        on_path = shutil.which(f"python{version}")
        pyenv = Path.home().glob(f".pyenv/versions/{version}.*/bin/python")
        for path in [*pyenv, *([on_path] if on_path else [])]:
            try:
                if ask(str(path), SAY_PYTHON).startswith(f"{version}."):
                    found[version] = str(path)
                    break
            except (OSError, subprocess.SubprocessError):
                continue  # a shim of pyenv, which has no such Python
    return found


def made_by(python: str, folder: Path, task: str) -> list[Path]:
    """Make a project of a task with both tools, as a person calls them; return the folders."""
    tools = Path(python).parent
    answers = [f"task={task}", "project_name=tried"]
    home = {"HOME": str(folder), "USERPROFILE": str(folder)}  # nobody's own settings
    commands = {
        folder / "a" / "tried": ["cookiecutter", "--no-input", "--output-dir", str(folder / "a")],
        folder / "b" / "tried": ["copier", "copy", "--defaults", "--vcs-ref", "HEAD", "--quiet"],
    }
    for place, command in commands.items():
        tool = str(tools / command[0])
        if command[0] == "cookiecutter":
            words = [tool, *command[1:], str(ROOT), *answers]
        else:
            data = [word for answer in answers for word in ("--data", answer)]
            words = [tool, *command[1:], *data, str(ROOT), str(place)]
        code, output = run(words, ROOT, **home)
        if code != 0:
            raise SystemExit(f"{command[0]} ended with {code}: {output}")
    return list(commands)


def contents(project: Path) -> dict[str, bytes]:
    """Return the bytes of each file, but of the answers file, which names its maker."""
    files = {
        path.relative_to(project).as_posix(): path.read_bytes()
        for path in sorted(project.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    files.pop(".copier-answers.yml")
    return files


def run_without_torch(python: str, project: Path) -> tuple[dict[str, int], list[str]]:
    """Run the tests that need no PyTorch; return how many passed and did not, and what failed."""
    report = project.parent / "tests.xml"
    # tests/conftest.py imports torch, so it is not read.
    options = ["--noconftest", "--continue-on-collection-errors", f"--junitxml={report}"]
    run([python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, "tests"], project)
    counted = {"passed": 0, "skipped": 0, "need torch": 0}
    failed = []
    for case in ElementTree.parse(report).iter("testcase"):
        said = " ".join(f"{part.get('message')} {part.text}" for part in case)
        kinds = {part.tag for part in case}
        if kinds & {"failure", "error"}:
            if "No module named 'torch'" in said or "fixture '" in said:
                counted["need torch"] += 1  # or a fixture of that conftest.py
            else:
                failed.append(f"{case.get('classname')}::{case.get('name')}")
        else:
            counted["skipped" if "skipped" in kinds else "passed"] += 1
    return counted, failed


def try_python(version: str, python: str, folder: Path) -> dict[str, Any]:
    """Generate with a Python, compile what came, and run the tests that need no PyTorch."""
    began = time.monotonic()
    venv = folder / "venv"
    environment = str(venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
    subprocess.run(["uv", "venv", "--clear", "-q", "-p", python, venv], check=True, timeout=300)
    install = ["uv", "pip", "install", "-q", "-p", environment]
    packages = ["cookiecutter", "copier", "pytest"]
    subprocess.run([*install, *packages], check=True, timeout=600)
    entry: dict[str, Any] = {"python": ask(environment, SAY_PYTHON), "files": {}, "failed": []}
    entry["generators"] = versions_of(environment, packages[:2])
    tests: dict[str, int] = {}
    for task in TASKS:
        by_cookiecutter, by_copier = made_by(environment, folder / task, task)
        files = contents(by_cookiecutter)
        entry["files"][task] = len(files)
        if files != contents(by_copier):
            entry["failed"].append(f"{task}: the two tools write other bytes")
        digest = hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest()
        entry.setdefault("digests", {})[task] = digest
        code, _ = run([environment, "-W", "error", "-m", "compileall", "-q", "."], by_copier)
        if code != 0:
            entry["failed"].append(f"{task}: a file does not compile")
        target = f"py{version.replace('.', '')}"
        ruff = [sys.executable, "-m", "ruff", "check", "--no-cache", "--select", "E9,F"]
        if run([*ruff, "--target-version", target, "."], by_cookiecutter)[0] != 0:
            entry["failed"].append(f"{task}: ruff finds something for {target}")
        needed = requirements(by_cookiecutter, optional=False)
        needed.pop("torch")
        names = [f"{name}>={floor}" for name, floor in needed.items()]
        subprocess.run([*install, *names], check=True, timeout=600)
        counted, failed = run_without_torch(environment, by_cookiecutter)
        tests = add(tests, counted)
        entry["failed"] += [f"{task}: {one}" for one in failed]
        if counted["passed"] == 0:
            entry["failed"].append(f"{task}: no test was run")
    return entry | {"tests": tests, "minutes": round((time.monotonic() - began) / 60, 1)}


def try_pythons(folder: Path, named: list[str]) -> int:
    """Try these Pythons, or all that are found, and note it; return the exit code."""
    shutil.rmtree(folder, ignore_errors=True)
    pythons = {".".join(ask(one, SAY_PYTHON).split(".")[:2]): one for one in named}
    pythons = pythons or find_pythons()
    results = {}
    for version, python in pythons.items():
        (folder / version).mkdir(parents=True)
        results[version] = try_python(version, python, folder / version)
    same = len({json.dumps(one.pop("digests")) for one in results.values()}) == 1
    missing = [version for version in PYTHONS if version not in pythons]
    entry = {"commit": commit(), "when": today(), "same": same}
    write("pythons", entry | {"missing": missing, "tried": results})
    failed = [f"{name}: {one}" for name, how in results.items() for one in how["failed"]]
    print(*failed, f"Not found: {', '.join(missing) or 'none'}", sep="\n")
    if not same:
        print("Not all of them make the same projects, or none was found.")
    return 1 if failed or not same else 0


# As uv calls them; the oldest macOS for which PyTorch is still built.
SYSTEMS = {"Linux": "linux", "Windows": "windows", "macOS": "aarch64-apple-darwin"}
MACOS = "14.0"


def resolve(projects: list[Path]) -> int:
    """Note which PyTorch uv would install with all optional packages; return the exit code.

    Nothing is installed. That a Python has an answer says that every package has a wheel for it.
    """
    command = ["uv", "pip", "compile", "--quiet", "--all-extras", "--only-binary", ":all:"]
    command += ["--no-header", "--no-annotate", *(f"{one}/pyproject.toml" for one in projects)]
    plain = {name: value for name, value in os.environ.items() if not name.startswith("UV_")}
    found: dict[str, dict[str, str]] = {}
    for version in PYTHONS:
        found[version] = {}
        for system, platform_name in SYSTEMS.items():
            asked = ["--python-version", version, "--python-platform", platform_name]
            result = subprocess.run(
                [*command, *asked], env=plain | {"MACOSX_DEPLOYMENT_TARGET": MACOS},
                capture_output=True, encoding="utf-8", timeout=300,
            )  # fmt: skip
            torch = re.findall(r"(?m)^torch==([\w.]+)", result.stdout)
            found[version][system] = torch[0] if torch else "none"
            print(version, system, found[version][system], flush=True)
    entry = {"commit": commit(), "when": today()}
    write("resolved", entry | {"torch": found, "macos": MACOS})
    return 1 if "none" in str(found) else 0


def row(*cells: object) -> str:
    """Return a line of a table."""
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def table(*head: str) -> list[str]:
    """Return the first two lines of a table."""
    return [row(*head), row(*["---"] * len(head)).replace(" ", "")]


def say(counted: dict[str, int]) -> str:
    """Return how many tests did what, the passed ones first."""
    words = sorted((word for word in counted if counted[word]), key=lambda word: word != "passed")
    return ", ".join(f"{counted[word]:,} {word}" for word in words)


def ending(failed: list[str]) -> str:
    """Return how it ended."""
    return "all well" if not failed else f"{len(failed)} failed: `{'`, `'.join(failed)}`"


def tables(results: dict[str, Any]) -> str:
    """Return the tables of the page: whole projects, the packages they had, and each Python."""
    wholes = {name: one for name, one in results.items() if "projects" in one}
    head = ("releases", "project", "Python", "PyTorch", "commands", "tests", "it ended", "tried")
    lines = table(*head)
    for name, one in sorted(wholes.items()):
        for task, how in sorted(one["projects"].items()):
            tried = f"{how['when']}, `{how['commit']}`"
            about = (one["python"], one["packages"]["torch"], how["commands"], say(how["tests"]))
            lines.append(row(name, f"`{task}`", *about, ending(how["failed"]), tried))
    lines += ["", *table("package", *wholes)]
    for package in sorted({name for one in wholes.values() for name in one["packages"]}):
        found = [one["packages"].get(package, "-") for one in wholes.values()]
        lines.append(row(f"`{package}`", *found))
    pythons = results["pythons"]
    head = ("Python", "generated by", "files compiled", "tests without PyTorch", "it ended")
    lines += ["", *table(*head)]
    for one in pythons["tried"].values():
        tools = " and ".join(f"{name} {found}" for name, found in one["generators"].items())
        files = sum(one["files"].values())
        lines.append(row(one["python"], tools, files, say(one["tests"]), ending(one["failed"])))
    for version in pythons["missing"]:
        lines.append(row(version, "-", "-", "-", "not tried: no such Python was there"))
    same = "all" if pythons["same"] else "NOT all"
    when = f"{pythons['when']}, `{pythons['commit']}`"
    lines += ["", f"({when}; {same} of them, and both tools, write the same bytes.)"]
    resolved = results["resolved"]
    lines += ["", *table("PyTorch that uv takes", *(f"on {name}" for name in SYSTEMS))]
    for version, systems in resolved["torch"].items():
        lines.append(row(f"with Python {version}", *systems.values()))
    when = f"{resolved['when']}, `{resolved['commit']}`"
    lines += ["", f"({when}; macOS {resolved['macos']} with an M processor.)"]
    return "\n".join(lines) + "\n"


BEGIN, END = "<!-- begin: written by docs/versions.py -->\n", "<!-- end -->\n"


def page() -> str:
    """Return the page with the tables of the results."""
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    _, after = rest.split(END)
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    return f"{before}{BEGIN}\n{tables(results)}\n{END}{after}"


if __name__ == "__main__":
    # As in noxfile.py: a shell that starts this in the background lets it ignore Ctrl-C.
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    kind, *words = sys.argv[1:] or [""]
    if kind == "try":
        sys.exit(try_all(words[0], words[1], [Path(word).resolve() for word in words[2:]]))
    if kind == "pythons":
        sys.exit(try_pythons(Path(words[0]).resolve(), words[1:]))
    if kind == "resolved":
        sys.exit(resolve([Path(word).resolve() for word in words]))
    if kind == "page":
        PAGE.write_text(page(), encoding="utf-8", newline="\n")
        sys.exit()
    sys.exit(f"{kind or 'nothing typed'}: choose among try, pythons, resolved, page")
