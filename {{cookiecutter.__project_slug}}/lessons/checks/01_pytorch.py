"""Cases for exercises 1."""

from contextlib import suppress
from importlib.metadata import PackageNotFoundError, PathDistribution, version
from unittest.mock import patch

import torch
from torch.torch_version import TorchVersion
from torch.utils.data import TensorDataset

from engine.dataset import Data, Info
from lessons.cases import Case, OneOf
from lessons.sample import batch, project_data, tensors_of


def installed_version():
    installed = str(torch.__version__)
    without_build = installed.partition("+")[0]  # 2.13.0+cpu: a build of 2.13.0
    right = [installed, without_build]
    with suppress(PackageNotFoundError):  # PyTorch was built here, and not installed
        right.append(version("torch"))
    yield Case((), OneOf(*right))

    other = TorchVersion("9.8.7+cpu")

    def on_another_computer(answer):
        with (
            patch.object(torch, "__version__", other),
            patch.object(torch.version, "__version__", str(other)),
            patch.object(torch.torch_version, "__version__", other),
            patch.object(PathDistribution, "read_text", lambda *_: "Name: torch\nVersion: 9.8.7\n"),
        ):
            found = answer()
        # Imported at the top of the file, it is the one of this computer, and no text of one's own.
        return other if isinstance(found, TorchVersion) else found

    yield Case(expected=OneOf("9.8.7", str(other)), run=on_another_computer, about="elsewhere")


def batch_shapes():
    yield Case(([torch.zeros(8, 3), torch.zeros(8)],), [torch.Size([8, 3]), torch.Size([8])])
    for count in (1, 3, 4):
        shapes = [torch.Size(torch.randint(1, 9, (axes + 1,))) for axes in range(count)]
        yield Case(([torch.randn(shape) for shape in shapes],), shapes, about="count")
    shapes = [torch.Size([]), torch.Size([0, 2])]
    yield Case(([torch.zeros(()), torch.zeros(0, 2)],), shapes, about="empty")
    tensors = tensors_of(batch(5))
    yield Case((tensors,), [tensor.size() for tensor in tensors])


def examples(count, classes):
    """Return a Dataset of so many examples, of the first so many classes."""
    return TensorDataset(torch.zeros(count), torch.arange(count) % classes)


def example_data(train, val, test, names, classes=1):
    """Return data with so many examples in each part, of the first so many of the classes."""
    parts = [examples(count, classes) for count in (train, val, test)]
    return Data(*parts, info=Info(classes=names))


def count_classes():
    yield Case((example_data(3, 1, 1, ["cat", "dog"], classes=2),), 2)
    yield Case((project_data(),), len(project_data().info.classes))
    for count in torch.randint(3, 30, (2,)).tolist():
        names = [f"kind {number}" for number in range(count)]
        yield Case((example_data(7, 2, 4, names),), count, about="unseen")
    yield Case((example_data(4, 1, 2, []),), 0, about="numbers")


def training_share():
    yield Case((example_data(3, 1, 1, []),), 0.6)
    for _ in range(3):
        train, val, test = torch.randint(1, 50, (3,)).tolist()
        data = example_data(train, val, test, ["cat", "dog"])
        yield Case((data,), train / (train + val + test), about="exact")
    yield Case((example_data(5, 0, 0, []),), 1.0, about="empty")
    yield Case((example_data(0, 2, 1, []),), 0.0, about="empty")
    yield Case((example_data(1, 2, 0, []),), 1 / 3, about="empty")
    data = project_data()
    train, val, test = (len(getattr(data, name)) for name in ("train", "val", "test"))
    yield Case((data,), train / (train + val + test))
