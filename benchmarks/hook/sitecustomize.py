"""Python runs this first in every measured process: it notes the time of each optimizer step.

PyTorch itself calls `note` after each step of any optimizer, so every contender is measured alike
and from outside. It costs a clock reading and an append. The times are written at the exit; where
a training is stopped and goes on (slices.py), each is written at once.
"""

import atexit
import importlib.machinery
import json
import os
import struct
import sys
import time
from pathlib import Path
from typing import Any

STEPS: list[float] = []
SAVES: list[float] = []  # seconds that each of the project's own checkpoints took
EVERY = int(os.environ.get("BENCH_SYNC", "0"))  # steps in an epoch, where a GPU must be waited for


def note(*_: Any) -> None:
    """Keep the time; at an epoch's first and last step of all that the GPU has done by then."""
    if EVERY and (len(STEPS) + 1) % EVERY < 2:
        sys.modules["torch"].cuda.synchronize()
    STEPS.append(time.perf_counter())


def note_at_once(*_: Any) -> None:
    """Write the time, as eight bytes, to a file that another process reads meanwhile."""
    os.write(AT_ONCE, struct.pack("d", time.perf_counter()))


def watch_saves(module: Any) -> None:
    """Measure each call of Run.save, in the project's engine/run.py."""
    save = module.Run.save

    def measured(*args: Any, **options: Any) -> Any:
        began = time.perf_counter()
        try:
            return save(*args, **options)
        finally:
            SAVES.append(time.perf_counter() - began)

    module.Run.save = measured


class Watcher:
    """Is asked for every import; takes part in two, and only once they are done."""

    wanted = {  # noqa: RUF012
        "torch.optim.optimizer": lambda module: module.register_optimizer_step_post_hook(noted),
        "engine.run": watch_saves,
    }

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Return the usual answer to an import, with something to do after it."""
        if (follow := self.wanted.get(name)) is None:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def exec_module(module: Any) -> None:
                execute(module)
                follow(module)

            spec.loader.exec_module = exec_module  # ty: ignore[invalid-assignment]
        return spec


def write() -> None:
    """Hand the times to the measuring process."""
    if STEPS:
        times: dict[str, Any] = {"steps": STEPS, "saves": SAVES}
        cuda = sys.modules["torch"].cuda
        if cuda.is_initialized():
            times["gpu_bytes"] = cuda.max_memory_allocated()
        Path(os.environ["BENCH_TIMES"]).write_text(json.dumps(times), encoding="utf-8")


noted = note
if "BENCH_SLICES" in os.environ:
    AT_ONCE = os.open(os.environ["BENCH_SLICES"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    noted = note_at_once
    sys.meta_path.insert(0, Watcher())
if "BENCH_TIMES" in os.environ:
    sys.meta_path.insert(0, Watcher())
    atexit.register(write)
