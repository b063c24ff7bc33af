"""Threads that read pictures begin to compute at once, also in a copy of the tests' process."""

import torch

PROGRAM = """
import threading, torch
pixels = torch.ones(3, 40_000)
threads = [threading.Thread(target=(pixels != 0).any, kwargs={"dim": 0}) for _ in range(16)]
failed = []
threading.excepthook = failed.append
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
exit(len(failed))
"""


def test_threads_of_a_command_can_all_begin_to_compute_at_once(command, tmp_path):
    (tmp_path / "computes.py").write_text(PROGRAM, encoding="utf-8")
    (torch.ones(3, 40_000) != 0).any(dim=0)  # as another test in this process may have done
    # Without begin_threads_of_torch of started_as_copies.py a third of the copies fail.
    for _ in range(10):
        done = command(tmp_path / "computes.py")
        assert done.returncode == 0, done.stderr
