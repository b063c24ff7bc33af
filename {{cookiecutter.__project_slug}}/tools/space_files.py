"""A run's best model as a folder that is a Hugging Face Space."""

import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from string import Template
from typing import Any

import torch
from safetensors.torch import load_file

from config import Config
from data import Info, load_data, read_inputs
from engine.checkpoint import LoadedModel, load_model, load_same_data
from engine.settings import UserError
from engine.terminal import in_one_line
from model import build_model
from tools.card_text import card_text, without_front_matter
from tools.form_fields import describe_form
from tools.fresh_folder import written_whole
from tools.needed_files import needed_files, packages_of, pin
from tools.packed_model import ABOUT, pack
from tools.run_files import read_run
from tools.space_trial import SAID, answer_each
from tools.titles import describe_scores, project_title

PROJECT = Path(__file__).parents[1]
APP = Path(__file__).with_name("space_app.py")  # becomes app.py
TRIAL = Path(__file__).with_name("space_trial.py")  # asks the page that was written
README = Path(__file__).with_name("space.md")  # what stands below the first lines of README.md
# Where the build of PyTorch for the CPU is: a Space has no GPU, unless one is rented.
CPU_BUILDS = "--extra-index-url https://download.pytorch.org/whl/cpu"
LICENCES = {"MIT License": "mit", "Apache License": "apache-2.0"}  # as Hugging Face names them
LONGEST_DESCRIPTION = 60  # characters that Hugging Face takes
# A folder of somebody's own, in the ways of Linux, macOS and Windows.
HOME = re.compile(r"(?<![\w.])(?:/home/|/Users/|[A-Za-z]:[\\/]+Users[\\/]+)\w[^\s\"'`]*")


