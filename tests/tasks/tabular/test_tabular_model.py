"""The network: shapes, gaps, unseen categories, what only training does."""

import math

import pytest
import torch

from config import Config
from data import Info
from engine.cells import PLAIN
from engine.columns import NumberColumn
from model import EmbeddedCategories, EmbeddedNumbers, build_model, compute_loss

NAN = math.nan
NUMBERS = torch.tensor([[0.5, -1.0], [-1.0, 0.0], [2.0, 1.0]])  # as data.py scales them
COLOURS = torch.tensor([[1], [2], [3]])


def number_column(name="n", has_gaps=False):
    return NumberColumn(
        column=name,
        part="number",
        format=PLAIN,
        order="dmy",
        none=[],
        center=0.0,
        scale=1.0,
        edges=[-1.0, 0.0, 0.5, 2.0],
        has_gaps=has_gaps,
    )


def make_info(**changed):
    settings = {
        "classes": ["a", "b"],
        "numbers": {"gaps": number_column("gaps", True), "full": number_column("full")},
        "categories": {"colour": ["blue", "green", "red"]},
    }
    return Info(**(settings | changed))


def new_model(config=None, **changed):
    torch.manual_seed(0)
    return build_model(config or Config(), make_info(**changed)).eval()


def new_number_model(mean=0.0, std=1.0, **changed):
    return new_model(classes=[], target_mean=mean, target_std=std, **changed)


@pytest.mark.parametrize(
    ("numbers", "sizes"), [(1, ()), (30, ()), (0, (1,)), (0, (2, 100)), (30, (2, 100))]
)
@pytest.mark.parametrize("classes", [0, 2, 7])
def test_a_row_of_any_columns_becomes_a_logit_per_class_or_one_number(numbers, sizes, classes):
    info = Info(
        classes=[str(number) for number in range(classes)],
        numbers={f"n{number}": number_column(has_gaps=True) for number in range(numbers)},
        categories={f"c{size}": [str(number) for number in range(size)] for size in sizes},
        target_mean=5.0,
        target_std=2.0,
    )
    model = build_model(Config(width=8), info)
    codes = torch.tensor(sizes).long().expand(4, -1)  # the last category that training saw
    outputs = model(torch.zeros(4, numbers), codes)
    assert outputs.shape == ((4, classes) if classes else (4,))
    assert outputs.dtype == torch.float32


def embedded_numbers(**changed):
    """Return a layer for two columns whose curves are the pieces themselves, without lines."""
    settings = {"edges": [[0.0, 1.0, 3.0], [-1.0, 1.0]], "gaps": [True, False], "width": 2}
    layer = EmbeddedNumbers(**(settings | changed))
    with torch.no_grad():
        layer.slopes.zero_()
        layer.biases.zero_()
        layer.rises[:, 0, 0] = 1  # the first curve rises by 1 in the first bin
        layer.rises[:, 1, 1] = 1  # the second one in the second
    return layer


@pytest.mark.parametrize(
    ("number", "first", "second"),
    [(-5, 0, 0), (0, 0, 0), (0.25, 0.25, 0), (1, 1, 0), (2, 1, 0.5), (3, 1, 1), (1e30, 1, 1)],
)
def test_a_curve_rises_in_each_bin_as_it_has_learned_and_is_level_outside(number, first, second):
    features = embedded_numbers()(torch.tensor([[number, 0.0]]))
    torch.testing.assert_close(features[0, :2], torch.tensor([first, second]).float())


def test_a_column_of_fewer_bins_than_another_has_a_curve_in_these_alone():
    features = embedded_numbers()(torch.tensor([[0.0, 0.0], [0.0, 9.0]]))
    torch.testing.assert_close(features[:, 2:4], torch.tensor([[0.5, 0], [1, 0]]))


def test_a_new_network_begins_with_straight_lines_that_bend_far_off():
    layer = EmbeddedNumbers(edges=[[0.0, 1.0]], gaps=[False], width=1)
    with torch.no_grad():
        layer.slopes.fill_(1)
        layer.biases.fill_(0)
    features = layer(torch.tensor([[0.1], [0.2], [1e3], [1e6]]))
    torch.testing.assert_close(features[:, 0], torch.tensor([0.1, 0.2, 3, 3]), rtol=0.01, atol=0)


def test_it_is_said_which_numbers_are_missing_where_training_had_gaps():
    layer = embedded_numbers()
    features = layer(torch.tensor([[2.0, -1.0], [NAN, NAN]]))
    assert features.shape == (2, layer.features) == (2, 6)
    torch.testing.assert_close(features[:, 4:], torch.tensor([[0.0, 0], [1, 0]]))


def test_a_column_of_one_value_is_taken_too():
    layer = EmbeddedNumbers(edges=[[0.0], []], gaps=[False, False], width=4)
    assert layer(torch.tensor([[0.0, 1.0], [5.0, NAN]])).isfinite().all()


def test_each_category_becomes_its_own_vector_and_an_unseen_one_nothing():
    embedded = EmbeddedCategories([3, 100])
    features = embedded(torch.tensor([[0, 0], [1, 100], [3, 1]]))
    assert features.shape == (3, embedded.features) == (3, 3 + 32)
    assert features[0].count_nonzero() == 0
    assert len(features.unique(dim=0)) == 3


def test_a_network_of_numbers_or_of_categories_alone_is_none_with_empty_parts():
    assert new_model(categories={}).embed_categories is None
    assert new_model(numbers={}).embed_numbers is None


def test_the_bins_where_gaps_were_and_the_scale_of_the_target_are_saved_with_the_weights():
    saved = new_model().embed_numbers.state_dict()
    assert saved["gaps"].tolist() == [True, False]
    assert saved["starts"][0, :3].tolist() == [-1, 0, 0.5]
    saved = new_number_model(50.0, 10.0).state_dict()
    assert (saved["mean"], saved["std"]) == (50, 10)


