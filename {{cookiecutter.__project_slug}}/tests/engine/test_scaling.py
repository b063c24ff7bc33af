"""What scales the numbers of a column."""

import torch

from engine.scaling import learn_scale


def test_a_column_is_scaled_by_its_mean_and_standard_deviation():
    scale = learn_scale(torch.tensor([1.0, 2.0, 4.0, 5.0], dtype=torch.double))
    assert (scale.center, scale.scale) == (3, 2.5**0.5)


def test_a_column_of_one_value_or_of_none_can_be_scaled_too():
    assert learn_scale(torch.tensor([7.0, 7.0], dtype=torch.double))[:2] == (7, 1)
    assert learn_scale(torch.empty(0, dtype=torch.double))[:2] == (0, 1)
