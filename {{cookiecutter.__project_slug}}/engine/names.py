"""Names and texts in one form of Unicode.

"가" and "é" can be written as one character or as several: a Mac writes the names of its files in
the second form (NFD), most other programs write the first (NFC). They look the same, and a program
that compares them takes them for different: unicode.org/reports/tr15
"""

import re
import unicodedata
from contextlib import suppress
from pathlib import Path, PureWindowsPath


def composed(text: str) -> str:
    """Return a text in the form NFC, in which what looks the same is the same."""
    return unicodedata.normalize("NFC", text)


def quoted(name: str) -> str:
    """Return a name as it is typed on a command line."""
    return name if re.fullmatch(r"[\w.:-]+", name) else f'"{name}"'


def as_on_disk(path: str | Path) -> Path:
    """Return a path as the disk writes it, which may be in another form than it was typed in.

    Args:
        path: Of a file or a folder. Where there is none in either form, it is returned as it is.
    """
    path = Path(path)
    if path.exists():
        return path
    found = Path(path.anchor)
    for name in path.relative_to(found).parts:
        if not (found / name).exists() and found.is_dir():
            for entry in sorted(found.iterdir()):
                if composed(entry.name) == composed(name):
                    name = entry.name
                    break
        found = found / name
    return found if found.exists() else path


def is_path(text: str) -> bool:
    """Return whether a text names a file or a folder of this machine, or of another one."""
    if text.startswith(("~", ".", "/", "\\")) or PureWindowsPath(text).is_absolute():
        return True
    with suppress(OSError):  # a text that is too long for a name
        return as_on_disk(text).exists()
    return False
