"""What tells data from others: a digest of what they hold, not of where they are or since when."""

import random
import time
import warnings
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from math import gcd
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset, Subset, TensorDataset

from engine.dataset import BatchReader, BatchRequest, Data, InMemory, Sequences, labels_of
from engine.digests import AT_ONCE, digest_of, digest_of_blocks
from engine.splits import PARTS

Identity = dict[str, Any]  # what identity returns: plain values, kept in a checkpoint
MOST = 2**32  # bytes of a tensor that are digested
FEWEST = 4  # examples that are read of each part, however long it takes
SECONDS = 0.3  # that more examples of a part are read for
TRIED = 16  # examples tell whether a dataset gives others each time
# An example is drawn with the seed plus its index. Generators look at 32 bits of it.
OTHER_SEED = 2**31


def identity(data: Data) -> Identity:
    """Return what tells these data from others.

    It holds the names of the classes, and of each part how many examples it has, their labels, and
    which rows of the whole data they are: so two parts that are exchanged are found out, and a
    split that is another one in each run, as that of random_split without a seed.

    With a `fingerprint` in the Data, that stands for the contents. Without one:

    - The tensors of InMemory, Sequences and PyTorch's TensorDataset are digested, to the last bit;
      of a tensor above 4 GiB every second row, or every third. A core reads 0.5 to 2 GB in a
      second. So are tensors, arrays and lists of numbers that a Dataset of your own has as
      attributes, with a row for each example, and those of a Dataset that it reads from.
    - Where a `__getitem__` is your own, examples of val and test are read for 0.3 seconds each, at
      least 4; of train, too, unless its attributes hold inputs (N, ...) and labels (N,). They are
      spread over all, and always come in the same order. A few thousand small ones are all read;
      of more, or of larger ones, a change of a single example may not be found.

    Training examples that are changed at random (augmentation) are drawn with the same random
    numbers each time. Where they differ even so, their labels alone are compared.
    """
    found: Identity = {"classes": data.info.classes, "fingerprint": data.fingerprint}
    with random_numbers_as_before():
        for name, dataset in zip(PARTS, (data.train, data.val, data.test), strict=True):
            part: dict[str, Any] = {
                "size": len(dataset),
                "labels": digest_of_labels(dataset),
                "rows": digest_of_rows(dataset),
                "tensors": [],
                "examples": [],
                "is_random": False,
            }
            if not data.fingerprint:
                held = tensors_of(dataset)
                part["tensors"] = [digest_of_tensor(tensor, rows) for tensor, rows in held]
                has_inputs = any(tensor.dim() >= 2 for tensor, _ in held)
                has_labels = part["labels"] or any(tensor.dim() == 1 for tensor, _ in held)
                is_told = name == "train" and has_inputs and has_labels
                if not is_told and not reads_tensors_alone(dataset):
                    part["examples"], is_random = digest_examples(dataset, name == "train")
                    part["is_random"] = is_random
            found[name] = part
    return found


@contextmanager
def random_numbers_as_before() -> Generator[None]:
    """Leave the random generators behind as they were: of Python, NumPy and PyTorch on the CPU."""
    of_python = random.getstate()
    of_numpy = np.random.get_state()
    of_torch = torch.get_rng_state()
    try:
        yield
    finally:
        random.setstate(of_python)
        np.random.set_state(of_numpy)
        torch.set_rng_state(of_torch)


def differences(before: Identity, data: Data, goes_on: bool) -> list[str]:
    """Return in what data differ, in words; an empty list if they are the same.

    Args:
        before: Identity of the data that a run was begun with.
        data: Those that are here.
        goes_on: Whether the run shall go on with them. If not, it is only scored: then it does not
            matter that random changes of training examples are programmed in another way now.
    """
    now = identity(data)
    found = what_differs(before, now)
    if not found and goes_on:
        found = what_differs(before, now, with_random=True)
        if found and not repeats(data.train):
            return []
    return found


