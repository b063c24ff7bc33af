"""The same is done to many files by all cores."""

import gc
import os
import random
import signal
import sys
import time

import pytest
import torch

from engine import all_cores
from engine.all_cores import AT_ONCE, ITEMS_OF_A_WORKER, with_all_cores
from engine.errors import UserError
from engine.program import line_of

MANY = range(4 * ITEMS_OF_A_WORKER + 1)
FEW = range(2 * AT_ONCE + 1)
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there are no such workers")


@pytest.fixture(autouse=True)
def _two_cores(monkeypatch):
    monkeypatch.setattr(all_cores, "count_cores", lambda: 2)


@pytest.fixture(autouse=True)
def _no_workers_are_left():
    yield
    gc.collect()  # an error has a traceback, which holds the loader, and that its workers


def results(function, items):
    return [result for some in with_all_cores(function, items) for result in some]


def number_and_process(item):
    return item, os.getpid()


@pytest.mark.parametrize("items", [range(0), range(1), FEW, MANY])
def test_the_results_come_in_the_order_of_the_items(items):
    assert results(lambda item: -item, items) == [-item for item in items]


@on_linux
def test_many_items_are_shared_out_among_processes():
    found = results(number_and_process, MANY)
    processes = {process for _, process in found}
    assert len(processes) == 2
    assert os.getpid() not in processes


def test_few_items_are_done_here():
    assert {process for _, process in results(number_and_process, FEW)} == {os.getpid()}


@on_linux
def test_a_system_that_allows_no_more_processes_gets_threads(monkeypatch):
    def refuse(self):
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(all_cores.DataLoader, "__iter__", refuse)
    assert results(number_and_process, MANY) == [(item, os.getpid()) for item in MANY]


@pytest.mark.parametrize("items", [FEW, MANY])
def test_what_is_wrong_with_an_item_is_told_in_one_line(items):
    def refuse(item):
        raise UserError(f"{item}.png is damaged")

    with pytest.raises(UserError) as caught:
        results(refuse, items)
    assert line_of(caught.value) == "0.png is damaged"


@on_linux
def test_a_worker_that_is_killed_is_told_in_one_line():
    def die(item):
        if item == ITEMS_OF_A_WORKER:
            os.kill(os.getpid(), signal.SIGKILL)
        return item

    with pytest.raises(UserError, match="a process that reads files was killed"):
        results(die, MANY)


@on_linux
def test_a_bug_in_a_worker_is_no_worker_that_was_killed():
    def stumble(item):
        raise RuntimeError(f"shapes do not fit: {item}")

    with pytest.raises(RuntimeError, match="shapes do not fit: 0"):
        results(stumble, MANY)


@on_linux
def test_ctrl_c_is_left_to_the_process_that_trains():
    def press(item):
        os.kill(os.getpid(), signal.SIGINT)
        return item

    assert results(press, MANY) == [*MANY]


@pytest.mark.parametrize("items", [FEW, MANY])
def test_the_random_numbers_of_the_training_stay_where_they_are(items):
    torch.manual_seed(1)
    random.seed(1)
    before = torch.get_rng_state(), random.getstate()
    results(lambda item: item, items)
    assert torch.equal(torch.get_rng_state(), before[0])
    assert random.getstate() == before[1]


@on_linux
def test_no_worker_is_left_when_nobody_wants_the_rest():
    found = with_all_cores(number_and_process, MANY)
    processes = {process for _, process in next(found)}
    found.close()
    end = time.monotonic() + 30
    while any(is_alive(process) for process in processes):
        assert time.monotonic() < end, f"{processes} are still there"
        time.sleep(0.05)


def is_alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
