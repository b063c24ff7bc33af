"""Several processes: the same training as in one, and the same checkpoints."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch
import toy
from same_run import assert_same_run, rows, weights

from engine import dataset
from engine.batch_norm import share_batch_norm
from engine.checkpoint import load_model
from engine.processes import lost_process
from engine.settings import UserError

CPU = torch.device("cpu")


@pytest.fixture
def still(tiny):
    """Settings for a training in which nothing is drawn at random within a step.

    What is drawn at random differs between processes.
    """
    return replace(tiny, dropout=0.0, noise=0.0)


def flags(config):
    """Return what to type for the settings that differ from the defaults."""
    words = []
    for name, default in vars(toy.Config()).items():
        value = getattr(config, name)
        if value != default and name not in ("run_dir", "device"):
            flag = "--" + name.replace("_", "-")
            words += [flag] if value is True else [flag, str(value)]
    return words


# Trains as toy.py does, but for what the last word says: process 0 reads its data for longer than
# --timeout, another one fails or reads other data, examples are read from files so that slow
# processes know fewer of them, or the model leaves out a layer after some steps.
ODD = """
import sys, time, torch, toy
from pathlib import Path
from engine.processes import RANK, WORLD_SIZE, joined
from engine.settings import one_line_errors, parse_config

load_data = toy.load_data

def load_slowly(config):
    if RANK == 0:
        time.sleep(60 * config.timeout + 1)
    return load_data(config)

def load_wrongly(config):
    if RANK == 1:
        raise KeyError("a mistake in data.py")
    return load_data(config)

def load_others(config):
    data = load_data(config)
    if RANK == 1:
        data.val = data.test
    return data

class FromFiles(torch.utils.data.Dataset):
    def __init__(self, dataset):
        self.read = dataset.__getitem__
        self.count = len(dataset)

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        time.sleep(0.02 * RANK)
        return self.read(index)

def load_from_files(config):
    data = load_data(config)
    data.fingerprint = ""  # so that examples are looked at
    data.train, data.val, data.test = map(FromFiles, (data.train, data.val, data.test))
    return data

def build_forgetful(config, info):
    model = build_model(config, info)
    forward = model.classifier.forward
    calls = []

    def forget(features):
        calls.append(1)
        used = forward(features)
        return used if not model.training or len(calls) < 8 else used.detach() + 0 * features.sum()

    model.classifier.forward = forget
    return model

build_model = toy.build_model
what = sys.argv.pop()
if what == "slow":
    toy.load_data = load_slowly
elif what == "wrong":
    toy.load_data = load_wrongly
elif what == "others":
    toy.load_data = load_others
elif what == "files":
    toy.load_data = load_from_files
else:
    toy.build_model = build_forgetful
typed = parse_config(toy.Config)

# Loading PyTorch can take longer than the --timeout of a test: so they meet here first.
Path(__file__).with_name(f"{RANK}.here").touch()
while len(list(Path(__file__).parent.glob("*.here"))) < WORLD_SIZE:
    time.sleep(0.01)
with one_line_errors(), joined(typed):
    toy.train(typed)
