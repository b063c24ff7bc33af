"""A training that torchrun has started again finds its own run.

With --max-restarts torchrun starts all processes again when one was lost. It lives on meanwhile,
and so does the store through which its processes meet. There the folder of the run is noted: the
newest run in runs/ may be another one by then.

docs.pytorch.org/docs/stable/elastic/run.html, docs.pytorch.org/docs/stable/distributed.html
"""

import os
from datetime import timedelta
from pathlib import Path

import torch.distributed as dist

from engine.errors import UserError
from engine.names import as_on_disk
from engine.runs import holds_run

KEY = "folder of the run"
PATIENCE = timedelta(seconds=60)  # until torchrun's store must have answered


def open_store() -> dist.TCPStore | None:
    """Return the store that torchrun keeps; None where something else started this process."""
    if os.environ.get("TORCHELASTIC_USE_AGENT_STORE") != "True":
        return None
    host = os.environ["MASTER_ADDR"]
    port = int(os.environ["MASTER_PORT"])
    return dist.TCPStore(host, port, is_master=False, timeout=PATIENCE)


def store_of_this_start() -> dist.PrefixStore | None:
    """Return the part of torchrun's store in which the processes of this start meet.

    In PyTorch's own way they find the addresses of those that were there before, too, and try to
    reach these. None where torchrun keeps no store.
    """
    store = open_store()
    if store is None:
        return None
    return dist.PrefixStore(f"start {os.environ['TORCHELASTIC_RESTART_COUNT']}", store)


def note_run(folder: Path) -> None:
    """Note the folder of the run that begins, for a restart."""
    store = open_store()
    if store is not None:
        store.set(KEY, str(folder.resolve()))


def recall_run(run_dir: str | None) -> Path | None:
    """Return the folder of the run that this training began before torchrun started it again.

    Args:
        run_dir: The folder, where it was named.

    Returns:
        None where it was stopped before it had begun a run.

    Raises:
        UserError: Nothing is there to ask.
    """
    if run_dir is not None:
        folder = as_on_disk(run_dir)
        return folder if holds_run(folder) else None
    store = open_store()
    if store is None:
        raise UserError("a restart cannot tell which run is its own: start again with --run-dir")
    if not store.check([KEY]):
        return None
    return Path(store.get(KEY).decode())
