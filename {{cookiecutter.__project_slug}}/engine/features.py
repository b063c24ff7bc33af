"""While a backbone is frozen, what it makes of an example stays the same: compute it once."""

import copy
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from tqdm import tqdm

from engine.answers import call
from engine.dataset import (
    Batch,
    BatchReader,
    BatchSampler,
    Data,
    InMemory,
    first_examples,
    seed_random_numbers,
    to_device,
)
from engine.device import autocast
from engine.evaluation import in_order
from engine.learned import BACKBONE, learned_names
from engine.loader import make_loader
from engine.processes import RANK
from engine.settings import Settings

ComputeLoss = Callable[..., tuple[Tensor, Tensor]]  # compute_loss of model.py
BATCH = 64  # examples that go through the backbone at once
TRIED = 16  # examples, to see whether compute_loss changes its inputs
SEEDS = (1, 2)


class KeptFeatures(NamedTuple):
    """What is left to train, and what it learns from."""

    model: nn.Module  # the layers behind the backbone, which takes features for inputs
    train: InMemory  # features and labels
    val: InMemory


class PassOn(nn.Module):
    """Stands where a backbone was: what comes in are its features already."""

    def forward(self, features: Tensor) -> Tensor:
        """Return the features."""
        return features


def keep_features(
    model: nn.Module,
    data: Data,
    compute_loss: ComputeLoss,
    settings: Settings,
    device: torch.device,
) -> KeptFeatures | None:
    """Return the layers behind a frozen backbone, and data that hold its features.

    None where the features must be computed anew each time: the inputs are varied at random, the
    data are no InMemory or Sequences, or the network does more with its inputs than to hand them to
    its backbone. Neither with --fsdp, nor in a rehearsal with --limit-batches.

    Args:
        model: On its device, its backbone frozen.
        data: From load_data.
        compute_loss: That of model.py.
        settings: Of the training.
        device: Where to compute.
    """
    if settings.fsdp or settings.limit_batches:
        return None
    if not all(name.startswith(BACKBONE + ".") for name in learned_names(model)):
        return None  # other layers are frozen, too
    if any(weight.requires_grad for weight in getattr(model, BACKBONE).parameters()):
        return None  # a new layer shares a weight with the backbone, and changes it
    if not BatchReader(data.train).is_in_memory or not BatchReader(data.val).is_in_memory:
        return None
    if not takes_features(model, data.train, compute_loss, settings, device):
        return None
    return KeptFeatures(
        without_backbone(model),
        features_of(model, data.train, settings, device),
        features_of(model, data.val, settings, device),
    )


def without_backbone(model: nn.Module) -> nn.Module:
    """Return a model like this one without its backbone. Both have the same weights behind it."""
    backbone = getattr(model, BACKBONE)
    same = {id(backbone): PassOn()}
    for name, tensor in [*model.named_parameters(), *model.named_buffers()]:
        if not name.startswith(BACKBONE + "."):
            same[id(tensor)] = tensor
    return copy.deepcopy(model, same)  # what is in `same` is not copied, but stands there


@torch.no_grad()
def takes_features(
    model: nn.Module,
    dataset: Any,
    compute_loss: ComputeLoss,
    settings: Settings,
    device: torch.device,
) -> bool:
    """Return whether compute_loss gives the same for features in place of inputs.

    It does not where it changes its inputs, as augmentation does. This is tried on a few examples
    with different random numbers. None may be drawn before the backbone is at work: a picture that
    is mirrored now and then may be none of those few.
    """
    trial = copy.deepcopy(model).train()
    getattr(trial, BACKBONE).eval()
    behind = without_backbone(trial)
    inputs, labels = to_device(first_examples(dataset, TRIED), device)
    states: list[list[str]] = []
    try:
        features = call(getattr(trial, BACKBONE), inputs)
        if not isinstance(features, Tensor) or len(features) != len(labels):
            return False
        getattr(trial, BACKBONE).register_forward_pre_hook(
            lambda *_: states.append(random_states(device))
        )
        for seed in SEEDS:
            seed_random_numbers(seed, device)
            states = [random_states(device)]
            whole = try_loss(trial, (inputs, labels), compute_loss, settings, device, seed)
            if len(states) != 2 or states[0] != states[1]:
                return False
            part = try_loss(behind, (features, labels), compute_loss, settings, device, seed)
            for one, other in zip(whole, part, strict=True):
                torch.testing.assert_close(one, other, rtol=1e-3, atol=1e-4)
    except Exception:  # features do not do in place of inputs, in a network of one's own
        return False
    return True


def random_states(device: torch.device) -> list[str]:
    """Return texts that change when a random number is drawn: PyTorch's, Python's or NumPy's."""
    states = [str(torch.get_rng_state().tolist())]
    states.append(str(random.getstate()))
    states.append(str(np.random.get_state()))
    if device.type != "cpu":
        states.append(str(torch.get_device_module(device).get_rng_state().tolist()))
    return states


def try_loss(
    model: nn.Module,
    batch: Batch,
    compute_loss: ComputeLoss,
    settings: Settings,
    device: torch.device,
    seed: int,
) -> tuple[Tensor, Tensor]:
    """Return losses and outputs for a batch, with random numbers that depend on the seed."""
    seed_random_numbers(seed, device)
    return compute_loss(model, batch, settings)


@torch.no_grad()
def features_of(
    model: nn.Module, dataset: Any, settings: Settings, device: torch.device
) -> InMemory:
    """Return a dataset of what the backbone makes of each example, and of the labels.

    Args:
        model: Has a part called `backbone`.
        dataset: InMemory or Sequences.
        settings: `num_workers` and `precision` count here.
        device: Where the backbone is.
    """
    backbone = getattr(model, BACKBONE).eval()
    loader = make_loader(dataset, BATCH, replace(settings, limit_batches=0), device)
    features, labels = [], []
    hidden = True if RANK > 0 else None  # None shows the progress bar only in a terminal
    for batch in tqdm(loader, "features", leave=False, disable=hidden):
        inputs, batch_labels = to_device(batch, device)
        with autocast(device, settings.precision):
            features.append(call(backbone, inputs).float())
        labels.append(batch_labels)
    sampler = loader.sampler
    assert isinstance(sampler, BatchSampler)
    indices = sampler.indices().to(device)  # where each example stands in the dataset
    return InMemory(
        in_order(torch.cat(features), indices, sampler.examples),
        in_order(torch.cat(labels), indices, sampler.examples),
    )
