"""Try the template with old and new releases of the tools: `nox -s generators` runs it.

python tests/old_tools.py FOLDER: makes an environment for each release in FOLDER, and prints what
each does; with --write it also writes docs/results/generators.json.
"""

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

from generators import ANSWERS_FILE, ROOT, git
from releases import commit, copy_template

sys.path.insert(0, str(ROOT / "docs"))
from versions import commit as commit_of_projects

RELEASES = {
    "cookiecutter": ["1.7.3", "2.1.1", "2.2.3", "2.3.1", "2.4.0", "2.5.0", "2.6.0", "2.7.1"],
    "copier": ["9.14.3", "9.15.0", "9.19.1"],
}
TOO_OLD = {"1.7.3", "2.1.1", "2.2.3", "2.3.1", "2.4.0", "2.5.0", "9.14.3"}
DEFAULTS = {
    "as it is": "",
    "lessons: no, as YAML reads it": "lessons: no\n",
    "license: BSD-3-Clause, in a file": "license: BSD-3-Clause\ntask: text\n",
    "language: no, as YAML reads it": "language: no\n",
}
TYPED = {"taks=text": ["taks=text"], "task=video": ["task=video"]}


def environment(folder: Path, tool: str, version: str) -> Path:
    """Return the command of a release, in an environment of its own."""
    place = folder / f"{tool}-{version}"
    command = place / ("Scripts" if os.name == "nt" else "bin") / tool
    if not command.exists() and not command.with_suffix(".exe").exists():
        subprocess.run(["uv", "venv", "--quiet", "--clear", place], check=True, timeout=120)
        # Of its dependencies the releases of today: old ones may be needed one day.
        install = ["uv", "pip", "install", "--quiet", "--python", place, f"{tool}=={version}"]
        free = {name: text for name, text in os.environ.items() if "CONSTRAINT" not in name}
        subprocess.run([*install, "setuptools<81"], check=True, timeout=300, env=free)
    return command


def ask(command: Path, template: Path, folder: Path, defaults: str, typed: list[str]) -> str:
    """Return what a tool makes of an answer: "made", "one line: ..." or what else."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    settings = folder / "settings.yml"
    made = folder / "made"
    if command.stem == "cookiecutter":
        made.mkdir()
        lines = "".join(f"  {line}\n" for line in defaults.splitlines())
        own = f"replay_dir: {folder / 'replay'}\n"
        settings.write_text(own + (f"default_context:\n{lines}" if lines else ""), encoding="utf-8")
        options = ["--no-input", "--config-file", settings, "-o", made, template, *typed]
    else:
        settings.write_text(defaults or "{}", encoding="utf-8")
        given = [word for one in typed for word in ("--data", one)]
        options = ["copy", "--quiet", "--defaults", "--vcs-ref", "HEAD", *given]
        options += ["--data-file", str(settings), str(template), str(made)]
    result = subprocess.run(
        [command, *options], cwd=folder, capture_output=True, encoding="utf-8", errors="replace",
        timeout=120, env={**os.environ, "PYTHONWARNINGS": "ignore", "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    if result.returncode == 0:
        (answers,) = made.rglob(ANSWERS_FILE)
        text = answers.read_text(encoding="utf-8")
        return "made without lessons" if "lessons: false" in text else "made"
    left = [path for path in made.rglob("*") if path.is_file()] if made.exists() else []
    lines = result.stderr.strip().splitlines()
    how = "one line" if len(lines) == 1 else "a traceback, its last line"
    if "Traceback" in result.stdout:
        how += " (and the tool's own traceback on stdout)"
    return f"{how}: {lines[-1]}" + (f"; {len(left)} files left" if left else "")


def main(folder: Path, write: bool) -> None:
    """Try everything; the exit code is 1 where a tool that is supported makes no project."""
    template = copy_template(folder / "template")
    git("init", "--quiet", cwd=template)
    commit(template, "as it is")
    results: dict[str, dict[str, str]] = {}
    broken = []
    for tool, versions in RELEASES.items():
        for version in versions:
            command = environment(folder, tool, version)
            rows = results[f"{tool} {version}"] = {}
            for name, defaults in DEFAULTS.items():
                rows[name] = ask(command, template, folder / "try", defaults, [])
            for name, typed in TYPED.items():
                rows[name] = ask(command, template, folder / "try", "", typed)
            for name, said in rows.items():
                rows[name] = said.replace(str(folder / "try"), "FOLDER")
                print(f"{tool} {version:8}{name:36}{rows[name]}")
            old = version in TOO_OLD
            first = rows["as it is"]
            if not (first.startswith("one line") if old else first == "made"):
                broken.append(f"{tool} {version}: {first}")
            if "files left" in str(rows):
                broken.append(f"{tool} {version} left files behind")
    if write:
        target = ROOT / "docs" / "results" / "generators.json"
        head = {"date": date.today().isoformat(), "commit": commit_of_projects()}
        text = json.dumps({**head, "releases": results}, indent=2, ensure_ascii=False) + "\n"
        target.write_text(text, encoding="utf-8", newline="\n")
    if broken:
        sys.exit("\n".join(broken))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("name a folder for the environments: python tests/old_tools.py build/generators")
    place = Path(sys.argv[1]).resolve()
    shutil.rmtree(place / "template", ignore_errors=True)
    main(place, "--write" in sys.argv)
