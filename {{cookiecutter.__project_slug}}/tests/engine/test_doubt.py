"""The doubt of a score: its interval, and when one model may be called better than another."""

import math

import pytest
import torch
from sklearn.metrics import roc_auc_score

from engine import doubt
from engine.doubt import FEWEST_REPEATS, MOST_REPEATS, compare, intervals, repeats_for
from engine.metrics import (
    Metric,
    accuracy,
    balanced_accuracy,
    bits_per_character,
    macro_f1,
    mae,
    r2,
    rmse,
)


def right_or_wrong(right):
    """Return logits (N, 2) and labels (N,) with these answers right: accuracy is their mean."""
    labels = torch.arange(len(right)) % 2
    answers = torch.where(torch.tensor(right), labels, 1 - labels)
    return torch.eye(2)[answers], labels


def draw_answers(count, chance, seed=0):
    """Return logits and labels of so many examples, each right with this probability."""
    generator = torch.Generator().manual_seed(seed)
    return right_or_wrong((torch.rand(count, generator=generator) < chance).tolist())


@pytest.mark.parametrize(
    ("right", "count", "low", "high"),
    [
        (0, 1, 0, 0.793),
        (1, 1, 0.207, 1),
        (0, 10, 0, 0.278),
        (10, 10, 0.722, 1),
        (8, 10, 0.490, 0.943),
    ],
)
def test_an_accuracy_has_wilsons_interval_also_where_few_or_all_or_none_are_right(
    right, count, low, high
):
    outputs, labels = right_or_wrong([True] * right + [False] * (count - right))
    found = intervals([accuracy], outputs, labels)["accuracy"]
    assert found == pytest.approx((low, high), abs=0.001)  # Wilson, 1927, by hand


def test_a_mean_has_about_the_interval_that_the_formula_gives():
    generator = torch.Generator().manual_seed(1)
    errors = torch.rand(400, generator=generator)
    found = intervals([mae], errors, torch.zeros(400))["mae"]
    half = 1.96 * errors.std().item() / math.sqrt(400)
    mean = errors.mean().item()
    assert found == pytest.approx((mean - half, mean + half), abs=0.15 * half)


def test_about_95_of_100_intervals_hold_the_true_score(monkeypatch):
    monkeypatch.setattr(doubt, "MOST_REPEATS", 200)
    held = 0
    for seed in range(200):
        outputs, labels = draw_answers(100, 0.8, seed)
        low, high = intervals([balanced_accuracy], outputs, labels)["balanced_accuracy"]
        held += low <= 0.8 <= high
    assert 0.88 <= held / 200 <= 0.99


def test_the_same_answers_have_the_same_intervals_and_random_numbers_go_on_as_before():
    outputs, labels = draw_answers(60, 0.8)
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    metrics: list[Metric] = [accuracy, macro_f1, balanced_accuracy]
    first = intervals(metrics, outputs, labels)
    compared = compare(accuracy, outputs, outputs.flip(0), labels)
    assert torch.rand(1) == expected
    assert first == intervals(metrics, outputs, labels)
    assert compared == compare(accuracy, outputs, outputs.flip(0), labels)
    assert list(first) == ["accuracy", "macro_f1", "balanced_accuracy"]


def test_where_all_draws_score_alike_or_examples_are_few_no_interval_is_claimed():
    outputs, labels = right_or_wrong([True] * 50)
    assert intervals([accuracy, macro_f1], outputs, labels).keys() == {"accuracy"}
    outputs, labels = draw_answers(19, 0.7)
    assert intervals([accuracy, macro_f1], outputs, labels).keys() == {"accuracy"}
    assert intervals([mae, rmse, r2], torch.tensor([2.0]), torch.tensor([1.0])) == {}


def test_a_class_that_does_not_occur_does_no_harm():
    outputs, labels = draw_answers(50, 0.7)
    wider = torch.cat([outputs, torch.zeros(50, 1)], dim=1)  # a third class, never true
    found = intervals([macro_f1, balanced_accuracy], wider, labels)
    assert found == intervals([macro_f1, balanced_accuracy], outputs, labels)
    assert all(0 < low < high < 1 for low, high in found.values())


