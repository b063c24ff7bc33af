"""How a program begins where streams are closed, and how it ends with one line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.program import is_out_of_memory, line_of
from engine.settings import UserError, one_line_errors

ROOT = Path(__file__).parents[2]
FULL = Path("/dev/full")
needs_full_device = pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")
# As train.py begins: what it prints, and a file that it opens.
PROGRAM = """
import sys
from pathlib import Path
from engine.settings import one_line_errors

with one_line_errors(), Path("file").open("w") as file:
    print("said")
    print("complained", file=sys.stderr)
    file.write("written")
    {more}
"""
# What is run where the script is gone.
FROM_NOWHERE = "from engine.settings import one_line_errors as e; e()(print)()"


@pytest.fixture
def program(tmp_path):
    """Return a function that runs the program in a shell, and returns how it ended."""

    def run(redirected="", more="pass"):
        script = tmp_path / "script.py"
        script.write_text(PROGRAM.format(more=more), encoding="utf-8")
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": ""}
        return subprocess.run(
            f'"{sys.executable}" script.py {redirected}',
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            shell=True,
            timeout=60,
        )

    return run


AT_THE_END = """
import atexit, os, sys
atexit.register(os.write, 2, b"what a library says at the very end")
from engine.settings import Settings, parse
sys.argv = ["train.py", "--epochs", "1", "--batch-size", "1", "--lr", "1"]
parse(Settings)
atexit.register(os.write, 2, b"what is wrong, ")
sys.modules["triton"] = sys
print("said", file=sys.stderr)
"""


def test_what_triton_says_when_all_is_over_is_not_shown_and_all_else_is(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", AT_THE_END]
    answer = subprocess.run(
        command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert answer.returncode == 0, answer.stderr
    assert answer.stderr == "said\nwhat is wrong, "


@pytest.mark.skipif(os.name == "nt", reason="Windows' shell closes no streams")
@pytest.mark.parametrize("closed", ["0<&-", "1>&-", "2>&-", "1>&- 2>&-", "0<&- 1>&- 2>&-"])
def test_where_streams_are_closed_nothing_printed_gets_into_a_file(program, tmp_path, closed):
    answer = program(closed, more='import os; os.write(2, b"a library complains")')
    assert answer.returncode == 0, answer.stderr
    assert (tmp_path / "file").read_text(encoding="utf-8") == "written"


@needs_full_device
def test_output_that_cannot_be_written_is_one_line_and_exit_code_2(program):
    answer = program("> /dev/full")
    assert answer.returncode == 2
    assert answer.stderr.splitlines()[1:] == [
        "error: the output cannot be written ([Errno 28] No space left on device); "
        "a training goes on with --resume"
    ]


def test_that_joblib_does_nothing_side_by_side_is_nothing_to_complain_of(program):
    words = "[Errno 27] File too large.  joblib will operate in serial mode"
    assert program(more=f"import warnings; warnings.warn({words!r})").stderr == "complained\n"


@needs_full_device
@pytest.mark.parametrize("full", ["2> /dev/full", "> /dev/full 2>&1"])
def test_where_the_error_cannot_be_written_either_the_exit_code_tells(program, full):
    assert program(full, more='raise OSError("a full disk")').returncode == 2


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError("[enforce fail at alloc_cpu.cpp:124] . DefaultCPUAllocator: can't allocate "
                     "memory: you tried to allocate 40 bytes.\nError code 12"),
        RuntimeError("std::bad_alloc"),
        RuntimeError("could not create a primitive"),
        ImportError("libtorch_cpu.so: failed to map segment from shared object"),
    ],
)  # fmt: skip
def test_memory_that_runs_out_anywhere_is_one_line(capsys, error):
    assert is_out_of_memory(error)
    with pytest.raises(SystemExit) as exit_code, one_line_errors():
        raise error
    assert exit_code.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("error: out of memory: ")


@needs_full_device
def test_a_file_that_torch_cannot_write_is_one_line(program):
    more = 'import torch; torch.save(torch.zeros(9), "/dev/full")'
    ended = program(more=more)
    assert ended.returncode == 2
    assert ended.stderr.endswith("error: a file could not be written: is the disk full?\n")
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("shapes do not fit"),
        RuntimeError("could not create a primitive descriptor for a matmul primitive"),
        ImportError("no such name"),
    ],
)
def test_a_bug_is_no_lack_of_memory_and_shown_whole(error):
    with pytest.raises(type(error)), one_line_errors():
        raise error


def test_a_name_with_a_new_line_or_a_command_for_the_terminal_stays_in_one_line():
    error = UserError("there is no run in runs/a\nb\x1b[31m")
    assert line_of(error) == "there is no run in runs/a\\nb\\x1b[31m"


def test_of_a_process_that_reads_data_the_error_itself_is_told():
    text = (
        "Caught UserError in DataLoader worker process 0.\nOriginal Traceback (most recent "
        "call last):\n  File ...\nengine.errors.UserError: a.png is damaged\n"
    )
    assert line_of(UserError(text)) == "a.png is damaged"


@pytest.mark.skipif(os.name == "nt", reason="Windows removes no folder that is in use")
def test_a_folder_that_was_removed_is_told_before_a_library_ends_the_program(program, tmp_path):
    answer = program(f'; cd .; rm -r "{tmp_path}"; "{sys.executable}" -c "{FROM_NOWHERE}"')
    assert answer.returncode == 2
    assert "error: the folder in which this was started is not there" in answer.stderr


def test_how_a_notebook_draws_is_not_handed_on_to_a_command(program):
    more = 'from engine.settings import parse; parse(lambda: None); print(os.environ["MPLBACKEND"])'
    answer = program(more=f'import os; os.environ["MPLBACKEND"] = "module://nothing"; {more}')
    assert "KeyError: 'MPLBACKEND'" in answer.stderr
