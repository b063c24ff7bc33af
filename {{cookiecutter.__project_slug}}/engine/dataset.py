"""What data.py hands over, and how its examples become batches.

Which examples, in which order, with which random numbers: all of it depends only on the seed, the
epoch and the batch. So an interrupted training goes on as if it had not been interrupted.
"""

import copy
import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import Dataset, Sampler, TensorDataset, default_collate

from engine.processes import RANK, WORLD_SIZE
from engine.settings import UserError

# What a loader yields and compute_loss takes: the inputs, a tensor (N, ...) or a tuple of tensors
# where an input has several parts, and the labels (N,).
Batch = tuple[Any, Tensor]

CPU = torch.device("cpu")
BATCHES_IN_A_POOL = 32  # of so many batches the examples are sorted by size
LARGE = 2**27  # bytes: tensors beyond this are not copied
MOST_PLACES = 2**14  # of windows in a batch of evaluation


@dataclass(kw_only=True)
class Info:
    """What a model must know of the data beside its weights: it is saved in every checkpoint.

    A task adds fields of its own. They must be plain: numbers, text, tensors, and
    lists and dicts of these.
    """

    # True where each place of an input has a label, as in a language model: labels are (N, T). Then
    # the network gives logits (N, T, K), and compute_loss the loss of each place (N, T) beside
    # that of each example.
    is_sequence: ClassVar[bool] = False

    classes: list[str] = field(default_factory=list)  # their names; empty where numbers are learned

    @property
    def unit(self) -> str:
        """What stands at a place of a sequence."""
        return "character"


InfoType = TypeVar("InfoType", bound=Info)


@dataclass
class Data(Generic[InfoType]):
    """What load_data returns. A part is any map-style Dataset that gives (input, label).

    docs.pytorch.org/tutorials/beginner/basics/data_tutorial.html
    """

    train: Any  # PyTorch's class Dataset says nothing of a length, which these must have
    val: Any
    test: Any
    info: InfoType
    notes: list[str] = field(default_factory=list)  # lines for the user, printed before training
    # A text that changes when the contents of the data change: then a run refuses to go on, and
    # eval.py refuses to score it. Without one, tensors are compared, and of a Dataset of your own
    # as many examples as are read in a moment: see engine/data_identity.py.
    fingerprint: str = ""
    advice: str = ""  # a line more, printed after what is known of the data
    # A function of the model that returns a line, which is printed after each epoch.
    after_epoch: Callable[[Any], str] | None = None


@dataclass
class Inputs:
    """What predict.py was asked to answer for."""

    names: list[str]  # what to call each
    columns: dict[str, list[str]]  # the same as a table, for --output
    examples: list[Any]  # each as the model takes it: a tensor, or a tuple of tensors
    collate_fn: Callable[..., Any] | None = None  # makes a batch of (input, label) pairs; or None