def what_differs(before: Identity, now: Identity, with_random: bool = False) -> list[str]:
    """Return in what two identities differ, in words; an empty list if they are the same.

    Args:
        before: From identity, maybe on a slower machine, which has read fewer examples.
        now: From identity.
        with_random: Also compare training examples that are changed at random.
    """
    if before.keys() != now.keys():
        return ["what is known of them"]
    found = []
    if before["classes"] != now["classes"]:
        found.append("the names of the classes")
    if before["fingerprint"] != now["fingerprint"]:
        found.append("their contents")
    for name in PARTS:
        was = before[name]
        is_now = now[name]
        facts = [key for key in ("size", "labels", "rows", "tensors") if was[key] != is_now[key]]
        is_random = was["is_random"] or is_now["is_random"]
        is_compared = with_random or not is_random
        differs = is_compared and not agree(was["examples"], is_now["examples"])
        if facts or differs:
            found.append(f"those of {name}")
    return found


def repeats(dataset: Any) -> bool:
    """Return whether a dataset gives the same examples with the same random numbers."""
    with random_numbers_as_before():
        first = digest_examples(dataset, may_be_random=False).marks
        return agree(first, digest_examples(dataset, may_be_random=False).marks)


def agree(before: list[str], now: list[str]) -> bool:
    """Return whether digests from digest_examples agree: on a slow machine there are fewer."""
    count = min(len(before), len(now))
    return before[:count] == now[:count]


class Rows(NamedTuple):
    """Rows of a tensor that a dataset reads its examples from."""

    tensor: Tensor  # (N, ...)
    rows: Tensor | None  # (M,); None means all of them


def tensors_of(dataset: Any) -> list[Rows]:
    """Return the tensors in which a dataset, or one that it reads from, has its examples."""
    if isinstance(dataset, Subset):
        if isinstance(dataset.dataset, Sequences):  # which has no row for each example
            return []
        chosen = torch.as_tensor(dataset.indices)
        found = []
        for tensor, rows in tensors_of(dataset.dataset):
            if len(tensor if rows is None else rows) != len(dataset.dataset):
                found.append(Rows(tensor, rows))
            else:
                found.append(Rows(tensor, chosen if rows is None else rows[chosen]))
        return found
    if isinstance(dataset, Sequences):
        return [Rows(dataset.values, None), Rows(dataset.sizes, None)]
    if isinstance(dataset, TensorDataset):
        rows = dataset.rows if isinstance(dataset, InMemory) else None
        return [Rows(tensor, rows) for tensor in dataset.tensors]
    found = []
    for _, value in sorted(getattr(dataset, "__dict__", {}).items()):
        if isinstance(value, Dataset):
            found += tensors_of(value)
        else:
            tensor = as_tensor(value)
            if tensor is not None and len(tensor) == len(dataset):
                found.append(Rows(tensor, None))
    return found


def as_tensor(values: Any) -> Tensor | None:
    """Return a tensor, an array or a list of numbers as a tensor; None for all else."""
    if isinstance(values, list):
        if not values or not all(isinstance(value, int | float) for value in values):
            return None
    elif not isinstance(values, Tensor | np.ndarray) or values.ndim == 0:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an array that may not be written: nobody does
        try:
            return torch.as_tensor(values)
        except (TypeError, ValueError, RuntimeError):  # an array of words, a number beyond int64
            return None


def reads_tensors_alone(dataset: Any) -> bool:
    """Return whether examples are what tensors_of tells: no `__getitem__` of one's own is asked."""
    own = type(dataset).__getitem__
    if own is Subset.__getitem__:
        inside = dataset.dataset
        return reads_tensors_alone(inside) and not isinstance(inside, Sequences)
    return own in (InMemory.__getitem__, Sequences.__getitem__, TensorDataset.__getitem__)


