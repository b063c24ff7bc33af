"""The template's files as git sees them, and the two generators, called in-process."""

import itertools
import json
import os
import re
import subprocess
from copy import deepcopy
from pathlib import Path
from typing import Any

import copier
import copier._main
import copier._template
import jinja2
import yaml
from cookiecutter.main import cookiecutter

ROOT = Path(__file__).parents[1]
SKELETON = ROOT / "{{cookiecutter.__project_slug}}"
TEMPLATES = ROOT / "templates"
HANGUL = re.compile("[가-힣]")
MARKS = ("{{", "{%", "{#")
ANSWERS_FILE = ".copier-answers.yml"

COOKIECUTTER = json.loads((ROOT / "cookiecutter.json").read_text(encoding="utf-8"))
COPIER = yaml.safe_load((ROOT / "copier.yml").read_text(encoding="utf-8"))
ASKED = {name: value for name, value in COOKIECUTTER.items() if not name.startswith("_")}
# What stands behind this mark is for a cookiecutter that is too old.
ASKED["project_name"] = ASKED["project_name"].split(" ##old ")[0]
# A question of yes or no is asked by a Boolean: YAML turns these words into one.
CHOICES = {
    name: value if isinstance(value, list) else ["yes", "no"]
    for name, value in ASKED.items()
    if isinstance(value, (list, bool))
}


# What of a Jinja environment decides what is compiled of a text.
JINJA_SETTINGS = ["block_start_string", "block_end_string", "variable_start_string"]
JINJA_SETTINGS += ["variable_end_string", "comment_start_string", "comment_end_string"]
JINJA_SETTINGS += ["line_statement_prefix", "line_comment_prefix", "trim_blocks", "lstrip_blocks"]
JINJA_SETTINGS += ["newline_sequence", "keep_trailing_newline", "optimized", "autoescape"]
JINJA_SETTINGS += ["undefined", "finalize", "is_async"]
COMPILE: Any = jinja2.Environment.compile
COMPILED: dict[tuple, Any] = {}


def compile_once(
    self: jinja2.Environment, source: Any, name: Any = None, filename: Any = None, **options: bool
) -> Any:
    """Compile a text for Jinja, or return what was compiled of it with the same settings.

    Half of the time of a generator goes into this, and it begins anew for each project. Jinja's own
    BytecodeCache keeps the same code, but for files alone.
    """
    if not isinstance(source, str) or options.get("raw"):
        return COMPILE(self, source, name, filename, **options)
    settings = [getattr(self, setting) for setting in JINJA_SETTINGS]
    known = [frozenset(names) for names in (self.filters, self.tests, self.extensions)]
    key = (type(self), *settings, *known, source, name, filename, *sorted(options.items()))
    if key not in COMPILED:
        COMPILED[key] = COMPILE(self, source, name, filename, **options)
    return COMPILED[key]


jinja2.Environment.compile = compile_once  # ty: ignore


READ_CONFIG = copier._template.load_template_config
CONFIGS: dict[bytes, dict[str, Any]] = {}


def read_config_once(conf_path: Path, quiet: bool = False) -> dict[str, Any]:
    """Read a copier.yml, or return what was read of the same text: that takes YAML long."""
    text = conf_path.read_bytes()
    if text not in CONFIGS:
        CONFIGS[text] = READ_CONFIG(conf_path, quiet)
    return deepcopy(CONFIGS[text])


copier._template.load_template_config = read_config_once  # ty: ignore


def sync_nothing(self: copier._main.Worker, dst_relpath: Path, src_mode: int) -> None:
    """Leave git's index as it is, where the disk keeps who may run a file.

    Copier would start git for each file, only to learn that there is nothing to do: half of the
    time of a project.
    """


if os.name != "nt":
    copier._main.Worker._sync_git_index_executable_bit = sync_nothing


def left_out(answers: dict[str, str]) -> list[str]:
    """Return the files and folders of the skeleton that a project with these answers lacks."""
    names = []
    for condition, paths in COOKIECUTTER["_left_out"].items():
        question, answer = condition.split("=")
        if answers[question] == answer:
            names += paths
    return names


def as_templates_see(answers: dict[str, str]) -> dict[str, str | bool]:
    """Return the answers as both generators hand them to a file: yes and no as truth values."""
    words = {"yes": True, "no": False}
    return {name: words.get(answer, answer) for name, answer in answers.items()}


def git(*arguments: str, cwd: Path, stdin: str | None = None) -> list[str]:
    """Run git and return the paths it prints (NUL-separated, so any name will do)."""
    command = ["git", "-c", "user.name=Nobody", "-c", "user.email=nobody@example.com", *arguments]
    result = subprocess.run(
        command,
        cwd=cwd,
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=300,
    )
    return [path for path in result.stdout.split("\0") if path]


def source_files() -> list[Path]:
    """Return what a commit of the template would hold."""
    names = git("ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT)
    # A file that was deleted but not yet committed is still listed.
    return sorted(ROOT / name for name in set(names) if (ROOT / name).is_file())


def every_pair(choices: dict[str, list[str]]) -> list[dict[str, str]]:
    """Return a few sets of answers in which any two choices of any two questions meet."""

    def pairs(answers: dict[str, str]) -> set:
        return set(itertools.combinations(answers.items(), 2))

    combinations = [
        dict(zip(choices, values, strict=True)) for values in itertools.product(*choices.values())
    ]
    missing = set().union(*map(pairs, combinations))
    chosen = []
    while missing:
        best = max(combinations, key=lambda answers: len(pairs(answers) & missing))
        chosen.append(best)
        missing -= pairs(best)
    return chosen


def with_cookiecutter(template: Path, folder: Path, **answers: Any) -> Path:
    """Make a project in a new folder below `folder` and return its path."""
    folder.mkdir(parents=True)
    config = folder.with_name(folder.name + "-config.yml")
    config.write_text(
        json.dumps({key: str(folder) + "-" + key for key in ("replay_dir", "cookiecutters_dir")}),
        encoding="utf-8",
    )
    if isinstance(answers.get("project_name"), str):
        # What comes from the command line is rendered; as a string it arrives as if it were typed.
        name = json.dumps(answers["project_name"], ensure_ascii=False)
        answers["project_name"] = "{{ " + name + " }}"
    path = cookiecutter(
        str(template),
        no_input=True,
        extra_context=answers,
        output_dir=str(folder),
        config_file=str(config),
    )
    return Path(path)


def with_copier(template: Path, folder: Path, release: str | None = None, **answers: Any) -> Path:
    """Make a project in `folder` itself and return its path; a release is a tag in git."""
    options: dict[str, Any] = {"defaults": True, "quiet": True, "vcs_ref": release}
    copier.run_copy(str(template), folder, data=answers, **options)
    return folder


def tree(project: Path) -> dict[str, bytes]:
    """Return every file's content but that of the answers file, which names its maker."""
    files = {
        path.relative_to(project).as_posix(): path.read_bytes()
        for path in project.rglob("*")
        if path.is_file() and project / ".git" not in path.parents and path.suffix != ".pyc"
    }
    files[ANSWERS_FILE] = b""
    return files


def read_answers(project: Path) -> dict[str, str]:
    """Return the answers a project was made with, without where its template is."""
    answers = yaml.safe_load((project / ANSWERS_FILE).read_text(encoding="utf-8"))
    words = {True: "yes", False: "no"}
    return {
        name: words[value] if isinstance(value, bool) else value
        for name, value in answers.items()
        if not name.startswith("_")
    }