class InMemory(TensorDataset):
    """Examples side by side in tensors: the fast way for data that fit into memory.

    A batch is read with one `index_select` for each tensor, and on an NVIDIA GPU the tensors are
    kept there. Pictures may be uint8, which takes a quarter of the memory: they come out as
    float32 in 0..1, as with torchvision's ToTensor.

    Args:
        inputs: (N, ...), or a tuple of such tensors where an input has several parts.
        labels: (N,), int64 class numbers or float32 numbers.
        rows: (M,): example number i is row rows[i] of the tensors. None: it is row i.
    """

    def __init__(
        self, inputs: Tensor | tuple[Tensor, ...], labels: Tensor, rows: Tensor | None = None
    ) -> None:
        parts = inputs if isinstance(inputs, tuple) else (inputs,)
        for tensor in (*parts, labels):
            if not isinstance(tensor, Tensor):
                raise UserError(
                    f"data.py: InMemory got {summary(tensor)}: it takes tensors, "
                    "so write torch.from_numpy(...)"
                )
            if len(tensor) != len(labels):
                raise UserError(
                    f"data.py: InMemory got {len(tensor)} inputs and {len(labels)} labels: "
                    "there must be a label for each input"
                )
        super().__init__(*[to_float32(part) for part in parts], checked_labels(labels, "InMemory"))
        self.rows = rows
        self.chosen: Tensor | None = None  # (M,): of a part, which examples of the whole these are

    @property
    def labels(self) -> Tensor:
        """The labels of all examples (N,)."""
        labels = self.tensors[-1]
        return labels if self.rows is None else labels[self.rows]

    def __len__(self) -> int:
        return len(self.tensors[-1]) if self.rows is None else len(self.rows)

    def __getitem__(self, index: int) -> tuple[Any, Tensor]:
        """Return one example: its input and its label."""
        row = index if self.rows is None else self.rows[index]
        return as_batch([tensor[row] for tensor in self.tensors])

    def batch(self, indices: Tensor) -> Batch:
        """Return the examples at these indices (N,) side by side."""
        rows = indices if self.rows is None else self.rows.index_select(0, indices)
        # index_select is twice as fast as square brackets.
        return as_batch([tensor.index_select(0, rows) for tensor in self.tensors])

    def part(self, indices: Tensor) -> "InMemory":
        """Return some of the examples. Small ones are copied, large ones stay where they are.

        Large tensors may be mapped from a file, of which a batch reads only what it needs.
        """
        part = copy.copy(self)  # of the same class, with a __getitem__ of its own if it has one
        part.rows = indices if self.rows is None else self.rows[indices]
        part.chosen = indices if self.chosen is None else self.chosen[indices]
        if sum(tensor.nbytes for tensor in self.tensors) <= LARGE:
            part.tensors = tuple(tensor[part.rows] for tensor in self.tensors)
            part.rows = None
        return part

    def to(self, device: torch.device) -> "InMemory":
        """Return the same examples on a device."""
        moved = copy.copy(self)
        rows = slice(None) if self.rows is None else self.rows
        moved.tensors = tuple(tensor[rows].to(device) for tensor in self.tensors)
        moved.rows = None
        return moved


class Sequences(Dataset):
    """Sequences of different lengths in memory, such as texts: the fast way for these.

    A batch (N, T) is as long as its longest sequence, with 0 behind the end of the others. Those
    of like length share a batch, so there is little padding.

    Args:
        sequences: Each (T,) int64, of any length above 0.
        labels: (N,), int64 class numbers or float32 numbers.
        texts: What each was made of, to show it to people; None where that is not known.
    """

    def __init__(
        self, sequences: list[Tensor], labels: Tensor, texts: list[str] | None = None
    ) -> None:
        self.labels = labels
        self.texts = texts
        self.sizes = torch.tensor([len(sequence) for sequence in sequences])
        self.starts = self.sizes.cumsum(0) - self.sizes
        self.values = torch.cat(sequences)  # one behind the other

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        """Return one example: its sequence (T,) and its label."""
        start = self.starts[index]
        return self.values[start : start + self.sizes[index]], self.labels[index]

    def batch(self, indices: Tensor) -> Batch:
        """Return the examples at these indices (N,) side by side: (N, T) and (N,)."""
        sizes = self.sizes[indices].unsqueeze(1)  # (N, 1)
        columns = torch.arange(int(sizes.max()))  # (T,)
        places = self.starts[indices].unsqueeze(1) + columns  # (N, T)
        values = self.values[places.clamp(max=len(self.values) - 1)]
        return values * (columns < sizes), self.labels[indices]

    @staticmethod
    def collate_fn(examples: list[tuple[Tensor, Tensor]]) -> Batch:
        """Return examples as a batch, in the same way."""
        sequences = [sequence for sequence, _ in examples]
        labels = [torch.as_tensor(label) for _, label in examples]
        return pad_sequence(sequences, batch_first=True, padding_value=0), torch.stack(labels)


