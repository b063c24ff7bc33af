"""A training under way: a resumed run ends bit for bit where an unbroken one does."""

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
import toy
from same_run import assert_same_run, rows, weights
from torch.utils.data import Dataset

import engine.run
import engine.run_folder
from engine.checkpoint import lock, save_checkpoint
from engine.evaluation import Answers
from engine.metrics import best_row
from engine.run import SaveClock
from engine.settings import UserError
from engine.signals import out_of_memory


def stop_after(monkeypatch, steps):
    """Let the power fail in a step; return a list that grows with the steps done."""
    done = []
    save_or_stop = engine.run.Run.save_or_stop

    def step(self):
        done.append(0)
        if len(done) == steps:
            raise KeyboardInterrupt
        return save_or_stop(self)

    monkeypatch.setattr(engine.run.Run, "save_or_stop", step)
    return done


@pytest.mark.parametrize(
    ("steps", "changed"),
    [
        *((steps, {}) for steps in (1, 3, 4, 6, 8)),
        (3, {"num_workers": 1}),
        (3, {"one_by_one": True}),
        (6, {"one_by_one": True, "num_workers": 1}),
        (3, {"numbers": True}),
        (5, {"kind": "second", "deterministic": True}),
        (7, {"clip_norm": 0.5, "optimizer": "sgd"}),
        (6, {"optimizer": "rmsprop", "precision": "bf16"}),
        (6, {"precision": "fp16"}),
    ],
)
def test_a_resumed_run_ends_where_an_unbroken_one_does(tiny, unbroken, monkeypatch, steps, changed):
    broken = replace(tiny, save_every=2, **changed)
    with monkeypatch.context() as power, pytest.raises(KeyboardInterrupt):
        stop_after(power, steps)
        toy.train(broken)
    toy.train(replace(broken, resume=True))
    assert_same_run(unbroken(tiny, **changed), broken.run_dir)


def test_workers_change_nothing(tiny, unbroken):
    one_by_one = unbroken(tiny, one_by_one=True)
    assert_same_run(one_by_one, unbroken(tiny, one_by_one=True, num_workers=1))
    assert rows(one_by_one) != rows(unbroken(tiny))  # its own augmentation is at work


def test_a_killed_run_ends_where_an_unbroken_one_does(command, environment, tiny, unbroken):
    run = ["--run-dir", tiny.run_dir, "--device", "cpu"]
    words = [*run, "--limit-batches", "4", "--save-every", "1"]
    program = [sys.executable, toy.__file__, *words]
    with subprocess.Popen(program, env=environment(), stdout=subprocess.DEVNULL) as training:
        while training.poll() is None and not (Path(tiny.run_dir) / "last.pt").exists():
            time.sleep(0.001)
        training.kill()
    resumed = command("--resume", *run)
    assert resumed.returncode == 0, resumed.stderr
    assert_same_run(unbroken(tiny), tiny.run_dir)


SIGNALS = [signal.SIGINT, signal.SIGTERM]
if os.name == "posix":  # Windows has none that comes when the terminal closes
    SIGNALS.append(signal.SIGHUP)


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_saves_and_ends_the_training(tiny, unbroken, monkeypatch, command, capsys, number):
    step = torch.optim.lr_scheduler.LambdaLR.step

    def interrupt(scheduler):
        step(scheduler)
        if scheduler.last_epoch == 6:
            signal.raise_signal(number)
            if number not in (signal.SIGINT, signal.SIGTERM):  # a terminal sends it, and its shell
                signal.raise_signal(number)

    with monkeypatch.context() as keyboard, pytest.raises(SystemExit) as exit_code:
        keyboard.setattr("os.isatty", lambda _: False)  # pytest -s goes on in this terminal
        keyboard.setattr(torch.optim.lr_scheduler.LambdaLR, "step", interrupt)
        toy.train(tiny)
    assert exit_code.value.code == 128 + number
    assert f'python train.py --resume --run-dir "{tiny.run_dir}"' in capsys.readouterr().out
    assert weights(tiny.run_dir)["progress"]["step"] == 6
    # The exception still holds all of that training, as it would in a notebook.
    resumed = command("--resume", "--run-dir", tiny.run_dir)
    assert resumed.returncode == 0, resumed.stderr
    assert_same_run(unbroken(tiny), tiny.run_dir)


def test_the_same_seed_gives_the_same_run_and_another_seed_another(tiny, unbroken, tmp_path):
    again = toy.train(replace(tiny, run_dir=str(tmp_path / "again")))
    other = toy.train(replace(tiny, run_dir=str(tmp_path / "other"), seed=1))
    assert_same_run(unbroken(tiny), again)
    assert rows(again) != rows(other)


