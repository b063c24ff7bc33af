"""Hardware and number formats, signals."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import torch
import toy

from engine.device import autocast, pick_device
from engine.run import Run
from engine.settings import UserError, one_line_errors
from engine.signals import caught_signals


def test_auto_is_a_device_that_works():
    assert torch.ones(2, device=pick_device("auto")).sum() == 2


@pytest.mark.parametrize("name", ["toaster", "cuda:99", "mps:7"])
def test_a_device_that_is_not_here_is_named_with_one_that_is(name):
    with pytest.raises(UserError, match=f"--device {name} cannot be used here, .* can"):
        pick_device(name)


def test_bf16_computes_in_bf16_and_auto_on_a_cpu_does_not():
    cpu = torch.device("cpu")
    layer = torch.nn.Linear(2, 2)
    with autocast(cpu, "bf16"):
        assert layer(torch.ones(1, 2)).dtype == torch.bfloat16
    with autocast(cpu, "auto"):
        assert layer(torch.ones(1, 2)).dtype == torch.float32


def test_with_deterministic_pytorch_takes_no_other_algorithms():
    pick_device("cpu", deterministic=True)
    assert torch.are_deterministic_algorithms_enabled()
    pick_device("cpu")
    assert not torch.are_deterministic_algorithms_enabled()


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no NVIDIA GPU here")
def test_a_step_never_waits_for_the_gpu(tiny, monkeypatch):
    steps = []

    def after_a_step(_):
        steps.append(torch.cuda.set_sync_debug_mode("error"))

    def end_epoch(*arguments):
        torch.cuda.set_sync_debug_mode("default")
        return usual_end(*arguments)

    usual_end = Run.end_epoch
    monkeypatch.setattr(Run, "end_epoch", end_epoch)
    monkeypatch.setattr(Run, "save_or_stop", after_a_step)
    evaluate = toy.evaluate

    def evaluate_freely(*arguments):
        torch.cuda.set_sync_debug_mode("default")
        return evaluate(*arguments)

    monkeypatch.setattr(toy, "evaluate", evaluate_freely)
    toy.train(replace(tiny, device="cuda"))
    assert len(steps) == 8


def test_a_signal_is_noted_and_the_usual_handler_comes_back():
    before = signal.getsignal(signal.SIGINT)
    with caught_signals() as caught:
        signal.raise_signal(signal.SIGINT)
    assert caught == [signal.SIGINT]
    assert signal.getsignal(signal.SIGINT) is before


def test_a_signal_that_is_ignored_stays_ignored():
    number = signal.SIGINT if os.name == "nt" else signal.SIGHUP  # as after nohup
    before = signal.signal(number, signal.SIG_IGN)
    try:
        with caught_signals() as caught:
            signal.raise_signal(number)
        assert caught == []
        assert signal.getsignal(number) == signal.SIG_IGN
    finally:
        signal.signal(number, before)


def test_a_training_in_a_thread_catches_no_signals():
    def work():
        with caught_signals() as caught:
            return caught

    with ThreadPoolExecutor() as pool:
        assert pool.submit(work).result() == []


def test_ctrl_c_outside_of_a_training_ends_with_130():
    with pytest.raises(SystemExit) as exit_code, one_line_errors():
        raise KeyboardInterrupt
    assert exit_code.value.code == 130
