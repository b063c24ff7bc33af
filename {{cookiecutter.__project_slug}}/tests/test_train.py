"""Training: it learns, and a resumed run ends bit for bit where an unbroken one does."""

import csv
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from conftest import PROJECT, SMALL
from torch.utils.data import DataLoader, TensorDataset

import checkpoint
from commands.settings import UserError
from config import Config
from data import load_splits
from loading.sampler import make_loader
from model import build_model, score_batch
from saving.faults import out_of_memory
from saving.files import lock
from train import evaluate, make_optimizer, one_cycle, rate, train


def new_model(config):
    torch.manual_seed(0)
    splits = load_splits(config)
    return build_model(config, splits["classes"], splits["inputs"]), splits


def weights(folder, name="last.pt"):
    return torch.load(Path(folder) / name, weights_only=True)


def rows(folder):
    with (Path(folder) / "metrics.csv").open(newline="", encoding="utf-8") as file:
        return [{**row, "seconds": None} for row in csv.DictReader(file)]


def assert_same_run(one, other):
    mine, theirs = weights(one), weights(other)
    assert rows(one) == rows(other)
    for name, tensor in mine["model"].items():
        assert torch.equal(tensor, theirs["model"][name]), name
    for number, state in mine["optimizer"]["state"].items():
        for name, value in state.items():
            assert torch.equal(value, theirs["optimizer"]["state"][number][name]), name


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory):
    """Train without a break, once for the same settings, and return the run's folder."""
    runs = {}

    def run(config, **changed):
        if repr(changed) not in runs:
            folder = tmp_path_factory.mktemp("unbroken") / "run"
            runs[repr(changed)] = train(replace(config, run_dir=str(folder), **changed))
        return runs[repr(changed)]

    return run


def stop_after(monkeypatch, steps):
    """Let the power fail in a step; return a list that grows with the steps done."""
    done = []

    def step(self):
        done.append(0)
        if len(done) == steps:
            raise KeyboardInterrupt
        return save_if_due(self)

    save_if_due = checkpoint.Run.save_if_due
    monkeypatch.setattr(checkpoint.Run, "save_if_due", step)
    return done


@pytest.mark.parametrize(
    ("steps", "changed"),
    [
        *((steps, {}) for steps in (1, 3, 4, 6, 8)),
        (3, {"num_workers": 1}),
        (7, {"clip_norm": 0.5, "optimizer": "sgd"}),
        (6, {"optimizer": "rmsprop", "precision": "bf16"}),
    ],
)
def test_a_resumed_run_ends_where_an_unbroken_one_does(tiny, unbroken, monkeypatch, steps, changed):
    broken = replace(tiny, save_every=2, **changed)
    with monkeypatch.context() as power, pytest.raises(KeyboardInterrupt):
        stop_after(power, steps)
        train(broken)
    train(replace(broken, resume=True))
    assert_same_run(unbroken(tiny, **changed), broken.run_dir)


def test_a_killed_run_ends_where_an_unbroken_one_does(command, tiny, unbroken, tmp_path):
    run = ["--run-dir", tiny.run_dir, "--device", "cpu", "--save-every", "1"]
    small = ["--epochs", "2", "--limit-batches", "4"]
    for name, value in SMALL.items():
        small += ["--" + name.replace("_", "-"), str(value)] if hasattr(tiny, name) else []
    program = [sys.executable, PROJECT / "train.py", *run, *small]
    with subprocess.Popen(program, cwd=tmp_path, stdout=subprocess.DEVNULL) as training:
        while training.poll() is None and not (Path(tiny.run_dir) / "last.pt").exists():
            time.sleep(0.001)
        training.kill()
    resumed = command("train.py", "--resume", *run)
    assert resumed.returncode == 0, resumed.stderr
    assert_same_run(unbroken(tiny), tiny.run_dir)