def test_a_finished_run_can_be_resumed_and_stays_as_it_is(tiny):
    folder = toy.train(tiny)
    before = weights(folder)["model"]
    toy.train(replace(tiny, resume=True))
    after = weights(folder)["model"]
    assert all(torch.equal(before[name], value) for name, value in after.items())


def test_a_folder_that_holds_a_run_is_not_overwritten(tiny):
    toy.train(tiny)
    with pytest.raises(UserError, match="holds a run: add --resume"):
        toy.train(tiny)


def test_two_runs_of_the_same_second_get_a_folder_each(tiny, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(engine.run_folder.time, "strftime", lambda _: "runs/now")
    first = toy.train(replace(tiny, run_dir=None, epochs=1))
    second = toy.train(replace(tiny, run_dir=None, epochs=1))
    assert first != second
    assert first.parent == second.parent == Path("runs")


def test_a_run_killed_before_its_first_checkpoint_begins_again(tiny, capsys, monkeypatch):
    with monkeypatch.context() as power, pytest.raises(KeyboardInterrupt):
        stop_after(power, 1)
        toy.train(tiny)
    toy.train(replace(tiny, resume=True))
    assert "starting from the beginning" in capsys.readouterr().out
    assert len(rows(tiny.run_dir)) == 2


def fail_in_training(monkeypatch, error):
    """Let compute_loss fail in training alone, as it does behind the checks before it."""
    compute_loss = toy.compute_loss

    def fail(model, batch, config):
        if model.training:
            raise error
        return compute_loss(model, batch, config)

    monkeypatch.setattr(toy, "compute_loss", fail)


def test_a_training_that_fails_before_its_first_step_leaves_no_folder(tiny, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    fail_in_training(monkeypatch, ValueError("a mistake"))
    with pytest.raises(ValueError, match="a mistake"):
        toy.train(replace(tiny, run_dir=None))
    assert list(tmp_path.iterdir()) == []
    # But what was there before stays.
    mine = tmp_path / "mine" / "run"
    mine.mkdir(parents=True)
    (mine / "notes.txt").write_text("my notes", encoding="utf-8")
    with pytest.raises(ValueError, match="a mistake"):
        toy.train(replace(tiny, run_dir=str(mine)))
    assert [path.name for path in mine.iterdir()] == ["notes.txt"]


def test_a_folder_that_the_user_made_stays_when_a_training_fails(tiny, tmp_path, monkeypatch):
    mine = tmp_path / "results"
    mine.mkdir()
    fail_in_training(monkeypatch, ValueError("a mistake"))
    with pytest.raises(ValueError, match="a mistake"):
        toy.train(replace(tiny, run_dir=str(mine / "run")))
    assert list(tmp_path.iterdir()) == [mine]


def test_a_resumed_training_that_fails_leaves_the_run(tiny, monkeypatch):
    folder = toy.train(replace(tiny, epochs=1))
    before = sorted(path.name for path in folder.iterdir())
    (folder / "last.pt").unlink()
    fail_in_training(monkeypatch, ValueError("a mistake"))
    with pytest.raises(ValueError, match="a mistake"):
        toy.train(replace(tiny, epochs=2, resume=True))
    assert {*before} - {path.name for path in folder.iterdir()} == {"last.pt"}


def test_the_clock_saves_too_however_often_the_best_model_is_saved(tiny, monkeypatch):
    with monkeypatch.context() as power, pytest.raises(KeyboardInterrupt):
        done = stop_after(power, 7)
        power.setattr(engine.run.time, "monotonic", lambda: 0.6 * len(done))  # 0.6 s a step
        toy.train(tiny)
    assert weights(tiny.run_dir)["progress"]["step"] == 6


def test_saving_takes_at_most_a_fiftieth_of_the_time(monkeypatch):
    now = 0.0
    monkeypatch.setattr(engine.run.time, "monotonic", lambda: now)
    clock = SaveClock(every=0)
    now = 1.5
    assert clock.is_due(step=1)
    now = 3.5  # it took 2 seconds
    clock.note_save(began=1.5)
    now = 101.4
    assert not clock.is_due(step=2)
    now = 101.6
    assert clock.is_due(step=3)


def test_the_seconds_of_an_epoch_are_those_of_its_steps_not_of_its_saves(tiny, monkeypatch):
    clock = [0.0]
    save = engine.run_folder.save_checkpoint

    def slow_save(*arguments, **options):
        clock[0] += 10
        save(*arguments, **options)

    with monkeypatch.context() as slow:
        slow.setattr(engine.run_folder, "save_checkpoint", slow_save)
        for name in ("monotonic", "perf_counter"):
            slow.setattr(engine.run.time, name, lambda: clock[0])
        folder = toy.train(replace(tiny, save_every=1))
    with (folder / "metrics.csv").open(newline="", encoding="utf-8") as file:
        assert [float(row["seconds"]) for row in csv.DictReader(file)] == [0.0] * tiny.epochs
    assert clock[0] >= 10 * tiny.epochs * tiny.limit_batches


def test_a_run_leaves_what_the_readme_promises(tiny):
    folder = toy.train(tiny)
    files = {path.name for path in folder.iterdir()}
    written = {"config.json", "metrics.csv", "last.pt", "best.pt", "best.prev.pt", "curves.png"}
    assert files == written | {"lock"}
    assert list(rows(folder)[0]) == [
        "epoch",
        "step",
        "train_loss",
        "train_accuracy",
        "val_loss",
        "val_accuracy",
        "lr",
        "seconds",
    ]
    promised = "format config info fingerprint model optimizer scheduler scaler progress best epoch"
    promised += " made_with once once_weights stage learned average run"
    checkpoint = weights(folder, "best.pt")
    assert set(promised.split()) == checkpoint.keys()
    progress = {"history", "batch", "step", "seconds", "sums"}
    assert checkpoint["progress"].keys() == progress


def test_of_numbers_the_row_has_the_mean_error_in_training(tiny):
    (first, _) = rows(toy.train(replace(tiny, numbers=True)))
    names = ["train_loss", "train_mae", "val_loss", "val_mae", "val_rmse", "val_r2"]
    assert list(first)[2:8] == names
    assert float(first["train_mae"]) > 0


@pytest.mark.parametrize("numbers", [False, True])
def test_what_training_reports_is_the_mean_of_each_example_once(tiny, monkeypatch, numbers):
    losses, scores = [], []
    compute_loss = toy.compute_loss

    def watched(model, batch, config):
        batch_losses, outputs = compute_loss(model, batch, config)
        if model.training and len(batch[1]) > 2:  # two are those that a new model is tried on
            losses.append(batch_losses.detach())
            if numbers:
                scores.append((outputs - batch[1]).abs().detach())
            else:
                scores.append(outputs.argmax(dim=1) == batch[1])
        return batch_losses, outputs

    monkeypatch.setattr(toy, "compute_loss", watched)
    folder = toy.train(replace(tiny, numbers=numbers, epochs=3, limit_batches=3))
    assert len(losses) == 9
    for number, row in enumerate(rows(folder)):
        mine = slice(3 * number, 3 * number + 3)
        loss = torch.cat(losses[mine]).double().mean().item()
        score = torch.cat(scores[mine]).double().mean().item()
        assert float(row["train_loss"]) == pytest.approx(loss, rel=1e-6)
        reported = float(row["train_mae" if numbers else "train_accuracy"])
        assert reported == pytest.approx(score, rel=1e-6)
        assert numbers or reported <= 1


def test_sums_of_other_processes_than_now_are_kept_together(tiny):
    data = toy.load_data(tiny)
    model = toy.build_model(tiny, data.info)
    run = engine.run.Run(tiny, data, [], model, torch.device("cpu"))
    run.progress.sums = [[1.5, 2.0, 3], [0.5, 1.0, 2]]
    run.sums = run.restored_sums()
    assert (run.sums.losses, run.sums.scores, run.sums.examples) == (2.0, 3.0, 5)
    assert run.means() == (0.4, 0.6)


def script_metric(monkeypatch, name, values):
    """Let the only metric have these values, one in each epoch."""
    epochs = []
    evaluate = toy.evaluate

    def counted(*arguments):
        epochs.append(0)
        return evaluate(*arguments)

    def metric(outputs, labels):
        return values[max(0, len(epochs) - 1)]

    metric.__name__ = name
    monkeypatch.setattr(toy, "evaluate", counted)
    monkeypatch.setattr(toy, "metrics", lambda info: [metric])


@pytest.mark.parametrize(("name", "best"), [("f1", 4), ("own_error", 3), ("mae", 3), ("top3", 4)])
def test_best_by_chooses_the_best_model_by_a_metric(tiny, monkeypatch, name, best):
    script_metric(monkeypatch, name, [0.3, 0.9, 0.3, 0.9])
    folder = toy.train(replace(tiny, epochs=4, best_by=name))
    checkpoint = weights(folder, "best.pt")
    assert checkpoint["epoch"] == checkpoint["best"]["epoch"] == best
    assert weights(folder)["best"][f"val_{name}"] == (0.9 if best == 4 else 0.3)


def test_best_by_also_decides_when_patience_runs_out(tiny, monkeypatch):
    script_metric(monkeypatch, "f1", [0.3, 0.9, 0.5, 0.5, 0.95])
    folder = toy.train(replace(tiny, epochs=5, best_by="f1", patience=2))
    assert len(rows(folder)) == 4


def test_best_by_a_metric_that_there_is_not_lists_those_that_are(tiny):
    with pytest.raises(UserError, match=r"--best-by, .* is 'f1': .* one of loss, accuracy$"):
        toy.train(replace(tiny, best_by="f1"))
    assert not Path(tiny.run_dir).exists()


def test_the_best_row_of_equals_has_the_lowest_loss_and_old_rows_may_lack_a_metric():
    history = [
        {"epoch": 1, "val_loss": 0.1},
        {"epoch": 2, "val_loss": 1.4, "val_f1": 0.7},
        {"epoch": 3, "val_loss": 0.2, "val_f1": 0.7},
        {"epoch": 4, "val_loss": 0.2, "val_f1": 0.7},
    ]
    assert best_row(history, "loss")["epoch"] == 1
    assert best_row(history, "f1")["epoch"] == 3
    assert best_row(history, "renamed")["epoch"] == 1
    history.append({"epoch": 5, "val_loss": 0.4, "val_f1": float("nan")})
    assert best_row(history, "f1")["epoch"] == 3
    history.append({"epoch": 6, "val_loss": float("nan"), "val_f1": 0.7})
    assert best_row(history, "f1")["epoch"] == 3


def test_a_metric_that_comes_later_does_not_break_metrics_csv(tiny, monkeypatch):
    toy.train(replace(tiny, epochs=1))

    def more(outputs, labels):
        return 0.25

    monkeypatch.setattr(toy, "metrics", lambda info: [more])
    folder = toy.train(replace(tiny, resume=True))
    first, second = rows(folder)
    assert first["val_more"] == ""
    assert float(second["val_more"]) == 0.25
    assert "val_accuracy" not in second


def test_patience_ends_a_training_that_no_longer_improves(tiny):
    folder = toy.train(replace(tiny, epochs=60, lr=1e-12, patience=2))
    assert len(rows(folder)) < 60


def test_a_loss_that_is_not_finite_ends_the_training_with_advice(tiny, monkeypatch):
    compute_loss = toy.compute_loss

    def broken(model, batch, config):
        losses, outputs = compute_loss(model, batch, config)
        return losses * torch.nan if model.training else losses, outputs

    monkeypatch.setattr(toy, "compute_loss", broken)
    with pytest.raises(UserError, match=r"the loss became nan .* try a lower --lr"):
        toy.train(tiny)
    assert not (Path(tiny.run_dir) / "last.pt").exists()


def test_a_validation_loss_that_is_not_finite_is_never_the_best(tiny, monkeypatch):
    good = toy.train(replace(tiny, epochs=1))
    before = (good / "best.pt").read_bytes()
    with monkeypatch.context() as fault, pytest.raises(UserError, match="the loss became nan"):
        nothing = Answers(torch.tensor([torch.nan]), torch.zeros(1, 3), torch.zeros(1))
        fault.setattr(toy, "evaluate", lambda *_: nothing)
        toy.train(replace(tiny, epochs=2, resume=True))
    assert (good / "best.pt").read_bytes() == before
    assert len(rows(good)) == 1


def test_a_damaged_last_checkpoint_gives_way_to_the_one_before_it(tiny, unbroken, capsys):
    broken = replace(tiny, save_every=2)
    folder = toy.train(broken)
    (folder / "last.pt").write_bytes((folder / "last.pt").read_bytes()[:-100])
    toy.train(replace(broken, resume=True))
    assert "is damaged, or no checkpoint of this project: going on from" in capsys.readouterr().out
    assert_same_run(unbroken(tiny), folder)


def test_a_kill_between_the_two_renames_of_a_save_loses_nothing(tiny, unbroken):
    folder = toy.train(replace(tiny, save_every=2))
    (folder / "last.pt").unlink()
    toy.train(replace(tiny, save_every=2, resume=True))
    assert_same_run(unbroken(tiny), folder)


def test_without_any_whole_checkpoint_a_run_is_refused_and_left_alone(tiny):
    folder = toy.train(replace(tiny, save_every=2))
    for name in ("last.pt", "last.prev.pt"):
        (folder / name).write_bytes(b"noise")
    with pytest.raises(UserError, match=r"last\.prev\.pt is damaged"):
        toy.train(replace(tiny, resume=True))
    assert (folder / "last.pt").read_bytes() == b"noise"


def test_what_the_last_bits_depend_on_is_named_when_it_has_changed(tiny, capsys):
    folder = toy.train(tiny)
    state = weights(folder)
    state["made_with"] |= {"PyTorch": "2.0.0", "threads": 64}
    save_checkpoint(folder / "last.pt", state)
    toy.train(replace(tiny, resume=True))
    said = capsys.readouterr().out
    assert f"note: PyTorch was 2.0.0, now it is {torch.__version__}: the last bits may" in said
    assert "note: threads was 64, now it is 1: the last bits may differ" in said


def test_an_optimizer_that_does_not_fit_any_more_is_refused_in_one_line(tiny):
    folder = toy.train(tiny)
    state = weights(folder)
    state["optimizer"]["param_groups"][0]["params"].append(999)
    save_checkpoint(folder / "last.pt", state)
    with pytest.raises(UserError, match=r"the optimizer in .* does not fit") as error:
        toy.train(replace(tiny, resume=True))
    assert "\n" not in str(error.value)


def test_a_second_training_in_the_same_folder_is_refused_while_the_first_lives(command, tiny):
    folder = toy.train(tiny)
    held = lock(folder)
    answer = command("--resume", "--run-dir", folder)
    assert answer.returncode == 2
    assert answer.stderr.startswith(f"error: another training is at work in {folder}: wait")
    held.close()


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("CUDA out of memory. Tried to")])
def test_where_memory_runs_out_a_smaller_batch_is_advised(tiny, monkeypatch, error):
    fail_in_training(monkeypatch, error)
    advice = "out of memory with --batch-size 16: try --batch-size 8 --accumulate 2, which learns"
    with pytest.raises(UserError, match=advice):
        toy.train(tiny)


