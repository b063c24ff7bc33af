"""Foreign text is shown in a terminal, and cannot command it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.terminal import harmless, in_one_line

PROJECT = Path(__file__).parents[2]
COMMANDS = ["\x1b[2J", "\x07", "\rgood", "\x08", "\x7f", "\x9b31m", "\u202e", "\u2066", "\u2028"]
# What a command prints, through the same door as all of them.
SCRIPT = """
import sys
from engine.settings import UserError, run_command

def main(label: str = "") -> None:
    label = bytes.fromhex(label).decode()
    print("a class:", label)
    sys.stdout.write(label)
    print("note:", label, file=sys.stderr)
    sys.stderr.write("\\r 50%|#####     |")
    raise UserError(f"no class {label} here")

run_command(main)
"""


@pytest.mark.parametrize("command", COMMANDS, ids=ascii)
def test_what_commands_a_terminal_is_spelled_out(command):
    shown = harmless(f"a{command}b")
    assert shown.isprintable()
    assert shown == f"a{command}b".encode("unicode_escape").decode()


@pytest.mark.parametrize("text", ["two\nlines\tand a tab", "한국어 Ünï 🇰🇷 👩‍👩‍👧", "C:\\x1b", ""])
def test_all_other_text_stays(text):
    assert harmless(text) == text


def test_in_a_line_of_its_own_a_text_cannot_begin_another_one():
    assert in_one_line("cat\nerror: none\r\n") == "cat\\nerror: none\\r\\n"


def test_no_command_for_the_terminal_leaves_a_program(tmp_path):
    label = "".join(COMMANDS)
    (tmp_path / "show.py").write_text(SCRIPT, encoding="utf-8")
    answer = subprocess.run(
        [sys.executable, "-X", "utf8", "show.py", "--label", label.encode().hex()],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
        capture_output=True,
        check=False,
        timeout=60,
    )
    spelled = label.encode("unicode_escape")
    end = os.linesep.encode()
    assert answer.stdout == b"a class: " + spelled + end + spelled
    bar = b"\r 50%|#####     |"  # it is drawn over the one before it
    said = b"note: " + spelled + end + bar + b"error: no class " + spelled + b" here" + end
    assert answer.stderr == said
    assert answer.returncode == 2


def test_help_may_have_colours():
    """They come from tyro, and no foreign text is in them."""
    from engine.settings import parse

    stream = sys.stdout
    with pytest.raises(SystemExit):
        parse(lambda: None, args=["--help"])
    assert sys.stdout is stream
