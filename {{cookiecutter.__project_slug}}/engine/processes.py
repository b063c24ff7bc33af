"""Several processes that torchrun started: which one this is, and what they tell each other.

Without torchrun there is one process, and all of this returns at once.
"""

import gc
import json
import multiprocessing
import os
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from typing import Any, NoReturn

import torch
import torch.distributed as dist
from torch import Tensor

from engine.program import end_with_error
from engine.restarts import store_of_this_start
from engine.settings import Settings, UserError, flag


def number_in(variable: str, default: int) -> int:
    """Return the number in a variable of the environment. Anything else in it ends the program."""
    text = os.environ.get(variable) or str(default)
    if not text.isdecimal():
        end_with_error(f"the environment has {variable}={text}, which is no number: unset it")
    return int(text)


# docs.pytorch.org/docs/stable/elastic/run.html#environment-variables
RANK = number_in("RANK", 0)  # the number of this process; 0 prints and writes
LOCAL_RANK = number_in("LOCAL_RANK", 0)  # its number on this machine: its GPU
WORLD_SIZE = number_in("WORLD_SIZE", 1)  # how many there are on all machines

# What gloo, nccl and the store of PyTorch say, in small letters: any of them about anything, and
# where another process does not answer or cannot be reached, and where it has ended. They have no
# type of error for it. gloo leaves out its name where a pair of processes is closed.
OF_THE_NETWORK = ("gloo", "nccl", "pair closure")
SILENT = ("timed out", "timeout", "no route to host", "unreachable", "host is down")
ENDED = (
    "closed by",
    "reset by",
    "aborted",
    "broken pipe",
    "was likely closed",
    "connection refused",
    "remote process exit",
)
GO_ON = "start all again, with --resume if it has saved"
HAS_ENDED = f"another process of this training has ended (see what it says): {GO_ON}"

BEAT = 1.0  # seconds between two messages of a process that is at work
WORKING = 1  # the messages; the highest of all processes is heard
DONE = 0
FAILED = 2


class Voting:
    """How processes compare numbers on the CPU."""

    group: dist.ProcessGroup | None = None  # None: the group that PyTorch takes by default
    minutes = 0.0  # how long a process waits for another one: --timeout


@contextmanager
def joined(settings: Settings) -> Generator[None]:
    """Connect the processes, and end all of them when one ends, or does not answer any more.

    Args:
        settings: `timeout` says how long a process waits for another one. What must be the same in
            all processes is compared.

    Raises:
        UserError: Process 0 was started with other settings. Where a process is lost, nothing is
            raised: one line is printed, and this process ends at once.
    """
    if WORLD_SIZE == 1:
        yield
        return
    try:
        connect(settings.timeout)
        check_same_settings(settings)
        yield
    except RuntimeError as error:
        line = lost_process(error, settings.timeout)
        if line is None:
            raise
        end_at_once(line)
    finally:
        gc.unfreeze()
        gc.collect()  # a DDP model that outlives its group can end the process with an abort
        if dist.is_initialized():
            dist.destroy_process_group()


def connect(minutes: float) -> None:
    """Wait for all processes to come, and connect them.

    gloo carries tensors on the CPU, nccl those on NVIDIA's GPUs.

    Args:
        minutes: How long a process waits for another one, here and later.
    """
    Voting.minutes = minutes
    limit = timedelta(minutes=minutes)
    try:
        if not torch.cuda.is_available():
            start_group(limit)
            return
        # A process that has waited too long is ended by nccl, in many words. So nccl waits longer
        # than the votes do, which are taken in each step and end it in one line.
        start_group(2 * limit)
        Voting.group = dist.new_group(backend="gloo", timeout=limit)
    except RuntimeError as error:
        where = f"{os.environ.get('MASTER_ADDR')}:{os.environ.get('MASTER_PORT')}"
        reason = str(error).splitlines()[0]
        raise UserError(
            f"not all {WORLD_SIZE} processes have come to {where} within {minutes:g} minutes "
            f"({reason}): start all of them at the same time; --timeout sets the minutes"
        ) from error
    except ValueError as error:  # a variable of torchrun is missing
        raise UserError(
            f"WORLD_SIZE is {WORLD_SIZE}, but the processes cannot meet ({error}): start them with "
            "torchrun, or unset WORLD_SIZE to train in one process"
        ) from error


def start_group(limit: timedelta) -> None:
    """Connect all processes.

    Args:
        limit: How long one waits for another.
    """
    store = store_of_this_start()
    if store is None:
        dist.init_process_group(timeout=limit)
    else:
        dist.init_process_group(store=store, rank=RANK, world_size=WORLD_SIZE, timeout=limit)


