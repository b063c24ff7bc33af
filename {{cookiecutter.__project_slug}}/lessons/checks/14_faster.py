"""Cases for exercises 14."""

import time
from contextlib import ExitStack
from types import BuiltinFunctionType
from unittest.mock import patch

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from lessons.cases import Case
from lessons.sample import network

UNIT = 0.03  # seconds, where a real clock is needed


class Clock:
    """A function that takes so long, and a clock that nothing else moves."""

    def __init__(self, seconds):
        self.seconds = [*seconds, 0.0]  # one call too many is told, and no IndexError
        self.now = 100.0
        self.calls = 0

    def wind(self):
        """Move the clock."""
        self.now += self.seconds[min(self.calls, len(self.seconds) - 1)]
        self.calls += 1

    def wait(self):
        """Take so long for real: for an answer that looks at another clock."""
        time.sleep(UNIT * self.seconds[min(self.calls, len(self.seconds) - 1)])
        self.calls += 1

    def patched(self, names):
        """Put the clock in the place of the real one, also where its name was imported."""
        clocks = {time.time: lambda: self.now, time.perf_counter: lambda: self.now}
        clocks |= {time.perf_counter_ns: lambda: round(1e9 * self.now)}
        clocks |= {time.time_ns: lambda: round(1e9 * self.now)}
        stack = ExitStack()
        stack.enter_context(
            patch.multiple(time, **{real.__name__: clock for real, clock in clocks.items()})
        )
        imported = {}
        for name, value in names.items():
            if isinstance(value, BuiltinFunctionType) and value in clocks:
                imported[name] = clocks[value]
        stack.enter_context(patch.dict(names, imported))
        return stack


def median_seconds():
    def case(seconds, warmup, median, about):
        def seconds_and_calls(median_seconds):
            repeats = len(seconds) - warmup
            clock = Clock(seconds)
            with clock.patched(median_seconds.__globals__):
                got = median_seconds(clock.wind, warmup, repeats)
            if type(got) is float and 0 <= got < 0.1:  # it has looked at another clock
                clock = Clock(seconds)
                got = median_seconds(clock.wait, warmup, repeats) / UNIT
                got = median if abs(got - median) < 0.6 else got
            return [got, clock.calls]

        return Case(expected=[median, len(seconds)], run=seconds_and_calls, about=about)

    yield case([9.0, 1.0, 3.0, 2.0], 1, 2.0, "warmup")
    yield case([1.0, 3.0, 20.0, 2.0, 0.5], 0, 2.0, "median")
    yield case([5.0, 5.0, 8.0, 1.0, 2.0, 20.0], 2, 5.0, "even")
    yield case([7.0], 0, 7.0, "one")
    yield case([4.0, 4.0, 4.0, 1.0], 3, 1.0, "one")


class Counting(nn.Module):
    """A model that notes with how many examples it was called."""

    def __init__(self, width, outputs):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(width, 4), nn.Tanh(), nn.Linear(4, outputs))
        self.most = 0

    def forward(self, inputs):
        self.most = max(self.most, len(inputs))
        return self.layers(inputs)


def accumulate_gradients():
    def gradients_after(examples, width, outputs, size, old):
        torch.manual_seed(examples)
        model = Counting(width, outputs)
        inputs, targets = torch.randn(examples, width), torch.randn(examples, outputs)

        def gradients_and_size(accumulate_gradients):
            model.zero_grad()
            model.most = 0
            if old:
                model(inputs[:1]).sum().backward()
            accumulate_gradients(model, inputs, targets, size)
            return {name: weight.grad for name, weight in model.named_parameters()} | {
                "at most so many examples at once": model.most <= size
            }

        def whole(model, inputs, targets, size):
            model.zero_grad()
            nn.functional.mse_loss(model(inputs), targets).backward()
            model.most = 0

        return gradients_and_size, gradients_and_size(whole)

    for examples, width, outputs, size, old, about in (
        (8, 3, 1, 4, False, "equal"),
        (7, 2, 2, 3, False, "uneven"),
        (9, 3, 2, 8, False, "uneven"),
        (4, 2, 1, 1, False, "equal"),
        (5, 4, 1, 8, False, "large"),
        (6, 2, 3, 4, True, "old"),
    ):
        run, expected = gradients_after(examples, width, outputs, size, old)
        yield Case(expected=expected, run=run, about=about)


