"""What the study guide remembers from one `python -m lessons` to the next."""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from engine.errors import WriteError
from engine.whole_files import write_text_whole

FILE = Path(__file__).resolve().parents[1] / "runs" / "lessons" / "progress.json"


@dataclass
class Progress:
    """How far a student was the last time, by the names of exercises."""

    solved: list[str] = field(default_factory=list)
    finished: list[str] = field(default_factory=list)  # lessons
    skipped: list[str] = field(default_factory=list)  # left out for now
    hints: dict[str, int] = field(default_factory=dict)  # how many steps were shown


def read_progress() -> Progress:
    """Return what was remembered. A file that is not there or spoilt is as good as none."""
    try:
        kept = json.loads(FILE.read_text(encoding="utf-8"))
        progress = Progress(
            solved=[str(name) for name in kept["solved"]],
            finished=[str(name) for name in kept["finished"]],
            skipped=[str(name) for name in kept["skipped"]],
            hints={str(name): int(count) for name, count in kept["hints"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Progress()
    return progress


def keep(progress: Progress) -> None:
    """Remember how far a student is. Where nothing can be written, nothing is remembered."""
    text = json.dumps(asdict(progress), indent=2, ensure_ascii=False) + "\n"
    with suppress(OSError, WriteError):
        FILE.parent.mkdir(parents=True, exist_ok=True)
        write_text_whole(FILE, text)
