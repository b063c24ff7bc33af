"""Cases for exercises 8: (arguments, what should come out, what of it is compared)."""

from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from torch import nn

from lessons.cases import Case
from lessons.sample import last_weights, network


def weight_shapes():
    yield Case((nn.Linear(3, 2),), {"weight": (2, 3), "bias": (2,)})
    running = {"running_mean": (3,), "running_var": (3,), "num_batches_tracked": ()}
    yield Case((nn.BatchNorm1d(3),), {"weight": (3,), "bias": (3,), **running})
    model = network()
    yield Case((model,), {name: tuple(part.size()) for name, part in model.state_dict().items()})


def copy_weights():
    def is_target(model):
        return model is target

    source, target = network(), network()
    for part in source.parameters():
        part.data += 1
    yield Case((source, target), last_weights(source), view=last_weights, changes=(1,))
    yield Case((source, target), True, view=is_target, changes=(1,))


def round_trip():
    def files(_):
        return [path.name for path in Path(folder).iterdir()]

    def is_state(loaded):
        return loaded is state

    state = {"weight": torch.tensor([1.0, 2.0]), "epoch": 3}
    with TemporaryDirectory() as folder:
        path = Path(folder, "state.pt")
        yield Case((state, path), state)
        yield Case((state, path), ["state.pt"], view=files)
        yield Case((state, path), False, view=is_state)


def without_prefix():
    yield Case(({"module.weight": 1, "module.bias": 2}, "module."), {"weight": 1, "bias": 2})
    names = {"module.dense.weight": 1, "module.my_module.bias": 2}
    yield Case((names, "module."), {"dense.weight": 1, "my_module.bias": 2})