def test_a_mistake_in_the_model_is_not_taken_for_a_lack_of_memory(tiny, monkeypatch):
    fail_in_training(monkeypatch, RuntimeError("unsupported memory format"))
    with pytest.raises(RuntimeError, match="unsupported memory format"):
        toy.train(tiny)


class Deadly(Dataset):
    """Examples whose reader is killed, as it is by a system that is short of memory."""

    def __len__(self):
        return 100

    def __getitem__(self, index):
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


def test_where_a_worker_is_killed_it_is_said_what_to_try(tiny, monkeypatch):
    data = replace(toy.load_data(tiny), train=Deadly())
    monkeypatch.setattr(toy, "load_data", lambda config: data)
    with pytest.raises(UserError, match="a process that reads data was killed: try --num-workers"):
        toy.train(replace(tiny, num_workers=1, epochs=5))


def test_a_worker_that_is_killed_while_a_checkpoint_is_written_is_told_too(tiny, monkeypatch):
    def save(run, name):
        try:
            raise RuntimeError("DataLoader worker (pid 1) is killed by signal: Segmentation fault.")
        finally:
            raise RuntimeError("[enforce fail at inline_container.cc:672] . unexpected pos 9 vs 8")

    monkeypatch.setattr(engine.run.Run, "save", save)
    with pytest.raises(UserError, match="a process that reads data was killed: try --num-workers"):
        toy.train(tiny)


def test_a_worker_that_is_killed_while_it_hands_over_a_batch_is_told_too(tiny):
    with pytest.raises(UserError, match="was killed"), out_of_memory(tiny):
        raise ConnectionResetError


def test_a_batch_of_one_example_is_refused_where_it_cannot_be_normalised(tiny):
    with pytest.raises(UserError, match=r"BatchNorm.* --batch-size"):
        toy.train(replace(tiny, batch_size=1))


@pytest.mark.parametrize("precision", ["bf16", "fp16"])
def test_a_smaller_number_format_trains_too(tiny, precision):
    first, *_, last = rows(toy.train(replace(tiny, precision=precision, epochs=4)))
    assert float(last["train_loss"]) < float(first["train_loss"])


def test_it_learns(tiny):
    (*_, last) = rows(toy.train(replace(tiny, limit_batches=0, epochs=10)))
    assert float(last["val_accuracy"]) > 0.8
    assert float(last["train_accuracy"]) > 0.8
