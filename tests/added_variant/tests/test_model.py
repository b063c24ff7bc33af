"""The network: its shapes."""

import torch

from config import Config
from model import build_model, score_batch


def test_each_point_has_a_loss_and_two_logits():
    model = build_model(Config(), ["below", "above"], {})
    losses, logits = score_batch(model, [torch.rand(5, 2), torch.ones(5).long()], Config())
    assert (losses.shape, logits.shape) == ((5,), (5, 2))