def test_ctrl_c_saves_and_ends_with_130(tiny, unbroken, monkeypatch, command):
    step = torch.optim.lr_scheduler.LambdaLR.step

    def interrupt(scheduler):
        step(scheduler)
        if scheduler.last_epoch == 6:
            signal.raise_signal(signal.SIGINT)

    with monkeypatch.context() as keyboard, pytest.raises(SystemExit) as exit_code:
        keyboard.setattr(torch.optim.lr_scheduler.LambdaLR, "step", interrupt)
        train(tiny)
    assert exit_code.value.code == 130
    assert weights(tiny.run_dir)["step"] == 6
    # The exception still holds all of that training, as it would in a notebook.
    resumed = command("train.py", "--resume", "--run-dir", tiny.run_dir)
    assert resumed.returncode == 0, resumed.stderr
    assert_same_run(unbroken(tiny), tiny.run_dir)


def test_the_same_seed_gives_the_same_run_and_another_seed_another(tiny, unbroken, tmp_path):
    again = train(replace(tiny, run_dir=str(tmp_path / "again")))
    other = train(replace(tiny, run_dir=str(tmp_path / "other"), seed=1))
    assert_same_run(unbroken(tiny), again)
    assert rows(again) != rows(other)


def test_a_finished_run_can_be_resumed_and_stays_as_it_is(tiny):
    folder = train(tiny)
    before = weights(folder)["model"]
    train(replace(tiny, resume=True))
    assert all(torch.equal(before[name], value) for name, value in weights(folder)["model"].items())


def test_a_folder_that_holds_a_run_is_not_overwritten(tiny):
    train(tiny)
    with pytest.raises(UserError, match="holds a run: add --resume"):
        train(tiny)