def test_a_gap_counts_as_the_median_and_is_told_apart_only_where_training_had_gaps():
    model = new_model()
    median, first, second = model(
        torch.tensor([[0.0, 0.0], [NAN, 0.0], [0.0, NAN]]), COLOURS[[0, 0, 0]]
    )
    assert not torch.allclose(median, first)
    torch.testing.assert_close(median, second)


@pytest.mark.parametrize("value", [1e30, -1e30, math.inf, -math.inf])
def test_huge_numbers_give_finite_answers(value):
    for model in (new_model(), new_number_model(50.0, 10.0)):
        huge = model(torch.full((1, 2), value), COLOURS[:1])
        far = model(torch.full((1, 2), math.copysign(50, value)), COLOURS[:1])
        assert huge.isfinite().all()
        assert torch.equal(huge, far)  # beyond the bins it is all the same


def test_every_category_has_an_answer_of_its_own():
    answers = new_model()(NUMBERS[[0] * 4], torch.tensor([[0], [1], [2], [3]]))
    assert len(answers.detach().unique(dim=0)) == 4


def test_an_unseen_category_adds_nothing_and_training_leaves_it_so():
    model = new_model()
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.1, weight_decay=0.1)
    vectors = model.embed_categories.embeddings[0].weight
    before = vectors.detach().clone()
    for _ in range(3):
        inputs = NUMBERS, torch.tensor([[0], [1], [3]])
        optimizer.zero_grad()
        losses, _ = compute_loss(model.train(), (inputs, torch.tensor([0, 1, 1])), Config())
        losses.sum().backward()
        optimizer.step()
    assert vectors[0].count_nonzero() == 0
    assert not torch.allclose(before[1], vectors[1])


def test_a_number_is_answered_in_the_units_of_the_target():
    answer = new_number_model(0.0, 1.0)(NUMBERS, COLOURS)
    large = new_number_model(5000.0, 300.0)(NUMBERS, COLOURS)
    torch.testing.assert_close(large, answer * 300 + 5000)


def test_where_the_logarithm_is_learned_the_answer_is_the_number_itself():
    answer = new_number_model(0.0, 1.0)(NUMBERS, COLOURS)
    model = new_number_model(2.0, 3.0, target_is_log=True)
    answers = model(NUMBERS, COLOURS)
    torch.testing.assert_close(answers, (answer * 3 + 2).exp())
    labels = torch.tensor([1.0, 10.0, 1e6])
    losses, outputs = compute_loss(model, ((NUMBERS, COLOURS), labels), Config())
    torch.testing.assert_close(outputs, answers)
    torch.testing.assert_close(losses, ((answers.log() - labels.log()) / 3).square())


def test_a_label_of_0_has_a_finite_loss_where_the_logarithm_is_learned():
    model = new_number_model(2.0, 3.0, target_is_log=True)
    labels = torch.tensor([1.0, 0.0, -1.0])
    losses, _ = compute_loss(model, ((NUMBERS, COLOURS), labels), Config())
    assert losses.isfinite().all()


def test_the_loss_of_a_number_does_not_depend_on_the_units():
    losses = []
    for mean, std in ((0.0, 1.0), (5000.0, 300.0)):
        model = new_number_model(mean, std)
        labels = torch.tensor([-1.0, 0.0, 1.0]) * std + mean
        loss, answers = compute_loss(model, ((NUMBERS, COLOURS), labels), Config())
        torch.testing.assert_close(loss, ((answers - labels) / std).square())
        losses.append(loss)
    torch.testing.assert_close(*losses, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("classes", [["a", "b"], []])
@pytest.mark.parametrize("config", [Config(members=1), Config(dropout=0)])
def test_values_drop_out_and_members_are_drawn_in_training_alone(classes, config):
    model = new_model(config, classes=classes)
    rows = NUMBERS.repeat(8, 1), COLOURS.repeat(8, 1)
    assert torch.equal(model(*rows), model(*rows))
    assert not torch.equal(model.train()(*rows), model(*rows))


def test_without_dropout_one_member_answers_in_training_as_in_evaluation():
    model = new_model(Config(dropout=0, members=1))
    answer = model(NUMBERS, COLOURS)
    assert torch.equal(answer, model.train()(NUMBERS, COLOURS))


def test_in_training_each_row_is_answered_by_a_member_and_else_by_the_mean_of_all():
    model = new_model(Config(dropout=0, members=2))
    mean = model(NUMBERS[:1], COLOURS[:1])
    rows = model.train()(NUMBERS[:1].expand(100, -1), COLOURS[:1].expand(100, -1))
    members, counts = rows.detach().unique(dim=0, return_counts=True)
    assert len(members) == 2
    assert counts.min() > 30
    torch.testing.assert_close(members.mean(dim=0), mean.squeeze(0))


def test_labels_are_smoothed_in_training_alone():
    config = Config(dropout=0, members=1, label_smoothing=0.2)
    model = new_model(config)
    labels = torch.tensor([0, 1, 1])
    batch = (NUMBERS, COLOURS), labels
    losses, logits = compute_loss(model, batch, config)
    logs = -logits.log_softmax(dim=1)
    plain = logs[[0, 1, 2], labels]
    assert (losses.shape, logits.shape) == ((3,), (3, 2))
    torch.testing.assert_close(losses, plain)
    smoothed, _ = compute_loss(model.train(), batch, config)
    torch.testing.assert_close(smoothed, 0.8 * plain + 0.2 * logs.mean(dim=1))


def test_the_width_is_that_of_the_settings():
    for width in (4, 256):
        model = new_model(Config(width=width))
        assert model.layers[3].weight.shape == (width, width)