"""


@pytest.fixture
def odd(tmp_path):
    """Return a program that trains in an odd way, which the last word names."""
    path = tmp_path / "odd.py"
    folder = str(Path(toy.__file__).parent)
    path.write_text(f"import sys; sys.path.append({folder!r})\n{ODD}", encoding="utf-8")
    return path


@pytest.fixture
def start(environment):
    """Start processes in the way of torchrun; end those that are left."""
    started = []

    def run(count, run_dir, *more, program=toy.__file__, to_last=()):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [sys.executable, program, "--device", "cpu", "--run-dir", str(run_dir)]
        variables = environment() | {
            "WORLD_SIZE": str(count),
            "MASTER_ADDR": "127.0.0.1",
            "MASTER_PORT": str(port),
        }
        processes = []
        for rank in range(count):
            words = to_last if rank == count - 1 else ()
            process = subprocess.Popen(
                [*command, *more, *words],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                encoding="utf-8",
                env=variables | {"RANK": str(rank), "LOCAL_RANK": str(rank)},
            )
            processes.append(process)
        started.extend(processes)
        return processes

    yield run
    for process in started:
        if process.poll() is None:
            process.kill()
            process.communicate(timeout=60)


def finish(processes):
    """Wait for the processes and return what each printed."""
    said = [process.communicate(timeout=120) for process in processes]
    assert [process.returncode for process in processes] == [0] * len(processes), said
    return [output for output, _ in said]


def assert_equal_but_for_rounding(one, other):
    """Compare the scores of two runs."""
    for mine, theirs in zip(rows(one), rows(other), strict=True):
        assert mine.keys() == theirs.keys()
        for name, value in mine.items():
            if name.startswith(("train_", "val_")):
                assert float(value) == pytest.approx(float(theirs[name]), abs=1e-5), name


def test_three_processes_train_as_one_does_and_go_on_where_they_stopped(still, start, tmp_path):
    alone = tmp_path / "run"
    three = tmp_path / "three"
    resumed = tmp_path / "resumed"
    toy.train(still)
    # Some of these batches have 16 examples, which three processes cannot share equally.
    said = finish(start(3, three, *flags(still), "--save-every", "3"))
    assert "epoch   2" in said[0]
    assert said[1:] == ["", ""]
    assert_equal_but_for_rounding(alone, three)

    shutil.copytree(three, resumed)
    (resumed / "last.prev.pt").replace(resumed / "last.pt")
    assert weights(resumed)["progress"]["step"] == 6
    shutil.copytree(resumed, tmp_path / "fewer")
    finish(start(3, resumed, "--resume"))
    assert_same_run(three, resumed)
    said = finish(start(1, tmp_path / "fewer", "--resume"))
    assert "number of processes was 3, now it is 1" in said[0]
    assert_equal_but_for_rounding(three, tmp_path / "fewer")


@pytest.mark.parametrize(
    "changed",
    [
        # Weights that no gradient reaches, and a dataset that is asked for each example.
        {"kind": "unused", "numbers": True, "one_by_one": True},
        # A head that training alone uses.
        {"kind": "second", "clip_norm": 0.5, "optimizer": "sgd"},
        {"rare": True, "class_weights": 1.0},
        {"accumulate": 3, "batch_size": 7, "limit_batches": 0},
    ],
)
def test_two_processes_train_as_one_does(still, start, tmp_path, changed):
    config = replace(still, **changed)
    toy.train(config)
    finish(start(2, tmp_path / "two", *flags(config)))
    assert_equal_but_for_rounding(config.run_dir, tmp_path / "two")


def test_a_compute_loss_that_goes_past_the_model_is_refused(still, start, tmp_path):
    toy.train(replace(still, kind="past"))  # alone it is no mistake
    processes = start(2, tmp_path / "two", *flags(still), "--kind", "past")
    said = [process.communicate(timeout=120)[1] for process in processes]
    assert [process.returncode for process in processes] == [2, 2]
    for error in said:
        assert error.startswith("error: model.py's compute_loss must call model(...) itself")
        assert error.count("\n") == 1
    assert not (tmp_path / "two").exists()


def test_a_layer_that_is_left_out_later_is_told_in_one_line(still, start, tmp_path, odd):
    processes = start(2, tmp_path / "two", *flags(still), "left out", program=odd)
    said = [process.communicate(timeout=60)[1] for process in processes]
    assert [process.returncode for process in processes] == [2, 2]
    for error in said:
        assert error.startswith("error: model.py: a layer that was used at first was not used")
        assert error.count("\n") == 1


def test_with_fsdp_the_best_model_is_the_same(still, start, tmp_path):
    toy.train(replace(still, epochs=1))
    sharded = tmp_path / "sharded"
    finish(start(2, sharded, *flags(replace(still, epochs=1)), "--fsdp"))
    states = []
    for folder in (tmp_path / "run", sharded):
        loaded = load_model(folder, CPU, toy.Config, toy.Info, toy.build_model)
        states.append(loaded.model.state_dict())
    one, other = states
    assert one.keys() == other.keys()
    for name, value in one.items():
        torch.testing.assert_close(value, other[name], rtol=0, atol=1e-4)


def wait_for(folder, process):
    """Wait until a run has saved."""
    while process.poll() is None and not (folder / "last.pt").exists():
        time.sleep(0.001)


HAS_ENDED = (
    "error: another process of this training has ended (see what it says): "
    "start all again, with --resume if it has saved\n"
)


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot stop a process and keep it")
def test_long_reading_is_waited_for_and_a_process_that_stops_is_not(still, start, tmp_path, odd):
    long = flags(replace(still, epochs=10_000, timeout=0.07))
    first, second = start(2, tmp_path / "long", *long, "--save-every", "1", "slow", program=odd)
    wait_for(tmp_path / "long", first)
    second.send_signal(signal.SIGSTOP)
    stopped = time.monotonic()
    _, error = first.communicate(timeout=60)
    assert time.monotonic() - stopped < 60 * 0.07 + 10
    assert first.returncode == 2, error
    assert error.startswith(
        "error: another process of this training does not answer for 0.07 minutes"
    )
    assert error.count("\n") == 1
    assert weights(tmp_path / "long")["progress"]["step"] > 0


def test_a_process_that_never_comes_is_not_waited_for_without_end(still, start, tmp_path):
    first, second = start(2, tmp_path / "two", *flags(replace(still, timeout=0.07)))
    second.kill()
    _, error = first.communicate(timeout=60)
    assert first.returncode == 2
    *_, line = error.splitlines()  # PyTorch has said more
    assert line.startswith("error: not all 2 processes have come to 127.0.0.1:")
    assert not (tmp_path / "two").exists()


def test_the_others_end_when_one_fails_while_it_reads_data(still, start, tmp_path, odd):
    processes = start(2, tmp_path / "two", *flags(still), "wrong", program=odd)
    said = [process.communicate(timeout=60)[1] for process in processes]
    assert [process.returncode for process in processes] == [2, 1]
    assert said[0] == HAS_ENDED
    assert "KeyError: 'a mistake in data.py'" in said[1]
    assert not (tmp_path / "two").exists()


def test_processes_with_different_data_do_not_begin(still, start, tmp_path, odd):
    processes = start(2, tmp_path / "two", *flags(still), "others", program=odd)
    said = [process.communicate(timeout=60)[1] for process in processes]
    assert [process.returncode for process in processes] == [2, 2]
    assert said[1].startswith("error: process 1 has another data than process 0: all machines")
    assert said[0] == HAS_ENDED
    assert not (tmp_path / "two" / "last.pt").exists()


def test_a_slow_process_that_has_looked_at_fewer_examples_has_the_same_data(
    still, start, tmp_path, odd
):
    config = replace(still, epochs=1, limit_batches=1, rare=False)
    finish(start(2, tmp_path / "two", *flags(config), "files", program=odd))
    assert (tmp_path / "two" / "best.pt").exists()


def test_processes_with_different_settings_do_not_begin(still, start, tmp_path):
    processes = start(2, tmp_path / "two", *flags(still), to_last=["--lr", "0.5"])
    said = [process.communicate(timeout=60)[1] for process in processes]
    assert [process.returncode for process in processes] == [2, 2]
    assert said[0] == HAS_ENDED
    assert said[1] == (
        "error: process 1 was started with --lr 0.5, process 0 with 0.02: "
        "start all processes with the same command\n"
    )
    assert not (tmp_path / "two").exists()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[gloo/transport/tcp/pair.cc:553] Connection closed by peer [10.0.0.2]", "has ended"),
        ("[gloo/transport/tcp/pair.cc:537] Read error: Connection reset by peer", "has ended"),
        ("[gloo/transport/tcp/pair.cc:598] writev: Broken pipe", "has ended"),
        ("ncclRemoteError: a network error or a remote process exiting early", "has ended"),
        ("NCCL communicator was aborted on rank 1.", "has ended"),
        ("[gloo/] Timed out waiting 600000ms for recv operation to complete", "for 5 minutes"),
        ("[gloo/] Application timeout caused pair closure", "for 5 minutes"),
        ("Application timeout caused pair closure", "for 5 minutes"),
        ("[gloo/] Read error [10.0.0.2]: No route to host", "for 5 minutes"),
        ("gloo: an error nobody has seen yet\nand more", "together: gloo: an error"),
        ("mat1 and mat2 shapes cannot be multiplied", None),
        ("the download has timed out", None),
    ],
)
def test_each_wording_for_a_lost_process_becomes_one_line(text, line):
    told = lost_process(RuntimeError(text), minutes=5)
    if line is None:
        assert told is None
    else:
        assert line in str(told)
        assert "\n" not in str(told)


def test_when_a_process_dies_the_others_end_in_one_line_and_the_last_save_stays(
    still, start, tmp_path
):
    long = flags(replace(still, epochs=10_000))
    first, second = start(2, tmp_path / "long", *long, "--save-every", "1")
    wait_for(tmp_path / "long", first)
    second.kill()
    _, error = first.communicate(timeout=60)
    second.communicate(timeout=60)
    assert first.returncode == 2, error
    assert error == HAS_ENDED
    assert weights(tmp_path / "long")["progress"]["step"] > 0


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process at once")
def test_a_signal_to_one_process_saves_and_ends_them_all(still, start, tmp_path):
    long = flags(replace(still, epochs=10_000))
    processes = start(2, tmp_path / "long", *long, "--save-every", "1")
    wait_for(tmp_path / "long", processes[0])
    processes[1].send_signal(signal.SIGTERM)
    said = [process.communicate(timeout=60) for process in processes]
    assert [process.returncode for process in processes] == [128 + signal.SIGTERM] * 2, said
    assert "stopped and saved. Go on: torchrun ... train.py --resume" in said[0][0]


@pytest.mark.parametrize("processes", [1, 2, 3])
@pytest.mark.parametrize("seed", [None, 0])
def test_each_example_is_in_one_share_of_one_batch(monkeypatch, processes, seed):
    def batches(rank, count):
        monkeypatch.setattr(dataset, "WORLD_SIZE", count)
        monkeypatch.setattr(dataset, "RANK", rank)
        sampler = dataset.BatchSampler(range(100), 16, seed, limit=0)
        return [request.indices for request in sampler]

    shares = [batches(rank, processes) for rank in range(processes)]
    together = [torch.cat(parts) for parts in zip(*shares, strict=True)]
    assert sorted(torch.cat(together).tolist()) == list(range(100))
    assert all(map(torch.equal, batches(0, 1), together))


def test_batches_smaller_than_the_number_of_processes_are_refused(monkeypatch):
    monkeypatch.setattr(dataset, "WORLD_SIZE", 8)
    with pytest.raises(UserError, match="100 examples in 25 batches are too few for 8 processes"):
        dataset.BatchSampler(range(100), 4, seed=0, limit=0)


def test_fsdp_in_one_process_is_refused_with_what_to_type(tiny):
    with pytest.raises(UserError, match=r"--fsdp needs several processes: torchrun "):
        toy.train(replace(tiny, fsdp=True))


@pytest.mark.parametrize("shape", [(5, 3), (5, 3, 2, 2)])
def test_shared_batch_normalisation_is_pytorchs_own_where_there_is_one_process(shape):
    torch.manual_seed(0)
    norm = torch.nn.BatchNorm1d if len(shape) == 2 else torch.nn.BatchNorm2d
    theirs = norm(3)
    ours = share_batch_norm(norm(3), CPU)
    slopes = []
    for layer in (theirs, ours):
        torch.manual_seed(1)
        batches = (torch.randn(4, *shape) + 2).requires_grad_()
        for batch in batches:
            (layer(batch).relu() * batch).sum().backward()
        slopes.append(batches.grad)
    torch.testing.assert_close(*slopes)
    assert ours.state_dict().keys() == theirs.state_dict().keys()
    for name, value in theirs.state_dict().items():
        torch.testing.assert_close(ours.state_dict()[name], value)
    torch.testing.assert_close(ours.weight.grad, theirs.weight.grad)
    batch = torch.randn(shape)
    torch.testing.assert_close(ours.eval()(batch), theirs.eval()(batch))


@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_shared_batch_normalisation_takes_any_order_in_memory(layout):
    images = torch.randn(4, 3, 5, 5).to(memory_format=layout)
    slopes = []
    for layer in (torch.nn.BatchNorm2d(3), share_batch_norm(torch.nn.BatchNorm2d(3), CPU)):
        copy = images.clone().requires_grad_()
        layer(copy)[:, :, 1:].square().sum().backward()
        slopes.append(copy.grad)
    torch.testing.assert_close(*slopes)


class NormAndRelu(torch.nn.BatchNorm2d):
    """A layer as timm has them: it normalises, and has an activation inside."""

    def forward(self, input):
        return super().forward(input).relu()


@pytest.mark.parametrize("device", ["cpu", "cuda"])
def test_a_layer_that_does_more_than_to_normalise_goes_on_doing_it(device):
    model = torch.nn.Sequential(torch.nn.Sequential(torch.nn.BatchNorm2d(3)), NormAndRelu(3))
    images = torch.randn(4, 3, 2, 2)
    before = model.eval()(images)
    model = share_batch_norm(model, torch.device(device))
    kinds = [type(layer) for layer in model.modules()]
    assert torch.nn.BatchNorm2d not in kinds
    assert NormAndRelu in kinds
    assert torch.equal(model(images), before)
