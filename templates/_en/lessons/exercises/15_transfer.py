"""Exercises 15: somebody else's model."""

import torch
from torch import nn


def freeze_all_but(model: nn.Module, name: str) -> None:
    """Let only one part of a model be trained: that of this name, with all that is in it.

    `requires_grad` is True for its parameters and False for all others, whatever it was before.
    `model.get_submodule(name)` returns a part by its name, such as "head" or "body.1".
    """
    raise NotImplementedError


def replace_last_linear(model: nn.Sequential, classes: int) -> nn.Sequential:
    """Return a copy of the model whose last `nn.Linear` is new, and gives `classes` outputs.

    It is somewhere in the `nn.Sequential`: other layers may stand behind it. The new layer has
    as many inputs as the old one, and a bias if the old one had one. All other layers have the
    same weights as in the model, which itself stays as it is: `copy.deepcopy` copies it.
    """
    raise NotImplementedError


def count_trainable(model: nn.Module) -> int:
    """Return how many numbers an optimizer can change in a model: those that are not frozen.

    A parameter that two layers share is there once.

    >>> count_trainable(nn.Linear(3, 2))
    8
    """
    raise NotImplementedError


def two_rates(
    model: nn.Module, new: nn.Module, lr: float, old_lr: float
) -> list[dict[str, list | float]]:
    """Return the groups of parameters for an optimizer that has two learning rates.

    The first group has the parameters of `new`, a part of the model, with the rate `lr`; the
    second has all other parameters of the model, with `old_lr`. A group is a dict with a list
    "params" and a number "lr". Frozen parameters are in no group.
    """
    raise NotImplementedError


def load_what_fits(model: nn.Module, state: dict[str, torch.Tensor]) -> list[str]:
    """Load a state_dict of another model: each tensor whose name and shape are in the model, too.

    All others stay as they are. Return the names of those, sorted: what the model has and could
    not load. What the state has and the model has not is left out silently.
    """
    raise NotImplementedError
