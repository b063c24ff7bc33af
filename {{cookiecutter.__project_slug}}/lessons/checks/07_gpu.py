"""Cases for exercises 7: (arguments, what should come out)."""

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from lessons.cases import Case
from lessons.sample import batch, network, tensors_of

CPU, META = torch.device("cpu"), torch.device("meta")


def move():
    def devices(moved):
        return [tensor.device for tensor in moved]

    def devices_of_the_given(answer):
        given = [torch.randn(2, 3), torch.arange(4)]
        answer(given, META)
        return devices(given)

    tensors = tensors_of(batch())
    yield Case((tensors, CPU), tensors_of(batch()), about="batch")
    yield Case((tensors, META), [META] * len(tensors), view=devices, about="meta")
    some = [torch.randn(3, 2), torch.arange(4), torch.tensor(True)]
    yield Case((some, META), [tensor.to(META) for tensor in some], about="meta")
    yield Case((), [CPU, CPU], run=devices_of_the_given, about="stay")
    yield Case(([], META), [])


class Renamed(nn.Module):
    """A network without the usual names, and with a buffer."""

    def __init__(self):
        super().__init__()
        self.running = nn.Buffer(torch.zeros(3))
        self.body = nn.ModuleDict({"first": nn.Conv2d(2, 3, 1), "second": nn.PReLU()})


def device_of():
    yield Case((nn.Linear(3, 2),), CPU, about="cpu")
    yield Case((nn.Linear(3, 2, device="meta"),), META, about="meta")
    yield Case((network(),), CPU, about="cpu")
    yield Case((Renamed().to(META),), META, about="names")
    yield Case((nn.Sequential(nn.ReLU(), nn.GRU(2, 3, device="meta")),), META, about="names")


def megabytes():
    yield Case((nn.Linear(1000, 1000, bias=False),), 4.0)
    yield Case((nn.Linear(1000, 1000, bias=False, dtype=torch.bfloat16),), 2.0, about="half")
    yield Case((nn.Linear(300, 200),), 0.2408, about="bias")
    mixed = nn.Sequential(
        nn.Linear(100, 200, dtype=torch.float64), nn.ReLU(), nn.Linear(200, 300).half()
    )
    yield Case((mixed,), (20_200 * 8 + 60_300 * 2) / 1e6, about="mixed")
    frozen = nn.Sequential(nn.Linear(50, 40).requires_grad_(False), nn.Linear(40, 30))
    yield Case((frozen,), (2_040 + 1_230) * 4 / 1e6, about="frozen")
    yield Case((nn.BatchNorm1d(500),), 0.004, about="buffers")
    model = network()
    total = sum(weights.nbytes for weights in model.parameters())
    yield Case((model,), total / 1e6, about="project")


class Watch(TorchFunctionMode):
    """Sees each call of PyTorch: whether it was a product, and whether autocast was on."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def __torch_function__(self, function, types, arguments=(), settings=None):
        """Call the function of PyTorch, as it would have been called."""
        name = getattr(function, "__name__", "")
        if any(part in name for part in ("matmul", "mm", "einsum", "linear", "dot", "mv", "bmm")):
            self.seen.append(torch.is_autocast_enabled("cpu"))
        return function(*arguments, **(settings or {}))


def numbers(rows, columns):
    """Return whole numbers other than 0, each a little larger than bfloat16 can tell."""
    whole = torch.randint(1, 5, (rows, columns)) * (2 * torch.randint(2, (rows, columns)) - 1)
    return whole + 0.003 * whole.sign()


def product_in_bfloat16():
    def autocast_was_on(answer):
        with Watch() as watch:
            answer(a, b)
        return any(watch.seen)

    def autocast_is_on_afterwards(answer):
        answer(a, b)
        on = torch.is_autocast_enabled("cpu")
        torch.set_autocast_enabled("cpu", False)
        return on

    a, b = torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0], [4.0]])
    yield Case((a, b), torch.tensor([[11.0]], dtype=torch.bfloat16))
    for rows, inner, columns in ((3, 4, 2), (5, 7, 6), (1, 2, 9)):
        a, b = numbers(rows, inner), numbers(inner, columns)
        expected = (a.round() @ b.round()).bfloat16()  # so small numbers are exact
        yield Case((a, b), expected, about="values")
        yield Case((), True, run=autocast_was_on, about="autocast")
        yield Case((), False, run=autocast_is_on_afterwards, about="after")


def move_batch():
    def kinds(moved):
        """Return the types in a batch, in the order in which they stand there."""
        if isinstance(moved, dict):
            return ["dict", *[kinds(part) for part in moved.values()]]
        if isinstance(moved, list | tuple):
            return [type(moved).__name__, *[kinds(part) for part in moved]]
        return type(moved).__name__

    def devices_of_the_given(answer):
        given = {"image": torch.ones(2, 2), "rows": [torch.arange(3)]}
        answer(given, META)
        return [given["image"].device, given["rows"][0].device]

    def on_meta(*sizes):
        return torch.empty(sizes, device=META)

    yield Case((torch.randn(3, 2), META), on_meta(3, 2), about="tensor")
    pair = (torch.randn(4, 2), torch.randn(4))
    yield Case((pair, META), (on_meta(4, 2), on_meta(4)), about="tuple")
    nested = {"inputs": (torch.randn(2, 3), [torch.randn(5), torch.randn(1)])}
    expected = {"inputs": (on_meta(2, 3), [on_meta(5), on_meta(1)])}
    yield Case((nested, META), expected, about="nested")
    deep = [({"a": {"b": [torch.randn(2)]}},), torch.randn(3)]
    yield Case((deep, META), [({"a": {"b": [on_meta(2)]}},), on_meta(3)], about="nested")
    named = {"image": torch.randn(2, 2), "file": "a.png", "weight": 0.5, "label": None, "n": 3}
    expected = {"image": on_meta(2, 2), "file": "a.png", "weight": 0.5, "label": None, "n": 3}
    yield Case((named, META), expected, about="other")
    values = (torch.randn(3, 1), {"label": torch.arange(3)})
    copy = (values[0].clone(), {"label": values[1]["label"].clone()})
    yield Case((values, CPU), copy, about="values")
    yield Case((deep, META), kinds(deep), view=kinds, about="type")
    yield Case((pair, META), kinds(pair), view=kinds, about="type")
    yield Case((), [CPU, CPU], run=devices_of_the_given, about="stay")


def add_positions():
    yield Case((torch.tensor([[10, 10, 10], [0, 0, 0]]),), torch.tensor([[10, 11, 12], [0, 1, 2]]))
    for rows, length in ((4, 2), (1, 5), (3, 3), (2, 1)):
        inputs = torch.randn(rows, length)
        steps = [column * torch.ones(rows) for column in range(length)]
        yield Case((inputs,), inputs + torch.stack(steps, dim=1), about="sizes")
        yield Case((inputs.to(META),), inputs.to(META), about="device")
