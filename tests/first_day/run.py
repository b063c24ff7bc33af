"""Play the first day of a project: its README, git, hooks, GitHub's workflow, a teammate.

python tests/first_day/run.py uv FOLDER      as nox -s first_day does; pip plays it with pip
python tests/first_day/run.py uv FOLDER --write     also writes docs/first-day-uv.txt

The commands are read from the pages and from the workflow, so that what is played is what they
say. What cannot be had here is replaced, and the transcript says by what.
"""

import argparse
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
SOURCE = "gh:gdg-gist/torch-starter"
PYTORCH = "https://download.pytorch.org/whl/cpu"
ADDRESS = re.compile(r"https://github\.com/YOU/[\w-]+\.git")
# With uv the build of PyTorch comes from the index that the project names; with pip it is the one
# of the package index. A table and pictures: torchvision, which pictures may need, is not at hand.
ANSWERS = {"uv": ["task=tabular", "accelerator=cpu"], "pip": []}
KNOWN_HOSTS = ("github.com", "docs.astral.sh", "docs.pytorch.org", "download.pytorch.org")
MEGABYTE = 2**20
BUSY = re.compile(
    "Looking in|Obtaining|Collecting|Processing|Using cached|Requirement already|  |Downloading|"
    "Building|Stored|Created|Attempting|Found existing|Successfully (un|bu)|Installing|Preparing|"
    r"Checking|Using CPython|WARNING: Location|\[notice\]"
)


def blocks(page: Path, heading: str = "") -> list[list[str]]:
    """Return the lines of each block of commands, of one section or of the whole page."""
    text = page.read_text(encoding="utf-8")
    if heading:
        text = re.split(r"(?m)^#+ ", text.split(f"\n## {heading}\n")[1])[0]
    found = re.findall(r"(?ms)^```console\n(.*?)^```$", text)
    if not found:
        sys.exit(f"{page}: no block of commands under {heading!r}")
    return [block.splitlines() for block in found]


def to_make(tool: str) -> list[str]:
    """Return the commands of the template's README that lead into the new project."""
    for block in blocks(ROOT / "README.md"):
        lines = [line for joined in block for line in joined.split(" && ")]
        if any(line.startswith(f"{tool} ") for line in lines):
            return lines[: lines.index("cd my-torch-project") + 1]
    sys.exit(f"README.md has no block for {tool}")


def to_begin(project: Path, tool: str) -> list[str]:
    """Return the first commands of a project's README for a tool."""
    for block in blocks(project / "README.md"):
        if block[0].startswith(f"{tool} "):
            return block
    sys.exit(f"{project}/README.md has no block for {tool}")


def to_commit(tool: str) -> list[str]:
    """Return how a project is committed for the first time."""
    found = blocks(ROOT / "docs/howto/git.md", "The first commit")
    (block,) = [one for one in found if any(line.startswith(f"{tool} ") for line in one)]
    return block


def to_push() -> list[str]:
    """Return how it gets onto GitHub."""
    (block,) = blocks(ROOT / "docs/howto/git.md", "Onto GitHub")
    return block


def to_join() -> list[str]:
    """Return what a teammate types before the README's commands."""
    (block,) = blocks(ROOT / "docs/howto/git.md", "A teammate")
    return block


def steps(project: Path) -> list[dict[str, str]]:
    """Return what GitHub runs on this system: the steps of the workflow that run something."""
    path = project / ".github" / "workflows" / "test.yml"
    (job,) = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].values()
    holds = {None: True, "runner.os != 'macOS'": sys.platform != "darwin"}
    found = [step for step in job["steps"] if "run" in step]
    if not found:
        sys.exit(f"{path} runs nothing")
    return [step for step in found if holds[step.get("if")]]


def of_the_student(project: Path) -> str:
    """Return the tests that a student changes: those of the whole project take minutes."""
    names = [path.relative_to(project).as_posix() for path in project.glob("tests/test_*.py")]
    return " ".join(sorted(names))


def wheel_at_hand() -> Path | None:
    """Return a wheel of PyTorch in one of pip's folders of links, if there is one."""
    for name in os.environ.get("UV_FIND_LINKS", "").split(","):
        for path in sorted(Path(name.removeprefix("file://")).glob("torch-*.whl")) if name else []:
            if f"-cp{sys.version_info.major}{sys.version_info.minor}-" in path.name:
                return path
    return None