def test_any_metric_has_an_interval_also_one_that_some_draws_do_not_have():
    def auc(logits, labels):
        return roc_auc_score(labels.numpy(), logits[:, 1].numpy())

    outputs, _ = draw_answers(40, 0.5)
    labels = torch.zeros(40).long()
    labels[:3] = 1  # some draws hold none of them, and no AUC
    low, high = intervals([auc], outputs, labels)["auc"]
    assert 0 <= low < auc(outputs, labels) < high <= 1

    def never(logits, labels):
        if len(labels.unique()) < 2 or labels[0] == 0:
            raise ValueError("undefined")
        return math.nan

    assert intervals([never], outputs, labels) == {}


def test_of_sequences_whole_windows_are_drawn():
    losses = torch.rand(80, 1, generator=torch.Generator().manual_seed(2)).expand(80, 32)
    labels = torch.zeros(80, 32).long()
    low, high = intervals([bits_per_character], losses, labels)["bits_per_character"]
    # The 32 places of a window are alike: that there are 2,560 makes the score no surer.
    half = 1.96 * losses[:, 0].std().item() / math.sqrt(80) / math.log(2)
    assert (high - low) / 2 == pytest.approx(half, rel=0.15)


def mcnemar(only_ours, only_theirs):
    """Return the p of McNemar's exact test, of the examples that one of two models has right."""
    from scipy.stats import binomtest

    return binomtest(only_ours, only_ours + only_theirs, 0.5).pvalue


@pytest.mark.parametrize(
    ("only_ours", "only_theirs", "verdict"),
    [(3, 0, "unclear"), (5, 0, "unclear"), (7, 0, "better"), (0, 9, "worse"), (12, 4, "unclear")],
)
def test_of_accuracies_it_is_mcnemars_test(only_ours, only_theirs, verdict):
    both = [True] * 30 + [False] * 5
    ours, labels = right_or_wrong(both + [True] * only_ours + [False] * only_theirs)
    theirs, _ = right_or_wrong(both + [False] * only_ours + [True] * only_theirs)
    found = compare(accuracy, ours, theirs, labels)
    assert found.p == pytest.approx(mcnemar(only_ours, only_theirs), abs=0.03)
    assert (found.metric, found.verdict) == ("accuracy", verdict)


def test_of_an_error_the_lower_one_is_better():
    labels = torch.zeros(30)
    noise = torch.rand(30, generator=torch.Generator().manual_seed(4))
    assert compare(mae, noise, noise + 0.5, labels).verdict == "better"
    assert compare(mae, noise + 0.5, noise, labels).verdict == "worse"
    assert compare(r2, noise, noise + 0.5, noise).verdict == "better"
    assert compare(mae, noise, noise, labels) == ("mae", "unclear", 1.0)


def test_equal_models_are_called_different_in_about_one_of_20_tests(monkeypatch):
    monkeypatch.setattr(doubt, "MOST_REPEATS", 200)
    claims = 0
    for seed in range(100):
        ours, labels = draw_answers(50, 0.8, seed)
        theirs, _ = draw_answers(50, 0.8, 1000 + seed)
        claims += compare(accuracy, ours, theirs, labels).verdict != "unclear"
    assert claims <= 10


def test_a_metric_that_gives_no_number_supports_no_claim():
    def sometimes(numbers, labels):
        return math.nan if numbers[0] > 1 else numbers.mean().item()

    ours, theirs = torch.zeros(30), torch.full((30,), 2.0)
    assert compare(sometimes, ours, theirs, torch.zeros(30)).verdict == "unclear"


def test_sequences_and_outputs_of_another_type_can_be_compared():
    losses = torch.rand(40, 8, generator=torch.Generator().manual_seed(5))
    found = compare(bits_per_character, losses, losses.double() + 0.1, torch.zeros(40, 8))
    assert found.verdict == "better"


def test_whole_windows_are_exchanged():
    generator = torch.Generator().manual_seed(6)
    ours = torch.rand(30, 1, generator=generator)
    theirs = torch.rand(30, 1, generator=generator)
    once = compare(bits_per_character, ours, theirs, torch.zeros(30, 1))
    labels = torch.zeros(30, 32)
    often = compare(bits_per_character, ours.expand(30, 32), theirs.expand(30, 32), labels)
    assert often == once  # that each window has 32 places proves no more


def test_of_large_outputs_there_are_fewer_repeats():
    assert repeats_for(torch.empty(360, 10)) == MOST_REPEATS
    assert repeats_for(torch.empty(100_000, 100, device="meta")) == FEWEST_REPEATS
    assert FEWEST_REPEATS >= 100  # else no p could be below 0.01
