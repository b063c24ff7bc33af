"""What scales the numbers of a column, and those to predict."""

import pytest
import torch

from engine.scaling import learn_scale, learn_target_scale

NORMAL = torch.special.ndtri(torch.linspace(0.0005, 0.9995, 1000))  # normally distributed


def doubles(*values):
    return torch.tensor(values, dtype=torch.double)


def test_a_column_is_scaled_by_its_median_and_the_distance_of_its_quartiles():
    values = torch.randn(10_000, dtype=torch.double) * 3 + 100
    scale = learn_scale(values)
    assert scale.center == pytest.approx(values.median().item(), abs=0.01)
    assert scale.scale == pytest.approx(3, rel=0.05)  # the standard deviation, if it is normal


def test_a_few_values_far_off_hardly_change_the_scale():
    values = torch.arange(1001, dtype=torch.double)
    far = values.clone()
    far[-5:] = 1e9
    assert learn_scale(far)[:2] == learn_scale(values)[:2]


def test_where_most_values_are_the_same_the_others_say_the_scale():
    scale = learn_scale(doubles(0, 0, 0, 0, 0, 0, 0, 8))
    assert (scale.center, scale.scale) == (0, pytest.approx(7**0.5))


def test_a_column_of_one_value_or_of_none_can_be_scaled_too():
    assert learn_scale(doubles(7, 7)) == (7, 1, [0])
    assert learn_scale(doubles()) == (0, 1, [0])


def test_bins_hold_the_same_number_of_values_each():
    values = torch.rand(6400, dtype=torch.double).exp()
    scale = learn_scale(values)
    edges = torch.tensor(scale.edges, dtype=torch.double)
    scaled = (values - scale.center) / scale.scale
    assert len(edges) == 33
    assert torch.equal(edges, edges.sort().values)
    counts = torch.histogram(scaled, edges).hist
    assert counts.min() >= 199
    assert counts.max() <= 201


def test_a_column_of_few_values_has_an_edge_at_each():
    scale = learn_scale(doubles(*[0, 1, 5] * 100))
    assert (torch.tensor(scale.edges) * scale.scale + scale.center).tolist() == [0, 1, 5]


def test_few_rows_have_few_bins():
    assert len(learn_scale(torch.rand(400, dtype=torch.double)).edges) == 6
    assert len(learn_scale(torch.rand(3, dtype=torch.double)).edges) == 2


def test_edges_fit_into_float32():
    edges = learn_scale(doubles(*[1, 2, 3] * 100, 1e200, -1e200)).edges
    assert torch.tensor(edges).isfinite().all()


def test_a_target_is_scaled_by_its_mean_and_standard_deviation():
    assert learn_target_scale(torch.tensor([1.0, 2.0, 4.0, 5.0])) == (3, 2.5**0.5, False)
    assert learn_target_scale(torch.tensor([4.0, 4.0])) == (4, 1, False)


def test_the_logarithm_is_learned_where_a_target_is_spread_over_orders_of_magnitude():
    scale = learn_target_scale((1.5 * NORMAL + 3).exp())
    assert scale.is_log
    assert scale.mean == pytest.approx(3, abs=1e-5)
    assert scale.std == pytest.approx(1.5, rel=0.01)


@pytest.mark.parametrize(
    "target",
    [
        NORMAL + 10,  # symmetric
        (0.5 * NORMAL).exp(),  # all of about the same order
        (1.5 * NORMAL).exp() - 0.1,  # some are below 0
        torch.tensor([1.0] * 99 + [1e9]),  # the logarithm has a long tail as well
    ],
)
def test_else_a_target_is_learned_as_it_is(target):
    assert not learn_target_scale(target).is_log
