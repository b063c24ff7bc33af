"""Cases for exercises 1: (arguments, what should come out, what of it is compared)."""

import torch
from torch.utils.data import TensorDataset

from engine.dataset import Data, Info
from lessons.cases import Case
from lessons.sample import batch, project_data, tensors_of


def examples(count):
    """Return a Dataset of so many examples."""
    return TensorDataset(torch.zeros(count), torch.zeros(count))


def example_data(train, val, test, classes):
    """Return data with so many examples in each part."""
    info = Info(classes=classes)
    return Data(train=examples(train), val=examples(val), test=examples(test), info=info)


def installed_version():
    def without_build(version):
        return version.partition("+")[0]  # 2.13.0+cpu: a build of 2.13.0

    yield Case((), without_build(str(torch.__version__)), view=without_build)


def batch_shapes():
    yield Case(([torch.zeros(8, 3), torch.zeros(8)],), [(8, 3), (8,)])
    tensors = tensors_of(batch(5))
    yield Case((tensors,), [tuple(tensor.size()) for tensor in tensors])


def count_classes():
    yield Case((example_data(3, 1, 1, ["cat", "dog"]),), 2)
    yield Case((project_data(),), len(project_data().info.classes))


def training_share():
    yield Case((example_data(3, 1, 1, []),), 0.6)
    data = project_data()
    train, val, test = (len(getattr(data, name)) for name in ("train", "val", "test"))
    yield Case((data,), train / (train + val + test))
