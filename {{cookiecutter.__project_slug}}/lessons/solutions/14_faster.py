"""How the exercises of lesson 14 can be solved."""

import statistics
import time

from torch import nn


def median_seconds(function, warmup, repeats):
    for _ in range(warmup):
        function()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def accumulate_gradients(model, inputs, targets, size):
    model.zero_grad()
    for some_inputs, some_targets in zip(inputs.split(size), targets.split(size), strict=True):
        loss = nn.functional.mse_loss(model(some_inputs), some_targets)
        share = len(some_inputs) / len(inputs)  # the last part may be smaller
        (loss * share).backward()


def training_bytes(model):
    total = 0
    for weight in model.parameters():
        copies = 4 if weight.requires_grad else 1
        total += copies * weight.nbytes
    return total


def moving_average(series, width):
    return series.unfold(0, width, 1).mean(dim=1)


def slowest_layer(model, inputs):
    started = {}
    seconds = {}
    handles = []
    for name, layer in model.named_modules():
        if any(layer.children()):
            continue
        seconds[name] = 0.0

        def before(layer, inputs, name=name):
            started[name] = time.perf_counter()

        def after(layer, inputs, output, name=name):
            seconds[name] += time.perf_counter() - started[name]

        handles.append(layer.register_forward_pre_hook(before))
        handles.append(layer.register_forward_hook(after))
    model(inputs)
    for handle in handles:
        handle.remove()
    return max(seconds, key=seconds.get)
