"""docs/scaling.md shows what the formula says and what two machines have measured, nothing else."""

import json
import math
import sys
from importlib import import_module

import pytest
from generators import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))
step_cost = import_module("step_cost")

FOUND = json.loads(step_cost.MEASURED.read_text(encoding="utf-8"))
SCALING = json.loads((ROOT / "benchmarks/results/scaling.json").read_text(encoding="utf-8"))
PAGE = step_cost.PAGE.read_text(encoding="utf-8")
CABLE = step_cost.Cable(bandwidth=100.0, latency=0.5)


def test_the_page_has_the_tables_of_today():
    assert step_cost.page(PAGE, FOUND, SCALING) == PAGE, (
        "python benchmarks/step_cost.py writes them"
    )


def test_one_process_waits_for_nobody():
    assert step_cost.all_reduce(1000, 1, CABLE, CABLE) == 0


def test_a_ring_of_two_sends_all_once_and_of_many_twice():
    assert step_cost.all_reduce(1000, 2, CABLE, CABLE) == 1000 / 100 + 2 * 0.5
    assert math.isclose(step_cost.all_reduce(1000, 8, CABLE, CABLE), 2 * 7 / 8 * 10 + 6 * 0.5)


def test_machines_are_as_slow_as_what_connects_them():
    near = step_cost.Cable(1000.0, 0.0)
    assert step_cost.all_reduce(1000, 8, near, CABLE) == 2 * 7 / 8
    assert math.isclose(step_cost.all_reduce(1000, 16, near, CABLE), 2 * 15 / 16 * 10 + 2 * 0.5)


@pytest.mark.parametrize(("alone", "waits"), [(1000.0, 2.0), (0.0, 11.0)])
def test_the_last_bucket_is_not_hidden_and_more_only_where_the_backward_pass_is_short(alone, waits):
    network = step_cost.Network("", gradient_bytes=1000, last_bucket=100, alone=alone)
    assert step_cost.waiting(network, 2, CABLE, CABLE) == waits


def test_where_nothing_hides_all_gradients_are_waited_for():
    network = step_cost.Network("", gradient_bytes=1000, last_bucket=100, alone=1000.0)
    assert step_cost.waiting(network, 2, CABLE, CABLE, hides=0) == 11.0


def test_measured_and_foretold_shares_are_as_far_apart_as_the_result_says():
    apart = []
    for trial in FOUND["trials"]:
        shares = step_cost.measured_share(trial), step_cost.predicted_share(trial, FOUND)
        apart.append(abs(shares[0] - shares[1]))
    (target,) = FOUND["targets"]
    assert math.isclose(max(apart), target["median"], abs_tol=1e-4)
