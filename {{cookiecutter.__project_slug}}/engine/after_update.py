"""What an update took away of your own changes, and how to get it back.

    python -m engine.after_update
    python -m engine.after_update --bring-back

`copier update` keeps what you changed, but for two kinds of files: those that the new release, or
an answer that you changed, does not have any more, and those that are no text in UTF-8, which
copier cannot merge. What you wrote there is in the commit before the update. This compares that
commit with the release it came from, made once more by copier, so it names what you changed, and
no more.
"""

import argparse
import subprocess
import sys
from dataclasses import dataclass
from difflib import SequenceMatcher
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

from engine.errors import UserError
from engine.program import end_with_error, line_of

PROJECT = Path(__file__).resolve().parents[1]
ANSWERS = ".copier-answers.yml"
ALIKE = 0.5  # of two files, the share of equal lines from which one is the other, moved


def run(*command: str | Path, most: int = 0) -> bytes:
    """Return what a command prints.

    Args:
        command: The command, which is run in the folder of the project.
        most: The highest exit code that is no error.

    Raises:
        UserError: It is not there, or it fails.
    """
    try:
        done = subprocess.run(command, cwd=PROJECT, capture_output=True, stdin=subprocess.DEVNULL)
    except FileNotFoundError as error:
        raise UserError(f"{command[0]} is not installed") from error
    if not 0 <= done.returncode <= most:
        *_, last = ["it failed", *done.stderr.decode(errors="replace").strip().splitlines()]
        name = "copier" if "recopy" in command else "git"
        raise UserError(f"{name}: {last}")
    return done.stdout


def git(*arguments: str) -> list[str]:
    """Return what git prints, where it prints a NUL between names, so that any name will do."""
    printed = run("git", *arguments).decode("utf-8", errors="surrogateescape")
    return [part for part in printed.split("\0") if part.strip()]


def find_update() -> tuple[str, list[str]] | None:
    """Return the commit before the last update, and that of the update itself if there is one.

    Raises:
        UserError: Nothing is committed here.
    """
    if not run("git", "rev-parse", "--verify", "--quiet", "HEAD", most=128):
        raise UserError("git: nothing is committed here, and copier updates only what is")
    if git("diff", "--name-only", "-z", "HEAD", "--", ANSWERS):
        return "HEAD", []
    # A line of the release or of an answer, which only an update changes.
    search = ["-z", "-1", "--format=%H", "-G", "^(_commit|[a-z])", "--", ANSWERS]
    for commit in git("log", *search):
        _, *parents = git("rev-list", "--parents", "-1", commit)[0].split()
        if parents and git("ls-tree", "-z", parents[0], "--", ANSWERS):
            return parents[0], [commit]
    return None


def make_release(answers: bytes, folder: Path) -> Path:
    """Let copier make the project that a file of answers tells of.

    Args:
        answers: The contents of .copier-answers.yml.
        folder: The new project's.
    """
    folder.mkdir()
    (folder / ANSWERS).write_bytes(answers)
    options = ["--vcs-ref=:current:", "--defaults", "--overwrite", "--quiet"]
    run(*find_copier(), "recopy", *options, folder)
    return folder


def find_copier() -> list[str]:
    """Return how copier is started here.

    Raises:
        UserError: It is not installed.
    """
    if find_spec("copier"):
        return [sys.executable, "-m", "copier"]
    for command in (["copier"], ["uvx", "copier"], ["pipx", "run", "copier"]):
        found = which(command[0])
        if found:
            return [found, *command[1:]]
    raise UserError("copier is not installed here: pip install copier")


def contents(path: Path) -> bytes:
    """Return what a file holds, with the line ends of Linux; nothing where it is not there."""
    return path.read_bytes().replace(b"\r\n", b"\n") if path.is_file() else b""


def committed(commit: str, name: str) -> bytes:
    """Return what a file holds in a commit, with the line ends of Linux."""
    return run("git", "show", f"{commit}:./{name}").replace(b"\r\n", b"\n")


def is_text(content: bytes) -> bool:
    """Return whether git can merge it: text in UTF-8."""
    try:
        return "\0" not in content.decode("utf-8")
    except UnicodeDecodeError:
        return False


def likeness(content: bytes, other: bytes) -> float:
    """Return how alike two texts are, from 0 to 1: the share of lines that are equal."""
    if not content:
        return 0.0  # any two empty files are alike
    return SequenceMatcher(None, content.splitlines(), other.splitlines(), autojunk=False).ratio()


