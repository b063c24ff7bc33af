"""The network: shapes, gaps, unseen categories, what only training does."""

import math

import pytest
import torch

from config import Config
from model import TableNet, build_model, score_batch

NAN = math.nan
INPUTS = {
    "numbers": {"gaps": [100.0, 20.0, 1.0], "full": [0.5, 0.1, 0.0]},  # mean, spread, had gaps
    "categories": {"colour": ["blue", "green", "red"]},
    "scale": [],
}
NUMBERS = torch.tensor([[110.0, 0.4], [80.0, 0.5], [140.0, 0.6]])
COLOURS = torch.tensor([[1], [2], [3]])


def new_model(classes=("a", "b"), config=None, **changed):
    torch.manual_seed(0)
    return build_model(config or Config(), list(classes), INPUTS | changed).eval()


@pytest.mark.parametrize(
    ("numbers", "sizes"), [(1, ()), (30, ()), (0, (1,)), (0, (2, 100)), (30, (2, 100))]
)
@pytest.mark.parametrize("classes", [0, 2, 7])
def test_a_row_of_any_columns_becomes_a_logit_per_class_or_one_number(numbers, sizes, classes):
    names = {f"n{i}": [0.0, 1.0, 1.0] for i in range(numbers)}
    categories = {f"c{size}": [str(i) for i in range(size)] for size in sizes}
    scale = [] if classes else [5.0, 2.0]
    model = TableNet(names, categories, scale, classes, width=8, dropout=0.5)
    codes = torch.tensor(sizes).long().expand(4, -1)  # the last category that training saw
    outputs = model(torch.zeros(4, numbers), codes)
    assert outputs.shape == ((4, classes) if classes else (4,))
    assert outputs.dtype == torch.float32


def test_the_model_normalises_its_input_by_itself():
    mean, spread = torch.tensor([100.0, 0.5]), torch.tensor([20.0, 0.1])
    plain = {"gaps": [0.0, 1.0, 1.0], "full": [0.0, 1.0, 0.0]}
    theirs = new_model(numbers=plain)((NUMBERS - mean) / spread, COLOURS)
    torch.testing.assert_close(new_model()(NUMBERS, COLOURS), theirs)


def test_the_statistics_are_saved_with_the_weights():
    saved = new_model().state_dict()
    assert saved["mean"].tolist() == [100, 0.5]
    assert saved["gaps"].tolist() == [1, 0]
    assert new_model((), scale=[50.0, 10.0]).state_dict()["scale"].tolist() == [50, 10]


def test_a_gap_counts_as_the_mean_and_is_told_apart_only_where_training_had_gaps():
    model = new_model()
    mean, first, second = model(
        torch.tensor([[100.0, 0.5], [NAN, 0.5], [100.0, NAN]]), COLOURS[[0, 0, 0]]
    )
    assert not torch.allclose(mean, first)
    torch.testing.assert_close(mean, second)


@pytest.mark.parametrize("value", [1e30, -1e30, math.inf, -math.inf])
def test_huge_numbers_give_finite_answers(value):
    for model in (new_model(), new_model((), scale=[50.0, 10.0])):
        huge = model(torch.full((1, 2), value), COLOURS[:1])
        far = model(torch.tensor([[100.0, 0.5]]) + math.copysign(1e3, value), COLOURS[:1])
        assert huge.isfinite().all()
        assert torch.equal(huge, far)  # beyond ten spreads it is all the same


def test_every_category_has_an_answer_of_its_own():
    answers = new_model()(NUMBERS[[0] * 4], torch.tensor([[0], [1], [2], [3]]))
    assert len(answers.detach().unique(dim=0)) == 4


def test_an_unseen_category_adds_nothing_and_training_leaves_it_so():
    model = new_model()
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.1, weight_decay=0.1)
    before = model.embeddings[0].weight.detach().clone()
    for _ in range(3):
        batch = [NUMBERS, torch.tensor([[0], [1], [3]]), torch.tensor([0, 1, 1])]
        optimizer.zero_grad()
        score_batch(model.train(), batch, Config())[0].sum().backward()
        optimizer.step()
    after = model.embeddings[0].weight
    assert after[0].count_nonzero() == 0
    assert not torch.allclose(before[1], after[1])


def test_a_number_is_answered_in_the_units_of_the_target():
    small, large = new_model((), scale=[0.0, 1.0]), new_model((), scale=[5000.0, 300.0])
    answer = small(NUMBERS, COLOURS)
    torch.testing.assert_close(large(NUMBERS, COLOURS), answer * 300 + 5000)


def test_the_loss_of_a_number_does_not_depend_on_the_units():
    losses = []
    for mean, spread in ((0.0, 1.0), (5000.0, 300.0)):
        model = new_model((), scale=[mean, spread])
        labels = torch.tensor([-1.0, 0.0, 1.0]) * spread + mean
        loss, answers = score_batch(model, [NUMBERS, COLOURS, labels], Config())
        torch.testing.assert_close(loss, ((answers - labels) / spread).square())
        losses.append(loss)
    torch.testing.assert_close(*losses, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("classes", [("a", "b"), ()])
def test_values_drop_out_in_training_alone(classes):
    model = new_model(classes, scale=[] if classes else [0.0, 1.0])
    rows = (NUMBERS.repeat(8, 1), COLOURS.repeat(8, 1))
    assert torch.equal(model(*rows), model(*rows))
    assert not torch.equal(model.train()(*rows), model(*rows))


def test_without_dropout_training_answers_as_evaluation_does():
    model = new_model(config=Config(dropout=0))
    answer = model(NUMBERS, COLOURS)
    assert torch.equal(answer, model.train()(NUMBERS, COLOURS))


def test_labels_are_smoothed_in_training_alone():
    config = Config(dropout=0, label_smoothing=0.2)
    model = new_model(config=config)
    batch = [NUMBERS, COLOURS, torch.tensor([0, 1, 1])]
    losses, logits = score_batch(model, batch, config)
    logs = -logits.log_softmax(dim=1)
    plain = logs[[0, 1, 2], batch[-1]]
    assert (losses.shape, logits.shape) == ((3,), (3, 2))
    torch.testing.assert_close(losses, plain)
    smoothed, _ = score_batch(model.train(), batch, config)
    torch.testing.assert_close(smoothed, 0.8 * plain + 0.2 * logs.mean(dim=1))


def test_the_width_is_that_of_the_settings():
    narrow, wide = (new_model(config=Config(width=width)) for width in (4, 256))
    assert narrow.layers[3].weight.shape == (4, 4)
    assert wide.layers[3].weight.shape == (256, 256)