def make_index(folder: Path, wheel: Path) -> str:
    """Make a folder that stands for PyTorch's index, and return its address.

    uv looks for a wheel of each Python before it writes a lock. All are the one at hand; only that
    of the Python that is running is ever installed.
    """
    (folder / "torch").mkdir(parents=True)
    tag = f"cp{sys.version_info.major}{sys.version_info.minor}"
    names = [wheel.name.replace(tag, f"cp3{minor}") for minor in range(10, 15)]
    for name in names:
        shutil.copy(wheel, folder / "torch" / name)
    links = [f'<a href="{name.replace("+", "%2B")}">{name}</a>' for name in names]
    (folder / "torch" / "index.html").write_text("\n".join(links), encoding="utf-8")
    return f"pytorch={folder.as_uri()}"


def is_of(line: str, marks: list[str]) -> str:
    """Return the mark that a line begins with, or nothing."""
    return next((mark for mark in marks if line.startswith(mark)), "")


class Day:
    """Somebody at a keyboard: where they are, which environment is active, what was said."""

    def __init__(self, tool: str, folder: Path) -> None:
        self.tool = tool
        self.folder = folder
        self.cwd = folder
        self.lines: list[str] = []
        self.is_installing = False  # then most lines only say that pip is at work
        settings = folder / "gitconfig"
        settings.write_text(
            "[user]\n\tname = Ada\n\temail = ada@example.com\n[init]\n\tdefaultBranch = main\n",
            encoding="utf-8",
        )
        gone = {"VIRTUAL_ENV", "UV_CONSTRAINT", "UV_FIND_LINKS", "PYTHONPATH", "CI"}
        self.env = {name: value for name, value in os.environ.items() if name not in gone}
        self.env |= {
            "GIT_CONFIG_GLOBAL": str(settings),
            "PRE_COMMIT_HOME": str(folder / "pre-commit"),
            "PRE_COMMIT_COLOR": "never",
            "PIP_PROGRESS_BAR": "off",
            "UV_PYTHON": sys.executable,
            "UV_NO_PROGRESS": "1",
            "COLUMNS": "100",
        }
        self.outer_path = os.environ["PATH"]
        self.wheel = wheel_at_hand()
        if self.wheel is not None:
            self.env["UV_INDEX"] = make_index(folder / "index", self.wheel)
            self.env["UV_LINK_MODE"] = "copy"
        elif tool == "pip" and sys.platform == "linux":
            self.env["PIP_EXTRA_INDEX_URL"] = PYTORCH  # instead of gigabytes of CUDA

    def say(self, *lines: str) -> None:
        """Add lines to the transcript, and show them."""
        for line in lines:
            print(line, flush=True)
            self.lines.append(line)

    def begin(self, who: str, cwd: Path) -> None:
        """Begin a part of the day."""
        self.say("", f"# {who}", "")
        self.cwd = cwd

    def activate(self, environment: Path) -> None:
        """Make a virtual environment, and let its commands be found first."""
        self.run(f"{Path(sys.executable).name} -m venv {environment.name}", quietly=True)
        binaries = environment / ("Scripts" if os.name == "nt" else "bin")
        self.env["PATH"] = os.pathsep.join([str(binaries), self.outer_path])
        self.env["VIRTUAL_ENV"] = str(environment)

    def run(
        self, command: str, instead: str = "", *, fails: bool = False, quietly: bool = False
    ) -> str:
        """Run a command as it is written, or another one in its place; return what it says.

        Args:
            command: What a person types.
            instead: What is run in its place, if that cannot be had here.
            fails: Whether it must fail; else it must not.
            quietly: Leave it out of the transcript.
        """
        typed = command.splitlines()
        self.is_installing = "pip install" in command
        if not quietly:
            self.say("$ " + typed[0], *("> " + line for line in typed[1:]))
        if instead and self.clean(instead) != command:
            self.say(f"[played: {self.clean(instead)}]")
        command = instead or command
        if command.startswith("cd "):
            self.cwd = self.cwd / command.removeprefix("cd ")
            return ""
        path = self.env["PATH"]
        if "\n" in command:
            bash = shutil.which("bash", path=path) or sys.exit("this step needs bash")
            words = [bash, "--noprofile", "--norc", "-eo", "pipefail", "-c", command]
        else:
            words = shlex.split(command)
            words[0] = shutil.which(words[0], path=path) or sys.exit(f"{words[0]} is missing")
        result = subprocess.run(
            words,
            cwd=self.cwd,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=1200,
        )
        if not quietly:
            self.say(*self.shorten(self.clean(result.stdout)))
        if (result.returncode != 0) is not fails:
            sys.exit(f"{command}: exit code {result.returncode}\n{result.stdout}")
        return result.stdout

    def clean(self, text: str) -> str:
        """Return a text without the paths of this machine and without where packages come from."""
        for folder in (self.folder.as_uri(), str(self.folder), str(ROOT)):
            text = text.replace(folder + os.sep, "").replace(folder, ".")
        text = re.sub(r"(?m)^.*\r(?!\n)", "", text)  # a bar of progress, but its end
        text = re.sub(
            r"https?://(?!" + "|".join(map(re.escape, KNOWN_HOSTS)) + r")\S+", "[...]", text
        )
        return re.sub(r"(file://)?(?<![\w.:/])/(?:[\w.+-]+/)+(?=[\w.+-])", "", text)

    def shorten(self, text: str) -> Iterator[str]:
        """Yield the lines of an output but those by which tools show that they are busy."""
        many = {" + ": "packages", " create mode ": "files", "epoch ": "more lines like it"}
        for mark, lines in groupby(text.splitlines(), lambda line: is_of(line, [*many])):
            shown = [line.rstrip()[:160] for line in lines]
            if mark == "epoch ":
                yield from [shown[0], f"[{len(shown) - 1} {many[mark]}]"][: len(shown)]
            elif mark:
                yield f"{mark}{len(shown)} {many[mark]}"
            else:
                yield from (one for one in shown if not self.is_installing or not BUSY.match(one))

    def follow(self, commands: list[str], replaced: dict[str, str] | None = None) -> str:
        """Run commands one after the other, some replaced; return what they say."""
        said = ""
        for command in commands:
            instead = ""
            for old, new in (replaced or {}).items():
                if old in command:
                    instead = command.replace(old, new)
            said += self.run(command, instead)
        return said


