"""What tells data from others: a digest of what they hold, not of where they are or since when."""

import random
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from math import gcd
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Subset, TensorDataset

from engine.dataset import BatchReader, BatchRequest, Data, InMemory, Sequences, labels_of
from engine.digests import AT_ONCE, digest_of, digest_of_blocks
from engine.splits import PARTS

Identity = dict[str, Any]  # what identity returns: plain values, kept in a checkpoint
MOST = 2**32  # bytes of a tensor that are digested
FEWEST = 4  # examples that are read of each part, however long it takes
SECONDS = 0.3  # that more examples of a part are read for
TRIED = 16  # examples tell whether a dataset gives others each time


def identity(data: Data) -> Identity:
    """Return what tells these data from others.

    It holds the names of the classes, and of each part how many examples it has, their labels, and
    which rows of the whole data they are: so two parts that are exchanged are found out, and a
    split that is another one in each run, as that of random_split without a seed.

    With a `fingerprint` in the Data, that stands for the contents. Without one:

    - The tensors of InMemory, Sequences and PyTorch's TensorDataset are digested, to the last bit;
      of a tensor above 4 GiB every second row, or every third. A core reads 0.5 to 2 GB in a
      second.
    - Where a `__getitem__` is your own, examples are read for 0.3 seconds in each part, at least 4.
      They are spread over all, and always come in the same order. A few thousand small ones are
      all read; of more, or of larger ones, a change of a single example may not be found.

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
                for tensor, rows in tensors_of(dataset):
                    part["tensors"].append(digest_of_tensor(tensor, rows))
                if not reads_tensors_alone(dataset):
                    part["examples"] = digest_examples(dataset)
                    part["is_random"] = name == "train" and is_random(dataset)
                if part["is_random"] and not agree(part["examples"], digest_examples(dataset)):
                    part["examples"] = []
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


def differences(before: Identity | str, now: Identity, goes_on: bool) -> list[str]:
    """Return in what data differ, in words; an empty list if they are the same.

    Args:
        before: Identity of the data that a run was begun with. Earlier versions of this project
            kept a text, of which only the sizes of the three parts can be compared.
        now: Identity of the data that are here.
        goes_on: Whether the run shall go on with them. If not, it is only scored: then it does not
            matter that random changes of training examples are programmed in another way now.
    """
    if isinstance(before, str):
        sizes = [now[name]["size"] for name in PARTS]
        if not before.endswith(f" {sizes}"):
            return ["their size"]
        print("note: the run is of an older version, so changes in its data may not be found")
        return []
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
        is_compared = goes_on or not is_random
        if facts or (is_compared and not agree(was["examples"], is_now["examples"])):
            found.append(f"those of {name}")
    return found


def agree(before: list[str], now: list[str]) -> bool:
    """Return whether digests from digest_examples agree: on a slow machine there are fewer."""
    count = min(len(before), len(now))
    return before[:count] == now[:count]


class Rows(NamedTuple):
    """Rows of a tensor that a dataset reads its examples from."""

    tensor: Tensor  # (N, ...)
    rows: Tensor | None  # (M,); None means all of them


def tensors_of(dataset: Any) -> list[Rows]:
    """Return what a dataset keeps its examples in, if it is one that has tensors; else nothing."""
    if isinstance(dataset, Subset):
        if isinstance(dataset.dataset, Sequences):  # which has no row for each example
            return []
        chosen = torch.as_tensor(dataset.indices)
        found = []
        for tensor, rows in tensors_of(dataset.dataset):
            found.append(Rows(tensor, chosen if rows is None else rows[chosen]))
        return found
    if isinstance(dataset, Sequences):
        return [Rows(dataset.values, None), Rows(dataset.sizes, None)]
    if isinstance(dataset, TensorDataset):
        rows = dataset.rows if isinstance(dataset, InMemory) else None
        return [Rows(tensor, rows) for tensor in dataset.tensors]
    return []


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


def digest_examples(dataset: Any) -> list[str]:
    """Return digests of the first 4 examples, the first 8, the first 16, as far as time allows."""
    give_up = time.monotonic() + SECONDS
    marks = []
    content = b""
    for number, index in enumerate(spread(len(dataset)), 1):
        if number > FEWEST and time.monotonic() > give_up:
            break
        content = digest_of(content + digest_of_example(dataset, index, seed=0))
        is_power_of_two = number & (number - 1) == 0
        if number == len(dataset) or (number >= FEWEST and is_power_of_two):
            marks.append(content.hex())
    return marks


def spread(count: int) -> Iterator[int]:
    """Yield the numbers below this one, each once, the first ones spread over all of them."""
    step = max(1, round(0.618 * count))  # steps of the golden section leave no large gap
    while gcd(step, count) != 1:
        step += 1
    for number in range(count):
        yield number * step % count


def is_random(dataset: Any) -> bool:
    """Return whether a dataset changes its examples at random."""
    give_up = time.monotonic() + SECONDS
    for number, index in zip(range(TRIED), spread(len(dataset)), strict=False):
        if number >= FEWEST and time.monotonic() > give_up:
            break
        if digest_of_example(dataset, index, 0) != digest_of_example(dataset, index, 1):
            return True
    return False


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
