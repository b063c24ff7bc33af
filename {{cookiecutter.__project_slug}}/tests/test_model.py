"""Your network and its loss: build_model and compute_loss in model.py."""

from typing import NamedTuple

import pytest
import torch
from torch import nn

from config import Config
from data import Info, load_data
from engine.answers import call
from engine.dataset import Batch
from engine.loader import make_loader
from model import build_model, compute_loss

COUNT = 8  # examples in the batch


class Case(NamedTuple):
    """A new network, and a batch of training examples."""

    model: nn.Module
    batch: Batch
    info: Info


@pytest.fixture
def case() -> Case:
    """Return a new network, the same in each test, and a batch."""
    config = Config()
    data = load_data(config)
    torch.manual_seed(0)
    model = build_model(config, data.info)
    batch = next(iter(make_loader(data.train, COUNT, config, seed=0)))
    return Case(model, batch, data.info)


@torch.no_grad()
def test_the_network_gives_an_output_for_each_example(case):
    inputs, labels = case.batch
    outputs = call(case.model.eval(), inputs)
    if case.info.is_sequence:
        assert outputs.shape[:2] == labels.shape and outputs.dim() == 3, (
            f"the network gives {tuple(outputs.shape)} for windows {tuple(inputs.shape)}: "
            "at each place (N, T) it must give K logits, (N, T, K)"
        )
        return
    expected = (len(labels), len(case.info.classes)) if case.info.classes else (len(labels),)
    assert tuple(outputs.shape) == expected, (
        f"the network gives {tuple(outputs.shape)} for {len(labels)} examples, "
        f"{expected} is expected: how many outputs has the last layer?"
    )


@torch.no_grad()
def test_the_answer_to_an_example_does_not_depend_on_the_others(case):
    inputs, _ = case.batch
    model = case.model.eval()
    together = call(model, inputs)[:1]
    if isinstance(inputs, tuple):
        first = tuple(part[:1] for part in inputs)
    else:
        first = inputs[:1]
    alone = call(model, first)
    torch.testing.assert_close(
        alone,
        together,
        rtol=1e-3,
        atol=1e-4,
        msg="in evaluation the network answers otherwise to an example in a batch than alone: "
        "does something in forward() look at the whole batch, or draw random numbers even "
        "though self.training is False?",
    )


@pytest.mark.parametrize("training", [True, False], ids=["in training", "in evaluation"])
def test_each_example_has_a_loss(case, training):
    losses, _ = compute_loss(case.model.train(training), case.batch, Config())
    count = len(case.batch[1])
    assert tuple(losses.shape) == (count,), (
        f"compute_loss gives losses of shape {tuple(losses.shape)} for {count} examples: "
        f'({count},) is expected, so write reduction="none"'
    )
    assert losses.isfinite().all(), "the loss of a new network is not finite"


def test_every_weight_that_is_trained_gets_a_gradient(case):
    losses, _ = compute_loss(case.model.train(), case.batch, Config())
    losses.mean().backward()
    weights = dict(case.model.named_parameters())
    assert weights, "the network has no weights"
    idle = [
        name for name, weight in weights.items() if weight.requires_grad and weight.grad is None
    ]
    assert not idle, (
        f"the loss does not depend on {', '.join(idle)}: is a layer not used in forward()? "
        "If it is meant to be, freeze it with requires_grad_(False), or delete this test"
    )


def test_the_network_can_learn_a_few_examples_by_heart(case):
    config = Config()
    weights = [weight for weight in case.model.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW(weights, lr=min(config.lr, 0.01))

    def mean_loss() -> float:
        with torch.no_grad():
            losses, _ = compute_loss(case.model.eval(), case.batch, config)
        return losses.mean().item()

    before = mean_loss()
    for step in range(300):
        losses, _ = compute_loss(case.model.train(), case.batch, config)
        optimizer.zero_grad()
        losses.mean().backward()
        optimizer.step()
        if step % 20 == 19 and mean_loss() < before / 2:
            return
    raise AssertionError(
        f"after 300 steps on the same {len(case.batch[1])} examples the loss went from "
        f"{before:.3f} to {mean_loss():.3f} only. A network that cannot learn a few examples by "
        "heart will not learn many: is an activation or the learning rate wrong?"
    )
