"""What is printed: foreign text cannot command the terminal.

A label, the name of a file or a cell may hold characters that a terminal obeys: ESC begins a
command that moves the cursor, hides text or renames the window, and U+202E turns the reading
direction round. All output of a command goes through here, so that no place can forget it. Such a
character is shown as Python writes it: \\x1b.
"""

import io
import re
import sys
from typing import Any, TextIO, cast

# The control characters of ASCII and of Latin 1, without the tab and the new line; what begins a
# new line in Unicode; and what turns the reading direction (unicode.org/reports/tr9).
COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def harmless(text: str) -> str:
    """Return a text in which control characters are spelled out. Tabs and new lines stay."""
    return COMMANDS.sub(spelled, text)


def in_one_line(text: str) -> str:
    """Return a text as it stands in a line of its own: its tabs and new lines are spelled out."""
    return harmless(text).replace("\n", "\\n").replace("\t", "\\t")


def spelled(character: re.Match[str]) -> str:
    """Return how Python writes a control character."""
    return character.group().encode("unicode_escape").decode("ascii")


class HarmlessStream:
    """A stream to a terminal or a file, which spells control characters out.

    Args:
        stream: Where the text goes.
        with_bars: Whether tqdm draws there: each bar begins with a return to the left.
    """

    def __init__(self, stream: TextIO, with_bars: bool) -> None:
        self.stream = stream
        self.with_bars = with_bars

    def write(self, text: str) -> int:
        """Write a text, without its commands for a terminal."""
        begin = ""
        if self.with_bars and text.startswith("\r"):
            begin = "\r"
        self.stream.write(begin + harmless(text[len(begin) :]))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def spell_out_control_characters() -> None:
    """Let all that is printed from now on pass through `harmless`: answers, notes and errors."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # it is none in a notebook, or the second time
        sys.stdout = cast(TextIO, HarmlessStream(sys.stdout, with_bars=False))
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr = cast(TextIO, HarmlessStream(sys.stderr, with_bars=True))