def lost_process(error: RuntimeError, minutes: float) -> str | None:
    """Return the line about a process that is lost, or None for an error of another kind.

    Args:
        error: What was raised.
        minutes: How long a process waits for another one.
    """
    text = str(error).lower()
    if not (isinstance(error, dist.DistError) or any(sign in text for sign in OF_THE_NETWORK)):
        return None
    if any(sign in text for sign in SILENT):
        return (
            f"another process of this training does not answer for {minutes:g} minutes "
            f"(machine lost, cable, or killed): {GO_ON}; --timeout sets the minutes"
        )
    if any(sign in text for sign in ENDED):
        return HAS_ENDED
    return f"the processes of this training cannot work together: {str(error).splitlines()[0]}"


def end_at_once(line: str) -> NoReturn:
    """Say why, and end the process without taking leave of the others.

    A group that has lost a process cannot be taken down in order: nccl would wait for it.
    """
    print(f"error: {line}", file=sys.stderr, flush=True)
    sys.stdout.flush()
    for reader in multiprocessing.active_children():  # those of --num-workers
        reader.kill()
    os._exit(2)


def check_same_settings(settings: Settings) -> None:
    """Refuse settings that are not those of process 0: the processes would wait for ever."""
    mine = {}
    for name, value in asdict(settings).items():
        if name == "resume" or name not in settings.FREE:
            mine[name] = value
    theirs = json.loads(told_by_first(json.dumps(mine)))
    mine = json.loads(json.dumps(mine))  # as they are told: JSON has no tuple
    for name, value in mine.items():
        if value != theirs.get(name):
            raise UserError(
                f"process {RANK} was started with {flag(name)} {value}, process 0 with "
                f"{theirs.get(name)}: start all processes with the same command"
            )


def check_same(what: str, value: Any) -> None:
    """Refuse what is not the same in process 0. All processes must call this.

    Args:
        what: Is named in the error.
        value: Compared as text.

    Raises:
        UserError: It differs.
    """
    if WORLD_SIZE > 1 and told_by_first(str(value)) != str(value):
        refuse_difference(what)


def refuse_difference(what: str) -> NoReturn:
    """Say that something is not the same in process 0."""
    raise UserError(
        f"process {RANK} has another {what} than process 0: all machines need the same files, the "
        "data, the project and runs/, as in a folder that all of them see"
    )


def told_by_first(text: str) -> str:
    """Return the text that process 0 has. All processes must call this."""
    content = torch.tensor(list(text.encode("utf-8")), dtype=torch.uint8)
    length = torch.tensor(len(content))
    dist.broadcast(length, 0, group=Voting.group)
    if RANK > 0:
        content = torch.empty(int(length), dtype=torch.uint8)
    dist.broadcast(content, 0, group=Voting.group)
    return bytes(content.tolist()).decode("utf-8")


def add_up(tensor: Tensor) -> Tensor:
    """Return the sum of the tensors of all processes. The tensor itself becomes it."""
    if WORLD_SIZE > 1:
        dist.all_reduce(tensor, group=Voting.group if tensor.device.type == "cpu" else None)
    return tensor


def highest(*numbers: int) -> list[int]:
    """Return the highest of each number among the processes. All wait here for the last one."""
    if WORLD_SIZE == 1:
        return list(numbers)
    votes = torch.tensor(numbers)
    dist.all_reduce(votes, dist.ReduceOp.MAX, group=Voting.group)
    return votes.tolist()


@contextmanager
def first_process_first() -> Generator[None]:
    """Let process 0 do something before the others do it, who find its files then.

    It may take as long as it needs, in process 0 and then in the others: to read many files can
    take longer than --timeout. All go on when the last one is done.
    """
    if WORLD_SIZE == 1:
        yield
        return
    if RANK > 0:
        with waited_for():
            pass  # now process 0 does it
    with waited_for():
        yield
    if RANK == 0:
        with waited_for():
            pass  # now the others do it


@contextmanager
def waited_for() -> Generator[None]:
    """Let all processes go on when the last one is through with what stands inside.

    Meanwhile a thread tells the others each second that this process is still at work, and hears
    the same of them. So the work may take any time, and a process that is lost is noticed.
    """
    through = threading.Event()
    state = WORKING

    def tell_and_hear() -> None:
        heard = WORKING
        while heard == WORKING:
            try:
                (heard,) = highest(state)
            except RuntimeError as error:
                heard = FAILED
                line = lost_process(error, Voting.minutes) or str(error)
            else:
                line = HAS_ENDED
            through.wait(BEAT)  # one that is through waits for the others in `highest`
        if heard == FAILED and state != FAILED:  # else the mistake of this process will be told
            end_at_once(line)

    thread = threading.Thread(target=tell_and_hear, daemon=True)
    thread.start()
    try:
        yield
    except BaseException:
        state = FAILED
        raise
    else:
        state = DONE
    finally:
        through.set()
        thread.join()