def check(holds: object, what: str) -> None:
    """Stop the day if something is not as it must be."""
    if not holds:
        sys.exit(f"not so: {what}")


def versions(day: Day) -> dict[str, str]:
    """Return what is installed in the active environment, without the marks of builds."""
    said = day.run("python -m pip list --format json", quietly=True)
    (line,) = [line for line in said.splitlines() if line.startswith("[")]
    return {one["name"]: one["version"].split("+")[0] for one in json.loads(line)}


def play(day: Day) -> None:
    """Play the whole day."""
    tool = day.tool
    owner, github = day.folder / "owner", day.folder / "project.git"
    owner.mkdir()
    day.run(f"git init --quiet --bare {github.name}", quietly=True)

    day.begin("The owner makes a project", owner)
    if tool == "pip":  # as the README says in a sentence
        day.run("python -m venv .venv", f"{shlex.quote(sys.executable)} -m venv .venv")
        day.activate(owner / ".venv")
    answers = " ".join(["--no-input", "--default-config", *ANSWERS[tool]])
    day.follow(to_make(tool), {SOURCE: f"{shlex.quote(str(ROOT))} {answers}"})
    project = day.cwd
    check((project / "train.py").is_file(), "the project is where the README goes")

    day.begin("and types what its README says", project)
    day.follow(to_begin(project, tool), in_place_of_pytorch(day))
    (trained,) = (project / "runs").glob("*/eval.json")
    check(json.loads(trained.read_text(encoding="utf-8"))["accuracy"] > 0.9, "it has learned")
    check((project / "uv.lock").exists() is (tool == "uv"), "uv writes uv.lock, pip does not")

    day.begin("The first commit", project)
    said = day.follow(to_commit(tool))
    check(said.count("Passed") >= 6, "the hooks have run")
    check("Failed" not in said, "every hook passes")
    files = day.run("git ls-files", quietly=True).splitlines()
    check(("uv.lock" in files) is (tool == "uv"), "uv.lock is committed")
    check(not [one for one in files if re.match(r"runs/|\.venv/", one)], "runs/ stays out")
    day.run("git status --short")
    check(day.run("git status --porcelain", quietly=True) == "", "all is committed")

    day.begin("A file that is too large is refused, uv.lock is not", project)
    (project / "model.bin").write_bytes(bytes(2 * MEGABYTE))
    lock = project / "uv.lock"
    before = lock.read_bytes() if lock.exists() else b""
    lock.write_bytes(before + b"# a longer one\n" * (2 * MEGABYTE // 15))
    day.run("git add model.bin uv.lock", quietly=True)
    said = day.run('git commit --message "a large file"', fails=True)
    check("model.bin (2048 KB) exceeds 1024 KB." in said, "the large file is named")
    check("uv.lock" not in said, "uv.lock may be large")
    day.run("git reset --quiet --hard", quietly=True)
    check((lock.read_bytes() if lock.exists() else b"") == before, "all is as before")

    day.begin("Onto GitHub", project)
    address = {match: str(github) for line in to_push() for match in ADDRESS.findall(line)}
    day.follow(to_push(), address)
    pushed = day.run(f"git -C {shlex.quote(str(github))} rev-parse HEAD", quietly=True)
    check(pushed == day.run("git rev-parse HEAD", quietly=True), "GitHub has the commit")

    on_github(day, github)
    teammate = day.folder / "teammate"
    teammate.mkdir()
    day.begin("A teammate", teammate)
    if tool == "pip":
        day.activate(teammate / ".venv")
    else:
        day.env["PATH"] = day.outer_path
        day.env.pop("VIRTUAL_ENV", None)
    address = {match: str(github) for line in to_join() for match in ADDRESS.findall(line)}
    day.follow(to_join(), address | {"cd PROJECT": f"cd {github.stem}"})
    check((day.cwd / "train.py").is_file(), "the clone is where the page goes")
    day.follow(to_begin(day.cwd, tool), in_place_of_pytorch(day))
    day.run("git status --short")
    check(day.run("git status --porcelain", quietly=True) == "", "the teammate has changed nothing")


def in_place_of_pytorch(day: Day) -> dict[str, str]:
    """Return what takes the place of PyTorch's index in a command of pip."""
    return {} if day.wheel is None else {f" --index-url {PYTORCH}": ""}


def on_github(day: Day, github: Path) -> None:
    """Do what GitHub does with the push, in a fresh clone and a fresh environment."""
    day.begin("GitHub runs .github/workflows/test.yml on a clone", day.folder)
    day.run(f"git clone --quiet {shlex.quote(str(github))} runner", quietly=True)
    day.cwd = day.folder / "runner"
    day.activate(day.cwd / ".venv")
    day.env["CI"] = "true"
    replaced = in_place_of_pytorch(day)
    for step in steps(day.cwd):
        command = step["run"].strip()
        if command == "pytest":
            replaced = {"pytest": f"pytest {of_the_student(day.cwd)}"}
        day.follow([command], replaced)
    locked = day.cwd / "uv.lock"
    if locked.exists():
        named: dict[str, set[str]] = {}
        for one in tomllib.loads(locked.read_text(encoding="utf-8"))["package"]:
            named.setdefault(one["name"], set()).add(one.get("version", "").split("+")[0])
        installed = versions(day)
        taken = {name: version for name, version in installed.items() if name in named}
        others = {name for name, version in taken.items() if version not in named[name]}
        check(len(taken) > 30, "GitHub installs what the lock names")
        check(not others - {"pip", "setuptools"}, f"GitHub has the versions of uv.lock: {others}")
        day.begin("A lock that does not fit any more ends GitHub's run", day.cwd)
        settings = day.cwd / "pyproject.toml"
        text = settings.read_text(encoding="utf-8")
        settings.write_text(text.replace('"tqdm>=4.66.3"', '"tqdm>=4.67"'), encoding="utf-8")
        said = day.run(steps(day.cwd)[0]["run"].strip(), fails=True)
        check("uv.lock` needs to be updated" in said, "it says what is wrong")
        check("Traceback" not in said, "it says so without a traceback")
    day.env.pop("CI")


def main() -> None:
    """Play it, and say how it ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tool", choices=ANSWERS)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true", help="write the transcript into docs/")
    arguments = parser.parse_args()
    folder = arguments.folder.resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    day = Day(arguments.tool, folder)
    made = ", ".join(["the default answers", *ANSWERS[arguments.tool]])
    day.say(
        f"The first day of a project with {arguments.tool}, played by nox -s first_day: {made}.",
        "Lines in [] say what was run in the place of what cannot be had there. Lines by which pip",
        "and uv show that they are at work are left out.",
    )
    if day.wheel is not None:
        day.say(
            f"PyTorch came from a folder with {day.wheel.name.split('-cp')[0]}, not from its index."
        )
    play(day)
    text = "\n".join(day.lines) + "\n"
    check(str(folder) not in text and str(Path.home()) + "/" not in text, "no path is left")
    hosts = set(re.findall(r"https?://([\w.-]+)", text))
    check(hosts <= {*KNOWN_HOSTS}, f"no other host is named: {hosts}")
    check("file://" not in text, "nor a folder of packages")
    if arguments.write:
        target = ROOT / "docs" / f"first-day-{arguments.tool}.txt"
        target.write_text(text, encoding="utf-8", newline="\n")
    print(f"\nThe first day with {arguments.tool} went well: {len(day.lines)} lines.")


if __name__ == "__main__":
    main()
