"""A folder that is written whole, or not at all."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.fresh_folder import written_whole

PROJECT = Path(__file__).parents[2]
# Writes weights of 4 MB where no file may have more than 100 kB.
TOO_LARGE = """
import resource, signal
from pathlib import Path
import torch
from safetensors.torch import save_file
from engine.settings import one_line_errors
from tools.fresh_folder import written_whole

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
with one_line_errors(), written_whole(Path("new")) as folder:
    (folder / "small.txt").write_text("small")
    save_file({"weight": torch.zeros(1_000_000)}, folder / "model.safetensors")
"""


def test_what_was_there_is_replaced_at_the_end_and_stays_where_something_fails(tmp_path):
    target = tmp_path / "new"
    for text in ("one", "two"):
        with written_whole(target) as folder:
            (folder / "a.txt").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="not this time"), written_whole(target) as folder:
        (folder / "a.txt").write_text("three", encoding="utf-8")
        raise ValueError("not this time")
    assert (target / "a.txt").read_text(encoding="utf-8") == "two"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.skipif(os.name != "posix", reason="Windows has no limit of a file's size")
def test_weights_that_the_disk_does_not_take_are_one_line_and_leave_nothing(tmp_path):
    pytest.importorskip("safetensors", reason='needs pip install -e ".[demo]"')
    answer = subprocess.run(
        [sys.executable, "-c", TOO_LARGE],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert answer.returncode == 2, answer.stderr
    assert answer.stderr == f"error: cannot write new: {os.strerror(errno.EFBIG)}\n"
    assert list(tmp_path.iterdir()) == []
