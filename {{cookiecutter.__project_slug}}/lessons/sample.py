"""The project's own data and network, as the exercises are tried with them."""

from copy import deepcopy
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn

from config import Config
from data import load_data
from engine.dataset import Batch, BatchReader, BatchRequest, Data
from model import build_model, compute_loss


@cache
def project_data() -> Data:
    """Return the project's data, read once."""
    return load_data(Config())


def batch(size: int = 8) -> Batch:
    """Return a batch from all over the training data: new tensors, which an answer may spoil."""
    dataset: Any = project_data().train
    indices = torch.linspace(0, len(dataset) - 1, size).long()
    return BatchReader(dataset)[BatchRequest(indices, seed=0)]


def inputs_of(batch: Batch) -> tuple[Tensor, ...]:
    """Return the inputs of a batch as the arguments of a network: model(*inputs)."""
    inputs, _ = batch
    return inputs if isinstance(inputs, tuple) else (inputs,)


def tensors_of(batch: Batch) -> list[Tensor]:
    """Return all tensors of a batch: the inputs, and last the labels."""
    _, labels = batch
    return [*inputs_of(batch), labels]


@cache
def first_network() -> nn.Module:
    """Return the project's network, with nothing random in it."""
    torch.manual_seed(0)
    return build_model(Config(), project_data().info).eval()


def network() -> nn.Module:
    """Return a copy of it, which an exercise may train. Its dropout drops nothing."""
    model = deepcopy(first_network())
    for layer in model.modules():
        if hasattr(layer, "p") and "Dropout" in type(layer).__name__:
            setattr(layer, "p", 0.0)  # noqa: B010  # nn.Module has no p
        if isinstance(layer, nn.RNNBase):
            layer.dropout = 0.0
    return model


def parameters(model: nn.Module) -> dict[str, Tensor]:
    """Return what each parameter of a network holds now, by its name."""
    return {name: weight.detach().clone() for name, weight in model.named_parameters()}


def gradients(model: nn.Module, batch: Batch) -> dict[str, Tensor]:
    """Return the gradient of the mean loss, of each parameter that gets one, by its name."""
    losses, _ = compute_loss(model, batch, Config())
    parameters = {name: p for name, p in model.named_parameters() if p.requires_grad}
    found = torch.autograd.grad(losses.mean(), list(parameters.values()), allow_unused=True)
    named = zip(parameters, found, strict=True)
    return {name: gradient for name, gradient in named if gradient is not None}


@cache
def last_trained() -> str:
    """Return the name of the last parameter that gets a gradient: not all need to.

    A part of the network may be frozen, or work in training alone.
    """
    return list(gradients(network(), batch()))[-1]


def last_weights(model: nn.Module) -> Tensor:
    """Return what that parameter holds now."""
    return model.get_parameter(last_trained()).detach()