def digest_of_labels(dataset: Any) -> str:
    """Return the digest of all labels, where the dataset has them; else an empty text."""
    labels = labels_of(dataset)
    if isinstance(dataset, Subset):
        labels = labels_of(dataset.dataset)
        if labels is not None:
            labels = labels[torch.as_tensor(dataset.indices)]
    return "" if labels is None else digest_of_tensor(labels)


def digest_of_rows(dataset: Any) -> str:
    """Return the digest of which rows of the whole data a part is, where the dataset knows it.

    Of sequences it is that of their lengths.
    """
    rows = None
    if isinstance(dataset, Subset):
        rows = torch.as_tensor(dataset.indices)
    elif isinstance(dataset, InMemory):
        rows = dataset.chosen
    elif isinstance(dataset, Sequences):
        rows = dataset.sizes
    return "" if rows is None else digest_of_tensor(rows)


def digest_of_tensor(tensor: Tensor, rows: Tensor | None = None) -> str:
    """Return the digest of some rows of a tensor, in this order; of all rows if none are named."""
    count = len(tensor) if rows is None else len(rows)
    row_size = max(1, tensor[:1].nbytes)
    step = max(1, -(-count * row_size // MOST))

    def blocks() -> Iterator[memoryview]:
        at_once = max(1, AT_ONCE // row_size)
        for start in range(0, count, step * at_once):
            places = slice(start, start + step * at_once, step)
            yield bytes_of(tensor[places] if rows is None else tensor[rows[places]])

    kind = f"{tensor.dtype} {[count, *tensor.shape[1:]]}"
    return digest_of(kind.encode() + digest_of_blocks(blocks())).hex()


def bytes_of(tensor: Tensor) -> memoryview:
    """Return what a tensor holds, to the last bit."""
    return tensor.detach().cpu().contiguous().flatten().view(torch.uint8).numpy().data


class Examples(NamedTuple):
    """What is known of examples that were read."""

    marks: list[str]  # digests of the first 4 examples, the first 8, the first 16, and so on
    is_random: bool  # whether they are changed at random


def digest_examples(dataset: Any, may_be_random: bool) -> Examples:
    """Return what is known of some examples: of as many as time allows.

    Args:
        dataset: Where they are.
        may_be_random: Find out whether they are.
    """
    give_up = time.monotonic() + SECONDS
    marks = []
    is_random = False
    content = b""
    for number, index in enumerate(spread(len(dataset)), 1):
        if number > FEWEST and time.monotonic() > give_up:
            break
        example = digest_of_example(dataset, index, seed=0)
        if may_be_random and not is_random and number <= TRIED:
            is_random = digest_of_example(dataset, index, seed=OTHER_SEED) != example
        content = digest_of(content + example)
        is_power_of_two = number & (number - 1) == 0
        if number == len(dataset) or (number >= FEWEST and is_power_of_two):
            marks.append(content.hex())
    return Examples(marks, is_random)


def spread(count: int) -> Iterator[int]:
    """Yield the numbers below this one, each once, the first ones spread over all of them."""
    step = max(1, round(0.618 * count))  # steps of the golden section leave no large gap
    while gcd(step, count) != 1:
        step += 1
    for number in range(count):
        yield number * step % count


def digest_of_example(dataset: Any, index: int, seed: int) -> bytes:
    """Return the digest of one example, drawn with this seed where it is random."""
    example = BatchReader(dataset)[BatchRequest(torch.tensor([index]), seed)]
    return digest_of(b"".join(pieces(example)))


def pieces(value: Any) -> Iterator[bytes]:
    """Yield the bytes of a batch, to the last bit, with what it is made of."""
    if isinstance(value, Tensor):
        yield f"{value.dtype} {list(value.shape)} ".encode()
        yield bytes(bytes_of(value))
    elif isinstance(value, tuple | list):
        yield f"{len(value)} parts ".encode()
        for part in value:
            yield from pieces(part)
    elif isinstance(value, dict):
        yield f"{len(value)} names ".encode()
        for name, part in value.items():
            yield f"{name!r} ".encode()
            yield from pieces(part)
    else:
        yield repr(value).encode()
