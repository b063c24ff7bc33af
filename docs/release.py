"""Check a release, build its sample project, tag it.  nox -s release -- 0.2.0

Nothing is pushed: what to type for that is said at the end.
"""

import json
import re
import subprocess
import sys
from pathlib import Path, PurePosixPath
from typing import NoReturn

from cookiecutter.main import cookiecutter
from cookiecutter.utils import rmtree

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "build" / "release"
(SKELETON,) = (f"{path.name}/" for path in ROOT.glob("*__project_slug*/"))


def refuse(reason: str) -> NoReturn:
    """End with one line: nothing was done."""
    print(f"no release: {reason}", file=sys.stderr)
    sys.exit(2)


def git(*arguments: str) -> str:
    """Run git in the repository and return what it says."""
    command = ["git", *arguments]
    return subprocess.run(
        command, cwd=ROOT, check=True, stdout=subprocess.PIPE, encoding="utf-8"
    ).stdout.strip()


def numbers(version: str) -> list[int]:
    """Return the three numbers of a version, to compare it."""
    return [int(number) for number in version.removeprefix("v").split(".")]


def project_files(commit: str) -> dict[str, set[str]]:
    """Return the files of a project, and with which answers it lacks each, as of a commit."""
    names = git("ls-tree", "-r", "-z", "--name-only", commit, "--", SKELETON).split("\0")
    files = {name.removeprefix(SKELETON): set() for name in names if name}
    questions = json.loads(git("show", f"{commit}:cookiecutter.json"))
    for condition, places in questions["_left_out"].items():
        for name in files:
            if any(name == place or name.startswith(f"{place}/") for place in places):
                files[name].add(condition)
    return files


def taken_away(tag: str, changes: str) -> list[str]:
    """Return the files that some project had with a tag, lacks now, and that no change names.

    Args:
        tag: Of the release before.
        changes: What the changelog says of this one.
    """
    before, now = project_files(tag), project_files("HEAD")
    gone = [name for name in before if name not in now or now[name] - before[name]]
    folders = {f"{parent.as_posix()}/" for name in now for parent in PurePosixPath(name).parents}
    parts = re.split(r"(?m)^### ", changes)
    said = [part for part in parts if part.startswith(("Moved", "Removed"))]
    named = set(re.findall(r"`([^`\n]+)`", "\n".join(said)))
    named -= folders  # a folder stands for its files if it is gone
    unnamed = []
    for name in gone:
        parents = {f"{parent.as_posix()}/" for parent in PurePosixPath(name).parents}
        if not named & {name, *parents}:
            unnamed.append(name)
    return unnamed


def check(version: str) -> str:
    """Return what the changelog says of a version that can be released, and refuse any other."""
    if not re.fullmatch(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}", version):
        refuse(f"{version!r} is not of the form 0.2.0")
    if git("status", "--porcelain"):
        refuse("files are changed or new: commit them first")
    tags = [tag for tag in git("tag").splitlines() if re.fullmatch(r"v\d+\.\d+\.\d+", tag)]
    newest = max(tags, key=numbers, default="")
    if newest and numbers(version) <= numbers(newest):
        refuse(f"{version} is not newer than the newest tag, {newest}")
    _, *sections = re.split(r"(?m)^## ", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    parts = dict(section.split("\n", 1) for section in sections)
    if parts.pop("[Unreleased]", "").strip():
        refuse(f"CHANGELOG.md has changes under [Unreleased]: move them under [{version}]")
    title, text = next(iter(parts.items()), ("", ""))
    if not re.fullmatch(rf"\[{re.escape(version)}\] - \d\d\d\d-\d\d-\d\d", title):
        refuse(f"the first entry of CHANGELOG.md is not `## [{version}] - YEAR-MONTH-DAY`")
    if not re.search(r"(?m)^- ", text):
        refuse(f"CHANGELOG.md says nothing about {version}")
    if newest and (unnamed := taken_away(newest, text)):
        refuse(
            f"{newest} had {', '.join(unnamed)}: say in CHANGELOG.md under `### Moved` or "
            "`### Removed` where it went, for an update takes it away from those who changed it"
        )
    said = json.loads((ROOT / "cookiecutter.json").read_text(encoding="utf-8"))["__version"]
    if said != f"v{version}":
        refuse(f'cookiecutter.json has "__version": "{said}": write "v{version}"')
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    date = title.split(" - ")[1]
    for line in (f"version: {version}", f'date-released: "{date}"'):
        if line not in citation.splitlines():
            refuse(f"CITATION.cff has no line `{line}`: write it")
    return text.strip()


def main() -> None:
    """Do it in this order: check, build, tag."""
    if len(sys.argv) != 2:
        refuse("name one version: nox -s release -- 0.2.0")
    version = sys.argv[1]
    changes = check(version)
    if SAMPLE.exists():
        rmtree(SAMPLE)
    sample = cookiecutter(str(ROOT), no_input=True, default_config=True, output_dir=str(SAMPLE))
    # As they are: git would take the changelog's headings for comments.
    message = f"torch-starter {version}\n\n{changes}\n"
    git("tag", "--annotate", "--cleanup=verbatim", "--message", message, f"v{version}")
    print(f"""Tagged v{version}. Nothing is pushed yet. To publish it:

    git push origin HEAD v{version}

The sample project, for the GitHub template repository, is in
{sample}
How it gets there: docs/releases.md, "The sample project".
""")


if __name__ == "__main__":
    main()
