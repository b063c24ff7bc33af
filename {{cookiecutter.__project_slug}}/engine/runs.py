"""Which run a command means, and what a run's folder says of it.

A run has an identity, which is written when it begins: in config.json and in each checkpoint. So
the newest run is the one that says so. The times of files are those of the last copy of a folder.
"""

import json
import uuid
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from engine.errors import UserError
from engine.names import as_on_disk
from engine.whole_files import read_text, write_text_whole

RUNS = Path("runs")
CONFIG = "config.json"
CHECKPOINTS = ("last.pt", "last.prev.pt", "best.pt", "best.prev.pt")
IDENTITY = "run"  # the key in config.json and in a checkpoint


@dataclass(frozen=True)
class RunIdentity:
    """What tells a run from all others."""

    id: str = ""  # random; a copy of the folder has the same
    began: str = ""  # the time in UTC, later than that of each run that was beside it then
    name: str = ""  # of its folder; a copy has another one

    @classmethod
    def begin(cls, folder: Path) -> "RunIdentity":
        """Return the identity of a run that begins now.

        Args:
            folder: Where it will be. The runs in the same folder as this one count as earlier,
                also where the clock was set back in between.
        """
        now = datetime.now(timezone.utc)
        for other in run_folders(folder.parent):
            began = identity_of(parse_config_file(other / CONFIG)).began
            if began >= timestamp(now):
                now = datetime.fromisoformat(began) + timedelta(microseconds=1)
        return cls(uuid.uuid4().hex, timestamp(now), folder.name)


def timestamp(time: datetime) -> str:
    """Return a time as a text; of two such texts, the later time is the greater text."""
    return time.isoformat(timespec="microseconds")


def identity_of(content: dict[str, Any] | None) -> RunIdentity:
    """Return the identity that config.json or a checkpoint holds; an empty one where it has none.

    Args:
        content: Of config.json, or a checkpoint; None for a damaged one.
    """
    saved = (content or {}).get(IDENTITY)
    if not isinstance(saved, dict):
        return RunIdentity()
    texts = {}
    for name in ("id", "began", "name"):
        texts[name] = str(saved.get(name, ""))
    try:
        datetime.fromisoformat(texts["began"])
    except ValueError:  # somebody has changed it
        texts["began"] = ""
    return RunIdentity(**texts)


def find_run(run_dir: str | None) -> Path:
    """Return the folder of a run.

    Args:
        run_dir: The folder that was named; None for the run in runs/ that began last.

    Raises:
        UserError: There is no run.
    """
    if run_dir is not None:
        folder = as_on_disk(run_dir)
        if not holds_run(folder):
            raise UserError(f"there is no run in {folder}: `python train.py` makes one")
        read_config(folder)  # restores one that was lost
        return folder
    folders = run_folders(RUNS)
    if not folders:
        raise UserError(f"there is no run in {RUNS}: `python train.py` makes one")
    return max(folders, key=age)


def age(folder: Path) -> tuple[str, bool, float, str]:
    """Return what is greater, the later a run began. A copy comes before its original."""
    identity = RunIdentity()
    with suppress(UserError):  # one that cannot be read comes before all others
        identity = identity_of(read_config(folder))
    is_original = identity.name == folder.name
    # A run of an earlier version of the project does not say when it began.
    written = 0.0
    if not identity.began:
        with suppress(OSError):
            written = (folder / CONFIG).lstat().st_mtime
    return identity.began, is_original, written, folder.name


def run_folders(parent: Path) -> list[Path]:
    """Return the folders of the runs in a folder, in the order of their names."""
    if not parent.is_dir():
        return []
    return [folder for folder in sorted(parent.iterdir()) if holds_run(folder)]


def holds_run(folder: Path) -> bool:
    """Return whether a run is in a folder: its settings, or a checkpoint that has them, too."""
    if not folder.is_dir():
        return False
    if any((folder / name).is_file() for name in CHECKPOINTS):
        return True
    return parse_config_file(folder / CONFIG) is not None


def parse_config_file(path: Path) -> dict[str, Any] | None:
    """Return what config.json holds; None where it is not there, or damaged."""
    try:
        content = json.loads(read_text(path))
    except (OSError, ValueError, RecursionError, UserError):
        return None
    return content if isinstance(content, dict) else None


def read_config(folder: Path) -> dict[str, Any]:
    """Return what config.json of a run holds: its settings and its identity.

    One that is lost or damaged is restored from a checkpoint.

    Raises:
        UserError: No checkpoint can be read, either.
    """
    path = folder / CONFIG
    content = parse_config_file(path)
    if content is not None:
        return content
    from engine.checkpoint_file import read_checkpoint  # loads PyTorch, which takes a second

    reason = f"there is no run in {folder}: `python train.py` makes one"
    for name in CHECKPOINTS:
        if not (folder / name).exists():
            continue
        try:
            checkpoint = read_checkpoint(folder / name)
            content = {**checkpoint["config"], IDENTITY: checkpoint[IDENTITY]}
        except (UserError, KeyError, TypeError) as error:
            reason = f"{path} is lost or damaged, and {folder / name} is no help: {error}"
            continue
        write_config(folder, content)
        print(f"note: {path} was lost or damaged: it is restored from {name}")
        return content
    raise UserError(reason)


def write_config(folder: Path, content: dict[str, Any]) -> None:
    """Write config.json of a run, whole or not at all."""
    write_text_whole(folder / CONFIG, json.dumps(content, indent=2) + "\n")


def make_newest(folder: Path) -> None:
    """Let a run count as the one that began last."""
    content = read_config(folder)
    identity = identity_of(content)
    began = RunIdentity.begin(folder).began
    write_config(folder, config_with(content, replace(identity, began=began)))


def config_with(settings: dict[str, Any], identity: RunIdentity) -> dict[str, Any]:
    """Return the content of config.json.

    Args:
        settings: By their names.
        identity: Of the run.
    """
    return {**settings, IDENTITY: asdict(identity)}