def training_bytes():
    yield Case((nn.Linear(10, 1),), 176, about="four")
    model = nn.Sequential(nn.Linear(3, 5), nn.ReLU(), nn.Linear(5, 2))
    model[0].requires_grad_(False)
    yield Case((model,), 4 * 20 + 4 * 4 * 12, about="frozen")
    yield Case((nn.Linear(4, 3, dtype=torch.bfloat16),), 2 * 4 * 15, about="dtype")
    yield Case((nn.BatchNorm1d(6),), 4 * 4 * 12, about="buffers")
    tied = nn.Sequential(nn.Embedding(7, 3), nn.Linear(3, 7, bias=False))
    tied[1].weight = tied[0].weight
    yield Case((tied,), 4 * 4 * 21, about="tied")
    yield Case((nn.ReLU(),), 0)
    model = network()
    expected = 0
    for weight in model.parameters():
        expected += weight.numel() * weight.element_size() * (4 if weight.requires_grad else 1)
    yield Case((model,), expected)


class Counter(TorchFunctionMode):
    """Counts the operations, and each number that is taken out of a tensor."""

    def __init__(self):
        super().__init__()
        self.count = 0

    def __torch_function__(self, function, types, args=(), kwargs=None):
        taken_out = function in (torch.Tensor.tolist, torch.Tensor.__iter__, torch.Tensor.unbind)
        self.count += len(args[0]) if taken_out else 1
        return function(*args, **(kwargs or {}))


def moving_average():
    def few_operations_for(numbers, width):
        def mean_is_right_in_at_most_30_operations(moving_average):
            series = torch.sin(torch.arange(float(numbers)))
            with Counter() as counter:
                got = moving_average(series, width)
            sums = torch.cat([torch.zeros(1), series]).double().cumsum(0)
            means = (sums[width:] - sums[:-width]) / width
            right = got.shape == means.shape and bool((got - means).abs().max() < 1e-3)
            return [right, counter.count <= 30]

        return mean_is_right_in_at_most_30_operations

    series = torch.tensor([1.0, 3.0, 5.0, 10.0])
    yield Case((series, 2), torch.tensor([2.0, 4.0, 7.5]))
    yield Case((series, 1), series, about="one")
    yield Case((series, 4), torch.tensor([4.75]), about="all")
    for numbers, width in ((9, 3), (12, 4), (7, 6)):
        series = torch.randn(numbers)
        rows = [series[start : start + width].mean() for start in range(numbers - width + 1)]
        yield Case((series, width), torch.stack(rows), about="random")
    run = few_operations_for(2000, 300)
    yield Case(expected=[True, True], run=run, about="loop")


class Wait(nn.Module):
    """A layer that takes so long."""

    def __init__(self, seconds):
        super().__init__()
        self.seconds = seconds
        self.weight = nn.Parameter(torch.ones(1))

    def forward(self, inputs):
        time.sleep(self.seconds)
        return inputs * self.weight


class Nested(nn.Module):
    """A model with layers inside of parts, one of which works several times."""

    def __init__(self, again, once):
        super().__init__()
        self.often = Wait(again)
        self.part = nn.ModuleDict({"inner": nn.Sequential(nn.ReLU(), Wait(once))})

    def forward(self, inputs):
        for _ in range(4):
            inputs = self.often(inputs)
        return self.part["inner"](inputs)


def slowest_layer():
    def hooks_and_gradients_left(slowest_layer):
        model = nn.Sequential(nn.Linear(2, 2), Wait(0.001))
        slowest_layer(model, torch.ones(3, 2))
        left = 0
        for module in model.modules():
            left += len(module._forward_hooks) + len(module._forward_pre_hooks)
        gradients = [weight.grad for weight in model.parameters() if weight.grad is not None]
        return [left, len(gradients)]

    inputs = torch.ones(2, 3)
    model = nn.Sequential(nn.Linear(3, 3), Wait(0.06), nn.Linear(3, 3))
    yield Case((model, inputs), "1")
    yield Case((nn.Sequential(Wait(0.002), Wait(0.06), nn.ReLU()), inputs), "1")
    yield Case((nn.Sequential(Wait(0.06), nn.Linear(3, 900), nn.ReLU()), inputs), "0")
    yield Case((Nested(0.002, 0.07), inputs), "part.inner.1", about="inside")
    yield Case((Nested(0.03, 0.06), inputs), "often", about="often")
    yield Case(expected=[0, 0], run=hooks_and_gradients_left, about="left")
