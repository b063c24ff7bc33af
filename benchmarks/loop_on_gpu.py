"""Train with the project's train.py, and count how often its loop waits for the GPU.

    python .../benchmarks/loop_on_gpu.py --device cuda --epochs 3       # in a project's folder

A step that waits for the GPU ("synchronises") leaves it without work meanwhile. PyTorch warns of
each such call: docs.pytorch.org/docs/stable/generated/torch.cuda.set_sync_debug_mode.html. Prints
`loop {...}`: how many there were in the last epoch and where, where the data lay, and the memory.
"""

import json
import sys
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import torch

sys.path.insert(0, str(Path.cwd()))

import train
from config import Config
from engine.settings import parse_config

SAVE_SELDOM = ["--save-every", "1000000"]  # a save waits for the GPU, and is meant to


def main() -> None:
    """Train, and print what was counted."""
    sys.argv += SAVE_SELDOM
    config = parse_config(Config)
    train_epoch = train.train_epoch
    found: dict[str, Any] = {}

    def watched(run: Any, loader: Any, config: Config) -> None:
        """Train for an epoch, and keep the warnings."""
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            torch.cuda.set_sync_debug_mode("warn")
            train_epoch(run, loader, config)
            torch.cuda.set_sync_debug_mode("default")
        calls = [one for one in caught if "synchronizing" in str(one.message)]
        places = Counter(f"{Path(one.filename).name}:{one.lineno}" for one in calls)
        found.update(
            synchronisations=len(calls),
            steps=run.progress.batch,
            places=dict(places),
            data_on=loader.sampler.device.type,
        )

    train.train_epoch = watched
    train.train(config)
    found["peak_bytes"] = torch.cuda.max_memory_allocated()
    print("loop", json.dumps(found))


if __name__ == "__main__":
    main()
