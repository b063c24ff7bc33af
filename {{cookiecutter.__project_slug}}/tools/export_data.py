"""The test data as a network's inputs: to see their shapes, and to compare answers."""

import inspect
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from engine.dataset import collate
from engine.loader import make_loader
from engine.settings import Settings
from tools.onnx_model import InputForm

BATCH = 256
LOOK_AT = 1000  # examples, to find out whether all inputs have the same shape


class LabelledInputs(NamedTuple):
    """Some of the test examples."""

    inputs: list[Tensor]  # what the exported model takes: those that hold something
    labels: Tensor


class TestInputs:
    """Test examples in batches, as often as they are needed.

    Args:
        dataset: Any map-style dataset.
        settings: Of the training.
        is_sequence: Whether each place of an input has a label, as in a language model.
    """

    __test__ = False  # it is no test of pytest's

    def __init__(self, dataset: Any, settings: Settings, is_sequence: bool) -> None:
        self.dataset = dataset
        self.is_sequence = is_sequence
        self.settings = replace(settings, limit_batches=0, num_workers=0)  # all, by this process

    def batches(self) -> Iterator[LabelledInputs]:
        """Yield all test examples."""
        for inputs, labels in make_loader(self.dataset, BATCH, self.settings):
            yield LabelledInputs(without_empty(as_parts(inputs)), labels)

    def first(self, count: int) -> tuple[Tensor, ...]:
        """Return the inputs of so many examples; where there are fewer, some come twice."""
        examples = [self.dataset[index % len(self.dataset)] for index in range(count)]
        source = f"{type(self.dataset).__name__}.__getitem__"
        inputs, _ = collate(examples, source, getattr(self.dataset, "collate_fn", None))
        return as_parts(inputs)

    def forms(self, model: nn.Module) -> list[InputForm]:
        """Return the form of each input of a network, called as the argument of its forward."""
        batch = self.first(3)
        names = list(inspect.signature(model.forward).parameters)
        if len(names) != len(batch):  # forward(*inputs)
            names = [f"input_{number}" for number in range(len(batch))]
        forms = []
        for number, part in enumerate(batch):
            axes = {0: "batch"}
            varying = self.varying_axes(number)
            for axis in varying:
                axes[axis] = "length" if len(varying) == 1 else f"length_{axis}"
            forms.append(InputForm(names[number], part.dtype, tuple(part.shape), axes))
        return forms

    def varying_axes(self, number: int) -> list[int]:
        """Return the axes of a batch whose size depends on the examples in it.

        Args:
            number: Which of the inputs of an example.
        """
        if self.is_sequence:
            return [1]  # all windows are equally long, but a text may begin with one character
        shapes = set()
        is_text = False
        for index in range(min(LOOK_AT, len(self.dataset))):
            inputs, _ = self.dataset[index]
            example = torch.as_tensor(as_parts(inputs)[number])
            shapes.add(tuple(example.shape))
            is_text = example.dim() == 1 and not example.is_floating_point()
        if len(shapes) == 1 and is_text and hasattr(self.dataset, "collate_fn"):
            return [1]  # texts that happen to be equally long: others will not be
        varying = []
        for axis, sizes in enumerate(zip(*shapes, strict=True), 1):
            if len(set(sizes)) > 1:
                varying.append(axis)
        return varying

    def to_follow(self, forms: list[InputForm]) -> list[Tensor]:
        """Return inputs to follow through a network, without those that are empty.

        An axis that may have any size has 2 or more in them: torch.export takes 1 for a constant.
        """
        example = []
        for form, part in zip(forms, self.first(3), strict=True):
            for axis in form.axes:
                if part.shape[axis] == 1:
                    part = torch.cat([part, part], dim=axis)
            example.append(part)
        return without_empty(tuple(example))


def as_parts(inputs: Any) -> tuple[Any, ...]:
    """Return inputs as what the network's forward takes, one after the other."""
    if isinstance(inputs, tuple):
        return inputs
    return (inputs,)


def without_empty(parts: tuple[Tensor, ...]) -> list[Tensor]:
    """Return the inputs that hold something: not the categories of a table without any."""
    return [part for part in parts if 0 not in part.shape[1:]]