def test_two_runs_of_the_same_second_get_a_folder_each(tiny, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(checkpoint.time, "strftime", lambda _: "runs/now")
    first, second = (train(replace(tiny, run_dir=None, epochs=1)) for _ in range(2))
    assert first != second
    assert first.parent == second.parent == Path("runs")


def test_a_run_killed_before_its_first_checkpoint_begins_again(tiny, capsys, monkeypatch):
    with monkeypatch.context() as power, pytest.raises(KeyboardInterrupt):
        stop_after(power, 1)
        train(tiny)
    train(replace(tiny, resume=True))
    assert "starting from the beginning" in capsys.readouterr().out
    assert len(rows(tiny.run_dir)) == 2


def test_the_clock_saves_too_however_often_the_best_model_is_saved(tiny, monkeypatch):
    with monkeypatch.context() as power, pytest.raises(KeyboardInterrupt):
        done = stop_after(power, 7)
        power.setattr(checkpoint.time, "monotonic", lambda: 0.6 * len(done))  # 0.6 s a step
        train(tiny)
    assert weights(tiny.run_dir)["step"] == 6


def test_the_seconds_of_an_epoch_are_those_of_its_steps_not_of_its_saves(tiny, monkeypatch):
    clock, save = [0.0], checkpoint.save_checkpoint

    def slow_save(*arguments, **options):
        clock[0] += 10
        save(*arguments, **options)

    with monkeypatch.context() as slow:
        slow.setattr(checkpoint, "save_checkpoint", slow_save)
        for name in ("monotonic", "perf_counter"):
            slow.setattr(checkpoint.time, name, lambda: clock[0])
        folder = train(replace(tiny, save_every=1))
    with (folder / "metrics.csv").open(newline="", encoding="utf-8") as file:
        assert [float(row["seconds"]) for row in csv.DictReader(file)] == [0.0] * tiny.epochs
    assert clock[0] >= 10 * tiny.epochs * tiny.limit_batches


def test_a_run_leaves_what_the_readme_promises(tiny):
    folder = train(tiny)
    files = {path.name for path in folder.iterdir()}
    assert files == {"config.json", "metrics.csv", "last.pt", "best.pt", "curves.png", "lock"}
    assert list(rows(folder)[0]) == [
        "epoch", "step", "train_loss", "train_accuracy", "val_loss", "val_accuracy", "lr", "seconds"
    ]  # fmt: skip
    promised = "model optimizer scheduler scaler epoch step best config classes format"
    assert set(promised.split()) <= weights(folder, "best.pt").keys()


def test_the_training_accuracy_counts_each_right_answer_once(tiny, monkeypatch):
    right = []
    monkeypatch.setattr("train.rate", lambda *one: right.append(rate(*one)) or right[-1])
    train(tiny)
    first = torch.cat(right[: tiny.limit_batches]).double().mean().item()
    assert 0 < first < 1
    assert float(rows(Path(tiny.run_dir))[0]["train_accuracy"]) == pytest.approx(first, rel=0.05)


def test_every_parameter_gets_a_gradient(tiny):
    model, splits = new_model(tiny)
    batch = next(iter(make_loader(splits["train"], tiny, 8, seed=0)))
    score_batch(model.train(), list(batch), tiny)[0].mean().backward()
    parameters = dict(model.named_parameters())
    assert parameters
    assert not [name for name, value in parameters.items() if not value.grad.abs().sum() > 0]


@pytest.mark.parametrize("optimizer", ["adamw", "adam", "sgd", "rmsprop"])
def test_the_model_can_memorise_one_batch(tiny, optimizer):
    config = replace(tiny, optimizer=optimizer, lr=0.1 if optimizer == "sgd" else 0.01)
    against_it = [name for name in vars(config) if name in ("weight_decay", "dropout")]
    config = replace(config, **dict.fromkeys(against_it, 0.0))
    model, splits = new_model(config)
    batch = list(next(iter(make_loader(splits["train"], config, 8, seed=0))))
    step = make_optimizer(model, config)
    for _ in range(40):
        step.zero_grad()
        losses, _ = score_batch(model.train(), batch, config)
        losses.mean().backward()
        step.step()
    _, logits = score_batch(model.eval(), batch, config)
    assert logits.argmax(dim=1).equal(batch[-1])


def test_evaluation_does_not_depend_on_the_batch_size(tiny):
    model, splits = new_model(tiny)
    config = Config(device="cpu")
    small, large = (
        evaluate(model, make_loader(splits["val"], config, n), config) for n in (7, 512)
    )
    assert len(small[0]) == len(splits["val"])
    torch.testing.assert_close(small[0], large[0])
    assert small[2].equal(large[2])


def test_the_learning_rate_rises_for_a_quarter_and_falls_to_almost_nothing():
    shares = [one_cycle(step, 100) for step in range(100)]
    assert shares.index(max(shares)) == 25
    assert max(shares) == 1
    assert shares[:25] == sorted(shares[:25])
    assert shares[25:] == sorted(shares[25:], reverse=True)
    assert 0 < shares[-1] < 0.01
    assert one_cycle(0, 1) == 1


def test_patience_ends_a_training_that_no_longer_improves(tiny):
    folder = train(replace(tiny, epochs=50, lr=1e-12, patience=2))
    assert len(rows(folder)) < 10


def test_a_loss_that_is_not_finite_ends_the_training_with_advice(tiny):
    with pytest.raises(UserError, match=r"the loss became nan .* a lower --lr"):
        train(replace(tiny, lr=1000.0, optimizer="sgd", epochs=20, clip_norm=0.0))
    assert not (Path(tiny.run_dir) / "last.pt").exists()


def test_a_validation_loss_that_is_not_finite_is_never_the_best(tiny, monkeypatch):
    good = train(replace(tiny, epochs=1))
    before = (good / "best.pt").read_bytes()
    with monkeypatch.context() as fault, pytest.raises(UserError, match="the loss became nan"):
        nothing = (torch.tensor([torch.nan]), torch.zeros(1), torch.zeros(1))
        fault.setattr("train.evaluate", lambda *_: nothing)
        train(replace(tiny, epochs=2, resume=True))
    assert (good / "best.pt").read_bytes() == before
    assert len(rows(good)) == 1


def test_a_damaged_last_checkpoint_gives_way_to_the_one_before_it(tiny, unbroken, capsys):
    broken = replace(tiny, save_every=2)
    folder = train(broken)
    (folder / "last.pt").write_bytes((folder / "last.pt").read_bytes()[:-100])
    train(replace(broken, resume=True))
    assert "is damaged, or no checkpoint of this project: going on from" in capsys.readouterr().out
    assert_same_run(unbroken(tiny), folder)


def test_a_kill_between_the_two_renames_of_a_save_loses_nothing(tiny, unbroken):
    folder = train(replace(tiny, save_every=2))
    (folder / "last.pt").unlink()
    train(replace(tiny, save_every=2, resume=True))
    assert_same_run(unbroken(tiny), folder)


def test_without_any_whole_checkpoint_a_run_is_refused_and_left_alone(tiny):
    folder = train(replace(tiny, save_every=2))
    for name in ("last.pt", "last.prev.pt"):
        (folder / name).write_bytes(b"noise")
    with pytest.raises(UserError, match=r"last\.prev\.pt is damaged"):
        train(replace(tiny, resume=True))
    assert (folder / "last.pt").read_bytes() == b"noise"


def test_what_the_last_bits_depend_on_is_named_when_it_has_changed(tiny, capsys):
    folder = train(tiny)
    state = weights(folder)
    state["made_with"] |= {"PyTorch": "2.0.0", "threads": 64}
    torch.save(state, folder / "last.pt")
    train(replace(tiny, resume=True))
    said = capsys.readouterr().out
    assert f"note: PyTorch was 2.0.0, now it is {torch.__version__}: the last bits may" in said
    assert "note: threads was 64, now it is 1: the last bits may differ" in said


def test_an_optimizer_that_does_not_fit_any_more_is_refused_in_one_line(tiny):
    folder = train(tiny)
    state = weights(folder)
    state["optimizer"]["param_groups"][0]["params"].append(999)
    torch.save(state, folder / "last.pt")
    with pytest.raises(UserError, match=r"the optimizer in .* does not fit") as error:
        train(replace(tiny, resume=True))
    assert "\n" not in str(error.value)


def test_a_second_training_in_the_same_folder_is_refused_while_the_first_lives(command, tiny):
    folder = train(tiny)
    held = lock(folder)
    answer = command("train.py", "--resume", "--run-dir", folder)
    assert answer.returncode == 2
    assert answer.stderr.startswith(f"error: another training is at work in {folder}: wait")
    held.close()


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("CUDA out of memory. Tried to")])
def test_where_memory_runs_out_a_smaller_batch_is_advised(tiny, monkeypatch, error):
    def too_much(*_):
        raise error

    monkeypatch.setattr("parallel.models.score_batch", too_much)
    advice = f"out of memory with --batch-size {tiny.batch_size}: try --batch-size "
    with pytest.raises(UserError, match=advice):
        train(tiny)