def write_space(folder: Path, data: str | None = None) -> Path:
    """Write space/ into a run's folder, whole or not at all, and return its path.

    Args:
        folder: The run's.
        data: Where the run's data are now; None where they have not moved.

    Raises:
        UserError: The page does not answer there as it does here, or would show something private.
    """
    loaded = load_model(folder, torch.device("cpu"), Config, Info, build_model, data)
    if data is not None:
        load_same_data(load_data, loaded, folder)  # refuses others
    run = read_run(folder)
    scores = describe_scores(run)
    heading = "\n\n".join(filter(None, [project_title(), scores]))
    target = folder / "space"
    with written_whole(target) as new:
        files = copy_program(new)
        examples = copy_examples(folder, new)
        pack(new, loaded, heading, describe_form(folder, loaded))
        print("starting its page")
        modules = try_page(new, loaded, examples)
        packages = packages_of(files, PROJECT, modules)
        lines = [f"# Python {python_version()}", CPU_BUILDS, *pin(packages)]
        (new / "requirements.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        text = readme(loaded, card_text(folder), describe_scores(run, most=1))
        (new / "README.md").write_text(text, encoding="utf-8")
        refuse_private(new, loaded)
        size = sum(path.stat().st_size for path in new.rglob("*") if path.is_file())
    asked = f"the same answers to {len(examples)} files of examples" if examples else "no examples"
    print(f"its page was asked: {asked}")
    print(f"written to {target}: {size / 1e6:.1f} MB; look at what examples/ shows of your data")
    print(f'next: python "{target / "app.py"}", or --push YOU/NAME for all to see')
    return target


def copy_program(new: Path) -> list[Path]:
    """Copy what the page consists of; return the files of the project that were copied."""
    files = needed_files(APP, PROJECT)
    for path in files:
        copy = new / "app.py" if path == APP else new / path.relative_to(PROJECT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    if (PROJECT / "LICENSE").exists():
        shutil.copyfile(PROJECT / "LICENSE", new / "LICENSE")
    return files


def copy_examples(folder: Path, new: Path) -> list[Path]:
    """Copy the examples that eval.py has left in a run's folder; return the copies."""
    copies = []
    for path in sorted(folder.glob("examples/*")):
        copy = new / "examples" / path.name
        copy.parent.mkdir(exist_ok=True)
        shutil.copyfile(path, copy)
        copies.append(copy)
    return copies


def try_page(new: Path, loaded: LoadedModel, examples: list[Path]) -> list[str]:
    """Start the page in its folder, without the project, and ask it the examples.

    Args:
        new: The folder.
        loaded: The model that was put into it.
        examples: Files that predict.py can read.

    Returns:
        The names of all modules that the page has loaded.

    Raises:
        UserError: It fails, or answers otherwise than the project does.
    """
    scratch = new.parent
    script = scratch / TRIAL.name
    shutil.copyfile(TRIAL, script)
    trial = subprocess.run(
        [sys.executable, script.resolve(), *[path.resolve() for path in examples]],
        cwd=new,
        env=os.environ | {"PYTHONPATH": str(new.resolve()), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if trial.returncode != 0:
        lines = trial.stderr.strip().splitlines() or ["it says nothing"]
        reason = in_one_line(lines[-1].removeprefix("error: "))
        raise UserError(
            f"the page fails where the project is not beside it, so no Space was written: {reason}"
        )
    answers = {}
    if examples:
        answers = load_file(scratch / f"{SAID}.safetensors")
        inputs = read_inputs(tuple(str(path) for path in examples), loaded.info)
        for name, expected in answer_each(loaded.model, inputs).items():
            if not torch.allclose(answers[name], expected, rtol=1e-4, atol=1e-5):
                raise UserError(
                    f"the page answers otherwise than predict.py to example {name}, so no Space "
                    "was written: does data.py or model.py read a file of the project?"
                )
    return json.loads((scratch / f"{SAID}.json").read_text(encoding="utf-8"))


def python_version() -> str:
    """Return the version of Python, as a Space is told it."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def readme(loaded: LoadedModel[Config, Info], card: str, short: str) -> str:
    """Return README.md: the lines that configure the Space, and what a visitor reads.

    The keys are those of huggingface.co/docs/hub/spaces-config-reference.

    Args:
        loaded: The model.
        card: The model card of the run.
        short: One line, which stands below the title in lists of Spaces.
    """
    settings: dict[str, Any] = {
        "title": project_title().removeprefix("# "),
        "emoji": "🔥",
        "colorFrom": "red",
        "colorTo": "yellow",
        "sdk": "gradio",
        "sdk_version": version("gradio"),
        "python_version": python_version(),
        "app_file": "app.py",
        "pinned": False,
        "short_description": short if len(short) <= LONGEST_DESCRIPTION else "",
        "license": licence(),
        "models": models(loaded.config),
        "tags": ["pytorch"],
    }
    lines = []
    for key, value in settings.items():
        if value not in ("", []):
            lines.append(f"{key}: {json.dumps(value, ensure_ascii=False)}")  # JSON is YAML, too
    # The last part of the card says how to load the model where the run is.
    about, _, _ = without_front_matter(card).rpartition("\n## ")
    text = Template(README.read_text(encoding="utf-8")).substitute(card=about.strip())
    return "\n".join(["---", *lines, "---", "", text])


def licence() -> str:
    """Return the project's licence, as Hugging Face names it; '' where it has another or none."""
    path = PROJECT / "LICENSE"
    first = ""
    if path.exists():
        first = path.read_text(encoding="utf-8").strip().partition("\n")[0].strip()
    return LICENCES.get(first, "")


def models(config: Config) -> list[str]:
    """Return the model on Hugging Face that training began with, where there was one."""
    name = getattr(config, "backbone", None) or getattr(config, "base", None) or ""
    is_there = re.fullmatch(r"[\w.-]+/[\w.-]+", name) is not None and not Path(name).exists()
    return [name] if is_there else []


def refuse_private(new: Path, loaded: LoadedModel[Config, Info]) -> None:
    """Refuse a folder in whose texts a path of this machine stands.

    Args:
        new: The folder.
        loaded: The run may name where its data are.
    """
    own = {str(PROJECT), str(Path.cwd())}
    with suppress(RuntimeError):  # not every user has a home
        own.add(str(Path.home()))
    own |= {str(getattr(loaded.config, name, None)) for name in loaded.config.PATHS}
    own = {path for path in own if Path(path).is_absolute() and len(Path(path).parts) > 2}
    for path in sorted(new.rglob("*")):
        if path.suffix not in (".py", ".json", ".md", ".txt", ".csv"):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            found = [name for name in own if name in line] + HOME.findall(line)
            if found:
                place = path.relative_to(new).as_posix()
                where = "a setting or data.py's Info" if place == ABOUT else f"line {number}"
                raise UserError(
                    f"{place} would show everybody a path of this machine, {found[0]} ({where}): "
                    "write it without, and run this again; no Space was written"
                )