class Windows(Dataset):
    """Windows of one long sequence in memory, such as a text: the fast way for language models.

    An input is a window (T,), its label what follows at each place (T,): the same window, one place
    later. The next window begins behind it. What is left at the end is too short for one. In
    training the first one begins at another place in each epoch, so that they differ.

    Args:
        sequence: (L,) of integers, L above T.
        size: The places of a window, T.
    """

    def __init__(self, sequence: Tensor, size: int) -> None:
        if len(sequence) <= size:
            raise UserError(
                f"data.py: Windows got {summary(sequence)} for windows of {size}: "
                "it must be longer than one of them"
            )
        self.sequence = sequence
        self.size = size
        # At each place a network gives as many logits as there are characters: in Korean thousands.
        self.evaluation_batch_size = max(1, MOST_PLACES // size)

    @property
    def labels(self) -> Tensor:
        """What follows at each place of all windows (N, T)."""
        return self.sequence[1:].unfold(0, self.size, self.size)  # which copies nothing

    def __len__(self) -> int:
        return (len(self.sequence) - 1) // self.size

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        """Return one example: a window (T,) and what follows at each place (T,)."""
        inputs, labels = self.batch(torch.tensor([range(len(self))[index]]))
        return inputs[0], labels[0]

    def batch(self, indices: Tensor, seed: int | None = None) -> Batch:
        """Return the examples at these indices (N,) side by side: (N, T) both.

        Args:
            indices: Which windows.
            seed: Of an epoch of a training: where its first window begins. None: at the beginning.
        """
        first = 0 if seed is None else seed % self.size
        last = len(self.sequence) - 1 - self.size  # no window can begin behind it
        begins = (first + indices * self.size).clamp(max=last)
        windows = self.sequence[begins.unsqueeze(1) + torch.arange(self.size + 1)].long()
        return windows[:, :-1], windows[:, 1:]


def as_batch(tensors: list[Tensor]) -> Batch:
    """Return the inputs and the labels out of a list that ends with the labels."""
    *inputs, labels = tensors
    for number, tensor in enumerate(inputs):
        if tensor.dtype == torch.uint8:
            inputs[number] = tensor.float().div_(255)
    if len(inputs) == 1:
        return inputs[0], labels
    return tuple(inputs), labels


def labels_of(dataset: Any) -> Tensor | None:
    """Return the labels of all examples (N,) where the dataset has them, else None.

    A dataset tells them as `.labels`, or as `.targets` like those of torchvision. To ask each
    example instead would read all the data.
    """
    for name in ("labels", "targets"):
        labels = getattr(dataset, name, None)
        if isinstance(labels, Tensor | np.ndarray | list) and len(labels) == len(dataset):
            try:
                labels = torch.as_tensor(labels)
            except (TypeError, ValueError, RuntimeError):  # names instead of numbers
                continue
            if labels.dim() != 1:  # there is a label for each place of an input
                return None
            return labels if labels.is_floating_point() else labels.long()
    return None


def to_device(batch: Batch, device: torch.device) -> Batch:
    """Return a batch on a device."""
    inputs, labels = batch
    return inputs_to_device(inputs, device), labels.to(device, non_blocking=True)


def inputs_to_device(inputs: Any, device: torch.device) -> Any:
    """Return inputs on a device: a tensor, or a tuple or a dict of tensors."""
    if isinstance(inputs, tuple):
        return tuple(inputs_to_device(part, device) for part in inputs)
    if isinstance(inputs, dict):
        return {name: inputs_to_device(part, device) for name, part in inputs.items()}
    return inputs.to(device, non_blocking=True)


class BatchRequest(NamedTuple):
    """Which examples make up a batch, and the seed for what is random in reading them."""

    indices: Tensor  # (N,)
    seed: int | None  # None: the random generators are left as they are, as in validation

    def __reduce__(self) -> tuple[Any, ...]:
        """Go to a worker as plain numbers: a tensor would need shared memory, which may be full."""
        return request_of, (self.indices.tolist(), self.seed)


def request_of(indices: list[int], seed: int | None) -> BatchRequest:
    """Return a request, in the worker that it was sent to."""
    return BatchRequest(torch.tensor(indices, dtype=torch.long), seed)


class BatchSampler(Sampler[BatchRequest]):
    """Yields what each batch of an epoch is made of. Batches differ by one example at the most.

    The order is a function of the seed and the epoch. With several processes each takes its share
    of every batch, so each example counts once.

    With `accumulate` the batches of one optimizer step hold the examples of one large batch, of
    `accumulate` times the size: the same ones, in the same order.

    Args:
        dataset: Where the examples are. With an attribute `sizes` (N,), examples of like size
            share a batch, which saves padding.
        batch_size: The most examples in a batch, of all processes together. So that batches are
            of equal size, they may be a little smaller.
        seed: Of the training; without one the order stays, as validation needs it.
        limit: The most batches in an epoch; 0 takes all. An optimizer step is taken whole.
        accumulate: The most batches in an optimizer step.
    """

    def __init__(
        self, dataset: Any, batch_size: int, seed: int | None, limit: int, accumulate: int = 1
    ) -> None:
        self.examples = len(dataset)
        self.sizes: Tensor | None = None
        sizes = getattr(dataset, "sizes", None)
        if isinstance(sizes, Tensor) and sizes.shape == (self.examples,):
            self.sizes = sizes
        self.seed = seed
        self.large_batches = ceil_divide(self.examples, accumulate * batch_size)
        smallest = self.examples // self.large_batches
        largest = ceil_divide(self.examples, self.large_batches)
        # None is empty: with batch_size 1 some may hold two examples instead.
        self.batches_per_step = min(ceil_divide(largest, batch_size), smallest)
        self.steps = self.large_batches  # optimizer steps in an epoch
        if limit:
            self.steps = min(self.steps, ceil_divide(limit, self.batches_per_step))
        self.epoch = 0
        self.start = 0  # how many steps of the epoch are done already
        self.device = CPU  # where the data are, their indices must be
        batches = self.large_batches * self.batches_per_step
        if self.examples < batches * WORLD_SIZE:
            few = f"{self.examples} examples in {batches} batches are too few"
            raise UserError(
                f"{few} for {WORLD_SIZE} processes: take fewer, or a larger --batch-size"
            )

    def go_to(self, epoch: int, batch: int) -> None:
        """Let the next iteration begin in this epoch, after this many of its batches.

        They are those of whole steps.
        """
        self.epoch = epoch
        self.start = batch // self.batches_per_step

    def __len__(self) -> int:
        return (self.steps - self.start) * self.batches_per_step

    def __iter__(self) -> Iterator[BatchRequest]:
        """Yield the batches of this epoch that are left."""
        order, turns = self.arrange()
        order = order.to(self.device)
        seed = None
        if self.seed is not None:
            seed = seed_for(self.seed, "example", self.epoch)
        for turn in turns[self.start : self.steps]:
            large_batch = order[self.first_of(turn) : self.first_of(turn + 1)]
            for batch in large_batch.tensor_split(self.batches_per_step):
                yield BatchRequest(self.share_of(batch), seed)

    def shares_of_steps(self) -> Iterator[float]:
        """Yield for each batch that is left which share of its step's examples it holds."""
        _, turns = self.arrange()
        for turn in turns[self.start : self.steps]:
            size = self.first_of(turn + 1) - self.first_of(turn)
            for batch in torch.arange(size).tensor_split(self.batches_per_step):
                yield len(batch) / size

    def arrange(self) -> tuple[Tensor, Sequence[int]]:
        """Return the order of the examples in this epoch (N,), and that of the large batches."""
        turns: Sequence[int] = range(self.large_batches)
        if self.seed is None:
            order = torch.arange(self.examples)
        else:
            generator = torch.Generator().manual_seed(seed_for(self.seed, "order", self.epoch))
            order = torch.randperm(self.examples, generator=generator)
        if self.sizes is not None:
            order = self.by_size(order)
            if self.seed is not None:  # the short ones shall not all come first
                turns = torch.randperm(self.large_batches, generator=generator).tolist()
        return order, turns

    def first_of(self, turn: int) -> int:
        """Return where in the order a large batch begins: the first ones may be larger by one."""
        size, larger_ones = divmod(self.examples, self.large_batches)
        return turn * size + min(turn, larger_ones)

    def by_size(self, order: Tensor) -> Tensor:
        """Return the order (N,) so that examples of like size are neighbours.

        They are sorted within 32 batches at a time, so that batches differ from epoch to epoch.
        """
        assert self.sizes is not None
        pools = order.tensor_split(ceil_divide(self.large_batches, BATCHES_IN_A_POOL))
        return torch.cat([pool[self.sizes[pool].argsort(stable=True)] for pool in pools])

    def share_of(self, batch: Tensor) -> Tensor:
        """Return this process's share of a batch."""
        if WORLD_SIZE == 1:
            return batch
        return batch.tensor_split(WORLD_SIZE)[RANK]

    def indices(self) -> Tensor:
        """Return the indices of this process's examples in the order that they are read (N,)."""
        return torch.cat([request.indices for request in self])


def ceil_divide(number: int, divisor: int) -> int:
    """Return the quotient, rounded up."""
    return -(-number // divisor)


IN_MEMORY = (InMemory, Sequences, Windows)


class BatchReader(Dataset):
    """Reads whole batches out of a dataset, in the training process or in a worker.

    InMemory, Sequences and Windows are read the fast way, unless a subclass overrides their
    `__getitem__`. Any other dataset is asked for one example at a time, in each epoch again, so
    whatever it computes, it computes afresh.
    """

    def __init__(self, dataset: Any) -> None:
        self.dataset = dataset
        own = type(dataset).__getitem__
        self.is_in_memory = own in tuple(kind.__getitem__ for kind in IN_MEMORY)

    def __getitem__(self, index: BatchRequest) -> Batch:
        """Return the batch that the sampler asks for."""
        indices, seed = index
        if isinstance(self.dataset, Windows) and self.is_in_memory:
            return self.dataset.batch(indices, seed)
        if self.is_in_memory:
            return self.dataset.batch(indices)
        examples = []
        for number in indices.tolist():
            if seed is not None:
                seed_random_numbers(seed + number)
            examples.append(self.dataset[number])
        source = f"{type(self.dataset).__name__}.__getitem__"
        return collate(examples, source, collate_fn_of(self.dataset))


def first_examples(dataset: Any, count: int) -> Batch:
    """Return the first examples of a dataset as a batch, on the CPU; fewer where it has fewer."""
    request = BatchRequest(torch.arange(min(count, len(dataset))), seed=None)
    return BatchReader(dataset)[request]


def collate_fn_of(dataset: Any) -> Callable[..., Any] | None:
    """Return a dataset's own `collate_fn`, also of one that a Subset is a part of."""
    while dataset is not None:
        collate_fn = getattr(dataset, "collate_fn", None)
        if collate_fn is not None:
            return collate_fn
        dataset = getattr(dataset, "dataset", None)  # random_split makes a Subset
    return None


def seed_for(*where: int | str) -> int:
    """Return a seed for this place in a training, the same on every machine.

    Args:
        where: As in seed_for(0, "order", 3): the seed of the training, what it is for, the epoch.
    """
    digest = hashlib.blake2b(repr(where).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 1  # PyTorch takes 63 bits


def seed_random_numbers(seed: int, device: torch.device | None = None) -> None:
    """Let the next random numbers depend on this seed alone: PyTorch's, Python's and NumPy's.

    Args:
        seed: Any number.
        device: Where random numbers are drawn beside the CPU.
    """
    torch.default_generator.manual_seed(seed)  # 100 times faster than torch.manual_seed
    random.seed(seed)
    np.random.seed(seed % 2**32)
    if device is not None and device.type != "cpu":
        torch.get_device_module(device).manual_seed(seed)


def collate(
    examples: list[Any], source: str, collate_fn: Callable[..., Any] | None = None
) -> Batch:
    """Return examples as a batch: by the function that is given, else by PyTorch's default.

    Args:
        examples: Pairs of an input and a label.
        source: Where they come from, for messages: the name of a function in data.py.
        collate_fn: The dataset's own, where it has one.

    Raises:
        UserError: They are no such pairs, or do not fit together.
    """
    if collate_fn is not None:
        inputs, labels = collate_fn(examples)
    else:
        for example in examples:
            if not isinstance(example, tuple | list) or len(example) != 2:
                raise UserError(
                    f"data.py: {source} gives {summary(example)}: "
                    "it must return a pair, (input, label)"
                )
        try:
            inputs, labels = default_collate(examples)
        except (TypeError, RuntimeError) as error:
            kinds = dict.fromkeys(summary(example) for example in examples)
            shown = " and ".join(list(kinds)[:3])
            raise UserError(
                f"data.py: {source} gives examples that make no batch, {shown}: they must hold "
                "numbers, arrays or tensors of one shape, or the dataset needs a collate_fn"
            ) from error
    if isinstance(inputs, list):  # default_collate makes a list of several parts
        inputs = tuple(inputs)
    return checked_inputs(inputs, source), checked_labels(labels, source)


def checked_inputs(inputs: Any, source: str) -> Any:
    """Return inputs (N, ...), or a tuple of them, as tensors that a model takes."""
    if isinstance(inputs, tuple):
        return tuple(checked_inputs(part, source) for part in inputs)
    if isinstance(inputs, dict):
        return {name: checked_inputs(part, source) for name, part in inputs.items()}
    if not isinstance(inputs, Tensor):
        raise UserError(
            f"data.py: {source} gives an input that holds {summary(inputs)}: "
            "it must be a number, an array or a tensor, or a tuple of these"
        )
    if inputs.dtype == torch.uint8:
        raise UserError(
            f"data.py: {source} gives {summary(inputs[0])}: "
            "a picture must be float32 in 0..1, so write .float() / 255"
        )
    return to_float32(inputs)


def to_float32(tensor: Tensor) -> Tensor:
    """Return a tensor with float64, as NumPy makes it, turned into float32."""
    return tensor.float() if tensor.dtype == torch.float64 else tensor


def checked_labels(labels: Any, source: str) -> Tensor:
    """Return labels (N,) as int64 or float32."""
    if not isinstance(labels, Tensor):
        came = summary(labels[0] if isinstance(labels, list | tuple) and labels else labels)
        raise UserError(
            f"data.py: {source} gives a label that is {came}: "
            "it must be the number of its class, or the number to predict"
        )
    if labels.dim() == 2 and labels.shape[1] == 1:
        raise UserError(
            f"data.py: {source} gives a label of shape (1,): "
            "it must be a single number, without a dimension"
        )
    return labels.float() if labels.is_floating_point() else labels.long()


def summary(value: Any) -> str:
    """Return what a value is, for a message: its type, of a tensor or an array also its shape."""
    if isinstance(value, Tensor):
        kind = str(value.dtype).removeprefix("torch.")
        return f"a tensor {tuple(value.shape)} {kind}"
    if isinstance(value, np.ndarray):
        return f"an array {value.shape} {value.dtype}"
    if isinstance(value, tuple | list):
        inside = ", ".join(summary(one) for one in value[:4])
        return f"a {type(value).__name__} of {len(value)} ({inside})"
    return f"a {type(value).__name__}"
