"""Damage the checkpoints of Lightning and Accelerate as flips.py does those of a project.

    python benchmarks/flips_peers.py --peer lightning --flips 1000 --directory-every 20

Trains what benchmarks/peers holds, and loads each damaged file as the peer does. It counts what was
loaded with the same values, with other values, and what was refused, by which error. Needs
torch, scikit-learn and the peer.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import torch
from faults import same, without_clocks
from flips import HERE, add_options, report, result_of, try_checkpoint


def load_lightning(path: Path) -> Any:
    """Load a checkpoint as Trainer.fit(ckpt_path=...) does."""
    from lightning.fabric.utilities.cloud_io import _load

    return _load(path, map_location="cpu", weights_only=True)


def load_accelerate(path: Path) -> Any:
    """Load a file of a checkpoint as Accelerator.load_state does."""
    if path.suffix == ".safetensors":
        from safetensors.torch import load

        return load(path.read_bytes())  # load_file shows what is in the file then, not now
    return torch.load(path, map_location="cpu", weights_only=True)


PEERS = {
    "lightning": ("last.ckpt", load_lightning),
    "accelerate": ("step_*/*", load_accelerate),
}


def main() -> None:
    """Read the command line, damage a peer's checkpoints, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peer", choices=[*PEERS], required=True)
    add_options(parser)
    options = parser.parse_args()
    pattern, load = PEERS[options.peer]
    with tempfile.TemporaryDirectory() as name:
        run = Path(name) / "run"
        command = [sys.executable, HERE / "peers" / f"{options.peer}_digits.py", "--run", run]
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(command, check=True, env=environment, **quiet)
        paths = {}
        for path in sorted(run.glob(pattern)):
            if path.is_file() and path.suffix != ".pkl":  # random states: read without a check
                paths[path.name] = path  # in the newest folder, of several
        counts = {}
        for file_name, path in paths.items():
            counts[file_name] = damaged(path, load, options)
    report(result_of(counts, peer=options.peer), options)


def damaged(path: Path, load: Any, options: argparse.Namespace) -> dict[str, Counter[str]]:
    """Damage a file again and again, and return what came of it."""
    trial = path.with_name(f"trial{path.suffix}")
    shutil.copy(path, trial)
    whole = without_clocks(load(trial))

    def outcome(changed: Path) -> str:
        try:
            loaded = without_clocks(load(changed))
        except Exception as error:
            return f"refused: {type(error).__name__}"
        if same(whole, loaded):
            return "loaded, the same values"
        return "loaded, other values"

    return try_checkpoint(trial, options, outcome)


if __name__ == "__main__":
    main()
