"""Train as train.py does, but in each epoch leave out one thing that the processes tell each other.

    torchrun --nproc-per-node 2 between_processes.py nothing,everything --epochs 12

In a project's folder. The first word names what is left out, epoch after epoch, again and again;
the rest is for train.py. What a piece costs is how much shorter a step is without it. The processes
drift apart meanwhile, so what they learn is of no use: only the time counts. Process 0 prints a
line `between {...}`: for each word the seconds of a step in each of its epochs, those of them in
which the process was at work (the rest it waited), and what is sent.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import torch.distributed as dist
from torch import nn

sys.path.insert(0, str(Path.cwd()))

import engine.run
import train
from config import Config
from engine.batch_norm import SharedBatchNorm
from engine.processes import RANK, joined
from engine.settings import parse_config

PIECES = {
    "nothing": "the training as it is",
    "gradients": "averaging the gradients",
    "normalisation": "batch normalisation over all processes",
    "buffers": "what DDP sends of the buffers before each step",
    "shares": "how large each share of a batch is",
    "votes": "whether to save, and whether to stop",
    "everything": "all of these",
}
ENDLESS = "1000000"  # steps between two saves: without votes they would save at different times
TELL_HIGHEST = engine.run.highest
WEIGH_SHARE = engine.run.weigh_share
AVERAGE_GRADIENTS = engine.run.average_gradients


def vote_for_nothing(*numbers: int) -> list[int]:
    """Neither save nor stop."""
    return [0] * len(numbers)


def weigh_nothing(*_: Any) -> None:
    """Take all shares for equally large."""


def keep_gradients(model: Any, _: bool) -> None:
    """Let each process keep its own gradients. All else that DDP does, it does."""
    model.require_backward_grad_sync = False
    model.require_forward_param_sync = True


class OwnBatchNorm(SharedBatchNorm):
    """PyTorch's own batch normalisation, over the share of this process."""

    forward = nn.modules.batchnorm._BatchNorm.forward


def leave_out(piece: str, model: Any) -> None:
    """Leave a piece out of the steps to come, and put all others back.

    Args:
        piece: One of PIECES.
        model: As the training has it, a DistributedDataParallel.
    """
    gone = set(PIECES) if piece == "everything" else {piece}
    engine.run.highest = vote_for_nothing if "votes" in gone else TELL_HIGHEST
    engine.run.weigh_share = weigh_nothing if "shares" in gone else WEIGH_SHARE
    engine.run.average_gradients = keep_gradients if "gradients" in gone else AVERAGE_GRADIENTS
    model.broadcast_buffers = "buffers" not in gone
    for layer in model.modules():
        if isinstance(layer, SharedBatchNorm):
            layer.__class__ = OwnBatchNorm if "normalisation" in gone else SharedBatchNorm


def facts(model: Any) -> dict[str, Any]:
    """Return what the processes send in a step: bytes, and how many messages of few numbers."""
    gradients = [weight.nbytes for weight in model.parameters() if weight.requires_grad]
    buckets = model._get_ddp_logging_data()["rebuilt_bucket_sizes"]
    layers = sum(isinstance(layer, SharedBatchNorm) for layer in model.modules())
    return {
        "gradient_bytes": sum(gradients),
        "bucket_bytes": [int(size) for size in buckets.split(",")],
        "buffer_bytes": sum(buffer.nbytes for buffer in model.buffers()),
        # Each layer of batch normalisation: forward and back. Then buffers, shares and votes.
        "messages": 2 * layers + 3,
    }


def main() -> None:
    """Train, and print how long a step took in each epoch."""
    turns = sys.argv.pop(1).split(",")  # train.py reads the words that are left
    sys.argv += ["--save-every", ENDLESS]
    config = parse_config(Config)
    seconds: dict[str, list[float]] = {piece: [] for piece in turns}
    at_work: dict[str, list[float]] = {piece: [] for piece in turns}
    network = {}
    train_epoch = train.train_epoch

    def timed(run: Any, *more: Any) -> None:
        """Train for an epoch, and note what a step took."""
        dist.barrier()  # process 0 has written files, and the others have not
        began = time.perf_counter()
        work_began = time.process_time()
        train_epoch(run, *more)
        steps = run.progress.batch
        epochs = len(run.history)
        if epochs >= len(turns):  # in their first turns all are cold
            piece = turns[epochs % len(turns)]
            seconds[piece].append(round((time.perf_counter() - began) / steps, 6))
            at_work[piece].append(round((time.process_time() - work_began) / steps, 6))

    def after_epoch(run: Any) -> None:
        """Prepare the next epoch."""
        network.update(facts(run.state.model))
        leave_out(turns[len(run.history) % len(turns)], run.state.model)

    train.train_epoch = timed
    with joined(config):
        train.train(config, after_epoch)
        if RANK == 0:
            print("between", json.dumps({"seconds": seconds, "at_work": at_work, **network}))


if __name__ == "__main__":
    main()
