"""Exercises 14: faster."""

from collections.abc import Callable

import torch
from torch import nn


def median_seconds(function: Callable[[], object], warmup: int, repeats: int) -> float:
    """Return the median time of a call of the function, in seconds.

    Call it `warmup` times without measuring, then `repeats` times, and measure each of these
    calls. The median of 4 times is the mean of the two in the middle.
    """
    raise NotImplementedError


def accumulate_gradients(
    model: nn.Module, inputs: torch.Tensor, targets: torch.Tensor, size: int
) -> None:
    """Leave the gradient of a large batch in each `weight.grad`, in the memory of a small one.

    The loss is `nn.functional.mse_loss(model(inputs), targets)`, the mean over all examples. Never
    call the model with more than `size` of them at once. The last part may be smaller than the
    others. Gradients that were there before do not count.
    """
    raise NotImplementedError


def training_bytes(model: nn.Module) -> int:
    """Return how many bytes a training with Adam keeps for the parameters of a model.

    These are the parameters, and for each that is trained (`requires_grad`) a gradient and two
    moments, as large as the parameter and of the same dtype. Buffers and activations do not count.

    >>> training_bytes(nn.Linear(10, 1))
    176
    """
    raise NotImplementedError


def moving_average(series: torch.Tensor, width: int) -> torch.Tensor:
    """Return the mean of each `width` numbers that follow each other: (N - width + 1,).

    `series` is (N,) float32, and `width` is from 1 to N. No loop: a few operations of PyTorch
    for any length, and no numbers taken out of the tensor.

    >>> moving_average(torch.tensor([1.0, 3.0, 5.0, 10.0]), 2)
    tensor([2.0000, 4.0000, 7.5000])
    """
    raise NotImplementedError


def slowest_layer(model: nn.Module, inputs: torch.Tensor) -> str:
    """Return the name of the layer in which one call `model(inputs)` spends the most time.

    Layers are the modules without modules inside. The times of a layer that is called several
    times add up. Find it with hooks: `layer.register_forward_pre_hook(hook)` calls
    `hook(layer, inputs)` before the layer works, `layer.register_forward_hook(hook)` calls
    `hook(layer, inputs, output)` afterwards, and both return a handle whose `remove()` takes the
    hook away. No hook stays on the model, and the gradients of its weights stay as they are.
    """
    raise NotImplementedError
