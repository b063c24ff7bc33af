"""A command that is started as a copy of the tests' process does what it does when it is started.

tests/copies/started_as_copies.py starts them so, since it takes less than half of the time.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from generators import ROOT

sys.path.insert(0, str(ROOT / "tests" / "copies"))

import started_as_copies

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux alone")

# What a program can find out about where it is.
LOOKS_AROUND = """
import faulthandler, gc, json, logging, os, signal, sys, threading, warnings
handlers = {}
for number in sorted(signal.valid_signals()):
    handlers[number] = str(signal.getsignal(number)).split(" at 0x")[0]
streams = (sys.stdin, sys.stdout, sys.stderr)
found = {
    "name": __name__,
    "arguments": sys.argv,
    "folder": os.getcwd(),
    "first": sys.path[0],
    "path": sorted(set(sys.path)),
    "environment": dict(os.environ),
    "typed": sys.stdin.read(),
    "texts": [(s.encoding, s.errors, s.line_buffering, s.write_through) for s in streams],
    "streams": [type(s.buffer).__name__ for s in streams],
    "handlers": handlers,
    "warnings": [str(one) for one in warnings.filters],
    "logging": [logging.root.level, len(logging.root.handlers)],
    "collects": gc.isenabled(),
    "threads": threading.active_count(),
    "faults": faulthandler.is_enabled(),
    "own": "helper" in sys.modules,
}
import helper
found["files"] = len(os.listdir("/proc/self/fd"))
found["helper"] = helper.__file__
print(json.dumps(found))
"""
ENDS = {
    "0": "pass",
    "a number": "import sys; sys.exit(3)",
    "a line": "import sys; sys.exit('error: say why')",
    "nothing": "import sys; sys.exit(None)",
    "a mistake": "1 / 0",
    "at once": "import os; os._exit(5)",
    "killed": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "terminated": "import os, signal; os.kill(os.getpid(), signal.SIGTERM)",
    "interrupted": "import os, signal; os.kill(os.getpid(), signal.SIGINT)",
    "at the end": "import atexit; atexit.register(print, 'last'); print('first')",
    "a word": "import os, sys; print('a', end='', file=sys.stderr); os.write(2, b'b\\n')",
    "a thread": "import threading; threading.Timer(0.2, print, ['later']).start(); print('first')",
    "a warning": "import warnings; warnings.warn('look'); warnings.warn('old', DeprecationWarning)",
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Write the programs, and let this process start copies until the test ends."""
    (tmp_path / "looks_around.py").write_text(LOOKS_AROUND, encoding="utf-8")
    (tmp_path / "helper.py").write_text("", encoding="utf-8")
    monkeypatch.setattr(subprocess, "Popen", subprocess.Popen)  # it is put back afterwards
    started_as_copies.start_as_copies()
    return tmp_path


def real(words, **options):
    """Start Python."""
    environment = dict(options.pop("env", None) or os.environ)
    done: Any = started_as_copies.REAL_POPEN(
        [sys.executable, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        **options,
    )
    said, complained = done.communicate(b"typed", timeout=60)
    return done.returncode, said.decode(), complained.decode()


def copied(words, **options):
    """Start a copy of this process."""
    environment = options.get("env") or os.environ
    path = Path(options.get("cwd") or ".").absolute()
    assert started_as_copies.can_be_a_copy([str(word) for word in words], path, environment)
    done = subprocess.run(
        [sys.executable, *words], input=b"typed", capture_output=True, timeout=60, **options
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.mark.parametrize("way", ["a script", "a script elsewhere", "a module", "code"])
def test_a_copy_finds_all_as_a_new_process_does(folder, way, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(folder))
    words = {
        "a script": ["looks_around.py", "one", "두 번째"],
        "a script elsewhere": [str(folder / "looks_around.py")],
        "a module": ["-m", "looks_around", "--flag"],
        "code": ["-c", LOOKS_AROUND, "more"],
    }[way]
    where = folder if way != "a script elsewhere" else folder.parent
    expected = real(words, cwd=where)
    assert expected[0] == 0, expected[2]
    found = copied(words, cwd=where)
    assert found[0] == 0, found[2]
    assert json.loads(found[1]) == json.loads(expected[1])


@pytest.mark.parametrize("end", ENDS)
def test_a_copy_ends_as_a_new_process_does(folder, end):
    (folder / "ends.py").write_text(ENDS[end] + "\n", encoding="utf-8")
    code, said, complained = copied(["ends.py"], cwd=folder)
    expected = real(["ends.py"], cwd=folder)
    assert (code, said) == expected[:2]
    # A traceback begins in other files.
    assert complained.splitlines()[-1:] == expected[2].splitlines()[-1:]


def test_a_signal_from_outside_reaches_a_copy(folder):
    program = "import signal, time\nsignal.signal(signal.SIGINT, lambda *_: exit(130))\n"
    (folder / "waits.py").write_text(program + "print('on', flush=True)\ntime.sleep(60)\n", "utf-8")
    command = [sys.executable, str(folder / "waits.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"on\n"
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 130
    assert time.monotonic() - began < 30


def test_nobody_who_listens_is_a_broken_pipe_for_a_copy_too(folder):
    (folder / "talks.py").write_text("print('x' * 1_000_000)\n", encoding="utf-8")
    codes = []
    for popen in (subprocess.Popen, started_as_copies.REAL_POPEN):
        listener, talker = os.pipe()
        os.close(listener)
        command = [sys.executable, str(folder / "talks.py")]
        with popen(command, stdout=talker, stderr=subprocess.DEVNULL) as process:
            os.close(talker)
            codes.append(process.wait(timeout=60))
    assert codes[0] == codes[1] != 0


def test_what_a_copy_could_not_do_alike_is_started_as_ever(folder, monkeypatch):
    script = [str(folder / "looks_around.py")]
    ways = started_as_copies.can_be_a_copy
    assert ways(script, folder, os.environ)
    assert not ways(["-X", "utf8", *script], folder, os.environ)
    assert not ways(["-P", *script], folder, os.environ)
    assert not ways(["-m", "pytest"], folder, os.environ)
    assert not ways(["-m", "torch.distributed.run", *script], folder, os.environ)
    assert not ways(["-m", "ipykernel_launcher"], folder, os.environ)
    assert ways(["-m", "looks_around"], folder, os.environ)
    assert not ways([], folder, os.environ)
    for name in ("PYTHONUTF8", "OMP_NUM_THREADS", "MPLBACKEND", "LC_ALL", "CUDA_VISIBLE_DEVICES"):
        assert not ways(script, folder, {**os.environ, name: "other"})
    (folder / "json.py").write_text("raise ModuleNotFoundError('hidden')\n", encoding="utf-8")
    assert not ways(script, folder, os.environ)
    (folder / "json.py").rename(folder / "sitecustomize.py")
    assert not ways(["-c", "pass"], folder.parent, {**os.environ, "PYTHONPATH": str(folder)})