def merge(yours: bytes, before: bytes, after: bytes, folder: Path) -> bytes:
    """Return a text with what you and what the release changed; where both did, with marks."""
    paths = []
    for name, content in (("yours", yours), ("before", before), ("after", after)):
        paths.append(folder / name)
        paths[-1].write_bytes(content)
    names = ["-L", "before updating", "-L", "last update", "-L", "after updating"]
    return run("git", "merge-file", "-p", *names, *paths, most=127)


@dataclass
class Lost:
    """A file with changes of yours that the update took away.

    Args:
        name: Where it was.
        commit: In which it is as you had it.
        moved: Where the release has it now, if anywhere.
        merged: What the release has there, with your changes.
    """

    name: str
    commit: str
    moved: str = ""
    merged: bytes = b""

    def __str__(self) -> str:
        """Return the line about it."""
        if self.moved:
            return f"{self.name} (it is {self.moved} now)"
        if (PROJECT / self.name).exists():
            return f"{self.name} (the update wrote over it)"
        return self.name

    def bring_back(self) -> str:
        """Bring your changes back, and return what was done."""
        if not self.moved:
            git("checkout", self.commit, "--", self.name)
            return f"{self.name}: as you had it"
        (PROJECT / self.moved).write_bytes(self.merged)
        done = f"{self.moved}: your changes are in it"
        if b"<<<<<<<" in self.merged:
            done += ", with marks where the release changed it, too"
        return done


def find_lost(before: str, after: list[str]) -> list[Lost]:
    """Return the files with changes of yours that an update took away.

    Args:
        before: The commit before the update.
        after: The commit of the update, if there is one.
    """
    compare = ["diff", "--relative", "--no-renames", "--name-status", "-z", before, *after]
    words = git(*compare, "--", ".")
    gone, written, new = [], [], []
    for status, name in zip(words[::2], words[1::2], strict=True):
        if status == "A":
            new.append(name)
        elif status == "D" and not (PROJECT / name).exists():
            gone.append(name)
        elif status == "M" and not is_text(committed(before, name)):
            if after and committed(after[0], name) != contents(PROJECT / name):
                continue  # it was changed again since
            written.append(name)
    if not gone and not written:
        return []
    if not after:
        new += git("ls-files", "--others", "--exclude-standard", "-z")

    lost = []
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        old = make_release(run("git", "show", f"{before}:./{ANSWERS}"), folder / "old")
        for name in gone:
            if (old / name).is_file() and committed(before, name) != contents(old / name):
                lost.append(follow(name, before, contents(old / name), new, folder))
        release = old
        if any(not (old / name).is_file() for name in written):  # a file that you made
            release = make_release((PROJECT / ANSWERS).read_bytes(), folder / "new")
        for name in written:
            yours, now = committed(before, name), contents(PROJECT / name)
            if (old / name).is_file():
                taken = yours not in (now, contents(old / name))
            else:
                taken = (release / name).is_file() and now == contents(release / name)
            if taken:
                lost.append(Lost(name, before))
    return [one for one in lost if not one.moved or one.merged != contents(PROJECT / one.moved)]


def follow(name: str, before: str, was: bytes, new: list[str], folder: Path) -> Lost:
    """Return what is known of a file that is gone, and where the release has it now.

    Args:
        name: The file.
        before: The commit before the update.
        was: What the release before has in it.
        new: The files that the update brought.
        folder: A place for files.
    """
    yours = committed(before, name)
    moved = max(new, key=lambda one: likeness(was, contents(PROJECT / one)), default="")
    if not moved or not is_text(yours) or likeness(was, contents(PROJECT / moved)) < ALIKE:
        return Lost(name, before)
    return Lost(name, before, moved, merge(yours, was, contents(PROJECT / moved), folder))


def main() -> int:
    """Say what was lost, or bring it back; return the exit code."""
    parser = argparse.ArgumentParser("python -m engine.after_update", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--bring-back", action="store_true", help="bring these changes back")
    chosen = parser.parse_args()
    update = find_update()
    if update is None:
        print("This project has not been updated yet.")
        return 0
    lost = find_lost(*update)
    if not lost:
        print("The update took nothing away that you had changed.")
    elif chosen.bring_back:
        for one in lost:
            print(one.bring_back())
    else:
        print("The update took these away, and you had changed them:\n")
        for one in lost:
            print(f"    {one}")
        print("\nTo have your changes again: python -m engine.after_update --bring-back")
        return 1
    return 0


if __name__ == "__main__":
    try:
        code = main()
        sys.stdout.flush()  # a full disk shows here, or else at Python's end
    except KeyboardInterrupt:
        code = 130
    except (UserError, OSError) as error:
        end_with_error(line_of(error))
    sys.exit(code)
