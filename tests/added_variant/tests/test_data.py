"""The points: three parts, and what a batch holds."""

import torch

from config import Config
from data import load_splits


def test_a_batch_is_points_and_labels():
    splits = load_splits(Config())
    assert [len(splits[name]) for name in ("train", "val", "test")] == [300, 100, 100]
    points, labels = splits["train"][torch.tensor([3, 1, 4])]
    assert torch.equal(labels, (points.sum(dim=1) > 1).long())