def test_a_mistake_in_the_model_is_not_taken_for_a_lack_of_memory(tiny, monkeypatch):
    def wrong(*_):
        raise RuntimeError("unsupported memory format")

    monkeypatch.setattr("parallel.models.score_batch", wrong)
    with pytest.raises(RuntimeError, match="unsupported memory format"):
        train(tiny)


class Deadly(TensorDataset):
    """Examples whose reader is killed, as it is by a system that is short of memory."""

    def __getitem__(self, index):
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


def test_where_a_worker_is_killed_it_is_said_what_to_try(tiny, monkeypatch):
    def load(dataset, **options):
        return DataLoader(Deadly(*dataset.tensors), **options)

    monkeypatch.setattr("loading.sampler.DataLoader", load)
    with pytest.raises(UserError, match="a process that reads data was killed: try --num-workers"):
        train(replace(tiny, num_workers=1, epochs=5))


def test_a_worker_that_is_killed_while_it_hands_over_a_batch_is_told_too():
    with pytest.raises(UserError, match="was killed"), out_of_memory(Config()):
        raise ConnectionResetError


@pytest.mark.parametrize("precision", ["bf16", "fp16"])
def test_a_smaller_number_format_trains_too(tiny, precision):
    first, *_, last = rows(train(replace(tiny, precision=precision, epochs=4)))
    assert float(last["train_loss"]) < float(first["train_loss"])
