"""The search: trials are counted once, bad ones end early, and the best can be had again."""

import csv
import json
import shlex
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import ClassVar

import pytest
import torch

import train as training
from config import SEARCH, Config
from engine.checkpoint import lock
from engine.metrics import lower_is_better
from engine.settings import UserError, find_run
from tools.sweep import Sweep, ranges_to_try, search

PROJECT = Path(__file__).parents[2]
FAST = ["--epochs", "2", "--limit-batches", "4", "--device", "cpu"]
RANGES = {"lr": (0.001, 0.1), "weight_decay": (0.0, 0.1), "optimizer": ["adamw", "adam"]}


@pytest.fixture
def optuna():
    """Optuna, where it is installed."""
    return pytest.importorskip("optuna", reason='needs pip install -e ".[sweep]"')


@pytest.fixture
def small(tiny, tmp_path, monkeypatch):
    """A search of two trainings of less than a second, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["sweep.py"])
    return Sweep(**asdict(replace(tiny, run_dir=None)), trials=2)


@pytest.fixture
def trials(optuna, tmp_path):
    """Return the trials in a search's database that are in a state."""

    def read(state, name="sweep"):
        study = optuna.load_study(study_name=name, storage=f"sqlite:///{tmp_path}/runs/{name}.db")
        return [trial for trial in study.trials if trial.state.name == state]

    return read


def badness(folder):
    """Return what is lower, the better the epoch of best.pt: by --best-by, then by its loss."""
    best_by = json.loads(Path(folder, "config.json").read_text(encoding="utf-8"))["best_by"]
    with Path(folder, "metrics.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    def bad(row, name):
        score = float(row[f"val_{name}"])
        return score if lower_is_better(name) else -score

    return min((bad(row, best_by), bad(row, "loss")) for row in rows)


def tried(name="sweep"):
    """Return what was tried, in the order of the trials."""
    folders = sorted(Path("runs").glob(f"{name}_*"), key=lambda path: int(path.name.split("_")[1]))
    found = []
    for folder in folders:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        found.append({key: config[key] for key in RANGES})
    return found


def test_every_range_is_one_of_a_setting_that_takes_it(optuna):
    from tools.study import distribution

    for name, values in SEARCH.items():
        assert hasattr(Config(), name), f"SEARCH in config.py has {name!r}, which is no setting"
        assert distribution(name, values)
        for value in values:
            replace(Config(), **{name: value})


def test_the_best_trial_is_the_newest_run_and_its_command_trains_it_again(
    optuna, command, start, tmp_path, monkeypatch, trials
):
    answer = command("sweep", "--trials", 3, *FAST)
    assert answer.returncode == 0, answer.stderr
    assert not answer.stderr
    scores = {path: badness(path) for path in tmp_path.glob("runs/sweep_*/")}
    assert len(scores) == len(trials("COMPLETE")) == 3
    best = min(scores, key=lambda path: scores[path])
    monkeypatch.chdir(tmp_path)
    assert find_run(None).name == best.name
    assert f'next: python eval.py --run-dir "{Path("runs", best.name)}"' in answer.stdout
    (line,) = [line for line in answer.stdout.splitlines() if line.startswith("the best again")]
    assert not [name for name in SEARCH if f"--{name.replace('_', '-')} " not in line]
    flags = shlex.split(line.partition("python train.py ")[2])
    again = start(PROJECT / "train.py", *flags, "--run-dir", "again")
    assert again.returncode == 0, again.stderr
    assert badness(tmp_path / "again") == scores[best]


def test_a_picture_marks_the_best_trial_for_each_setting(optuna, small):
    from matplotlib.image import imread

    search(small, RANGES)
    picture = torch.tensor(imread("runs/sweep.png")[..., :3])  # (H, W, 3)
    star_colour = torch.tensor([1.0, 0.498, 0.055])
    is_star = (picture - star_colour).abs().sum(dim=-1) < 0.01
    assert len(RANGES) == 3
    assert all(panel.sum() > 100 for panel in is_star.tensor_split(3, dim=1))


@pytest.mark.skipif(not hasattr(Config(), "target"), reason="only tables have numbers to predict")
def test_numbers_are_searched_for_the_lowest_mean_error(optuna, small, capsys, if_it_fits):
    rows = [f"{i},{i % 7},{3 * i + i % 7}.5\n" for i in range(60)]
    Path("numbers.csv").write_text("a,b,price\n" + "".join(rows), encoding="utf-8")
    numbers = replace(small, trials=3, data="numbers.csv", target="price")
    with if_it_fits():
        search(numbers, {"lr": (0.0001, 0.1)})
    best = min(Path("runs").glob("sweep_*/"), key=badness)
    assert f'next: python eval.py --run-dir "{best}"' in capsys.readouterr().out


def test_without_best_by_trials_are_judged_by_the_loss_that_chooses_a_checkpoint(
    optuna, small, capsys, trials
):
    small = replace(small, best_by="loss", trials=3)
    search(small, {"lr": (0.0001, 0.1)})
    folders = list(Path("runs").glob("sweep_*/"))
    kept = {}
    for folder in folders:
        checkpoint = torch.load(folder / "best.pt", weights_only=True)
        kept[folder] = checkpoint["best"]["val_loss"]
    best = min(kept, key=lambda folder: kept[folder])
    assert find_run(None).name == best.name
    assert sorted(trial.value for trial in trials("COMPLETE")) == sorted(kept.values())
    assert capsys.readouterr().out.count("trial  val_loss") == 1


def test_a_best_by_that_no_metric_has_is_refused_before_the_first_trial(optuna, small):
    with pytest.raises(UserError, match="is 'nothing': it must be one of loss"):
        search(replace(small, best_by="nothing"), RANGES)
    assert not Path("runs").exists()


def finished(optuna, values, settings):
    """Return trials that came to their end, with these scores and values of two settings."""
    from tools.study import distribution

    kinds = {"lr": distribution("lr", (0.001, 0.1)), "optimizer": distribution("optimizer", [1, 2])}
    done = []
    for value, (lr, optimizer) in zip(values, settings, strict=True):
        params = {"lr": lr, "optimizer": optimizer}
        trial = optuna.trial.create_trial(value=value, params=params, distributions=kinds)
        done.append(trial)
    return done


def test_a_setting_is_said_to_matter_only_where_enough_trials_show_it(optuna):
    from tools.findings import chances_of, what_matters

    rates = [0.001 * 1.35**place for place in range(15)]  # scores follow the first setting alone
    alternating = [1 + place % 2 for place in range(15)]
    settings = list(zip(rates, alternating, strict=True))
    names = ["optimizer", "lr"]
    few = chances_of(finished(optuna, rates[:5], settings[:5]), names)
    assert what_matters(few, 5) == "5 trials do not tell whether a setting matters: optimizer, lr"
    many = chances_of(finished(optuna, rates, settings), names)
    assert what_matters(many, 15) == "what matters, by 15 trials: lr; not clear: optimizer"
    by_choice = chances_of(finished(optuna, [float(one) for one in alternating], settings), names)
    assert what_matters(by_choice, 15) == "what matters, by 15 trials: optimizer; not clear: lr"
    equal = chances_of(finished(optuna, [0.5] * 15, settings), names)
    assert set(equal.values()) == {1.0}
    alone = chances_of(finished(optuna, rates, settings), ["lr"])
    assert many["lr"] == pytest.approx(2 * alone["lr"])  # two chances to look as if it mattered


def test_settings_that_do_not_matter_are_seldom_said_to(optuna):
    from tools.findings import CHANCE, chances_of

    generator = torch.Generator().manual_seed(0)
    claims = 0
    for _ in range(100):
        numbers = torch.rand(20, 3, generator=generator).tolist()
        settings = [(0.001 + 0.09 * lr, 1 + int(2 * choice)) for lr, choice, _ in numbers]
        scores = [score for _, _, score in numbers]
        chances = chances_of(finished(optuna, scores, settings), ["lr", "optimizer"])
        claims += min(chances.values()) < CHANCE
    assert claims <= 10


def test_trials_are_judged_by_what_a_training_is_told_to_be_best_by(
    optuna, small, monkeypatch, capsys
):
    def lowest_error(outputs, labels):
        return float(len(values))

    def counted(info):
        values.append(info)
        return [*metrics(info), lowest_error]

    values = []
    metrics = training.metrics
    monkeypatch.setattr(training, "metrics", counted)
    monkeypatch.setattr("tools.study.metrics", counted)
    search(replace(small, best_by="lowest_error"), {"lr": (0.001, 0.1)})
    said = capsys.readouterr().out
    assert "val_lowest_error" in said
    assert 'next: python eval.py --run-dir "' + str(Path("runs", "sweep_0")) in said
    with pytest.raises(UserError, match="was begun with best_by 'lowest_error', now it is 'loss'"):
        search(replace(small, best_by="loss"), {"lr": (0.001, 0.1)})


def test_a_search_that_was_stopped_goes_on_as_if_it_had_not_been(
    optuna, small, monkeypatch, capsys, trials
):
    search(replace(small, trials=3, study="unbroken"), RANGES)
    step = torch.optim.lr_scheduler.LambdaLR.step
    steps = []

    def interrupt(scheduler):
        step(scheduler)
        steps.append(0)
        if len(steps) == 13:  # in the second trial, after the step of its construction
            signal.raise_signal(signal.SIGINT)

    with monkeypatch.context() as keyboard, pytest.raises(SystemExit) as exit_code:
        keyboard.setattr(torch.optim.lr_scheduler.LambdaLR, "step", interrupt)
        search(replace(small, trials=3), RANGES)
    assert exit_code.value.code == 130
    assert "stopped: the same command goes on with the search" in capsys.readouterr().out
    assert (len(trials("COMPLETE")), len(trials("FAIL"))) == (1, 1)
    search(replace(small, trials=3), RANGES)
    assert len(trials("COMPLETE")) == 3
    first, second, third = tried("unbroken")
    assert tried() == [first, second, second, third]
    search(replace(small, trials=3), RANGES)
    assert len(tried()) == 4  # there was nothing left to do


def test_a_trial_that_was_killed_is_not_waited_for(optuna, small, tmp_path, trials):
    search(replace(small, trials=1), RANGES)
    storage = f"sqlite:///{tmp_path}/runs/sweep.db"
    optuna.load_study(study_name="sweep", storage=storage).ask()  # and nobody ever tells
    search(small, RANGES)
    assert (len(trials("COMPLETE")), len(trials("RUNNING"))) == (2, 1)


def test_two_processes_share_a_search(optuna, tmp_path, trials, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    command = [sys.executable, "-m", "tools.sweep", "--trials", "4", *FAST]
    options: dict = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8"}
    Path(tmp_path, "runs").mkdir()
    with lock(tmp_path / "runs"):  # so that both come to the database at the same moment
        both = [subprocess.Popen(command, cwd=tmp_path, **options) for _ in range(2)]
        for process in both:
            assert process.stdout
            while not process.stdout.readline().startswith("examples: "):
                assert process.poll() is None
        time.sleep(1)
        assert not Path(tmp_path, "runs", "sweep.db").exists()
    assert [process.communicate(timeout=300)[1] for process in both] == ["", ""]
    assert [process.returncode for process in both] == [0, 0]
    done = trials("COMPLETE")
    assert len(done) in (4, 5)  # each may have been in its last trial
    assert not trials("FAIL")
    assert len({json.dumps(trial.params) for trial in done}) == len(done)
    for trial in done:
        score, _ = badness(tmp_path / "runs" / f"sweep_{trial.number}")
        assert abs(trial.value) == abs(score)


def test_a_trial_that_is_worse_than_most_ends_early(optuna, small, capsys, trials, monkeypatch):
    from tools.study import distribution, open_study
    from tools.trials import run_trials

    def learned(outputs, labels):
        return epochs_at[rate[-1]]

    def metrics(info):
        return [learned]

    rate = []
    epochs_at = {0.01: 1.0, 1e-9: 0.0}
    make_optimizer = training.make_optimizer

    def noted(model, config):
        rate.append(config.lr)
        return make_optimizer(model, config)

    monkeypatch.setattr(training, "metrics", metrics)
    monkeypatch.setattr("tools.study.metrics", metrics)
    monkeypatch.setattr(training, "make_optimizer", noted)
    rate.append(0.01)  # before the first training
    config = Config.restore({**vars(small), "epochs": 4, "best_by": "learned"})
    space = {"lr": distribution("lr", [0.01, 1e-9])}
    study = open_study("sweep", config, {})
    for lr in [0.01] * 5 + [1e-9]:
        study.enqueue_trial({"lr": lr})
    run_trials(study, config, space, 6)
    assert "pruned after epoch" in capsys.readouterr().out.splitlines()[-1]
    (pruned,) = trials("PRUNED")
    assert pruned.number == 5
    assert not list(Path("runs/sweep_5").glob("*.pt"))
    assert {path.name for path in Path("runs/sweep_0").glob("*.pt")} == {"best.pt"}
    newest = find_run(None)  # which eval.py takes
    best = min(Path("runs").glob("sweep_[0-4]/"), key=badness)
    assert badness(newest) == badness(best)


def test_a_loss_that_is_no_number_ends_the_trial_and_not_the_search(
    optuna, small, monkeypatch, capsys, trials
):
    compute_loss = training.compute_loss

    def broken(model, batch, config):
        losses, outputs = compute_loss(model, batch, config)
        if not model.training:  # in validation, behind the first epoch
            losses = losses * float("nan")
        return losses, outputs

    monkeypatch.setattr(training, "compute_loss", broken)
    monkeypatch.setattr(training, "check_model", lambda *_: None)  # it would see that at once
    search(small, RANGES)
    said = capsys.readouterr().out
    assert said.count("the loss became") == len(trials("PRUNED")) == 2
    assert "no trial came to its end: try other ranges in SEARCH in config.py" in said
    assert "training on" not in said  # a line for each trial


def test_what_another_trial_would_meet_too_ends_the_search(optuna, small, monkeypatch, trials):
    def fail(*_, **__):
        raise UserError("cannot write best.pt: the disk is full")

    monkeypatch.setattr("engine.run_folder.save_checkpoint", fail)
    with pytest.raises(UserError, match="the disk is full"):
        search(small, RANGES)
    assert (len(trials("FAIL")), len(trials("PRUNED"))) == (1, 0)
    with pytest.raises(UserError, match="--optimizer is 'lion': it must be one of adamw, adam"):
        search(replace(small, study="other"), {"optimizer": ["lion"]})


def test_ctrl_c_in_the_last_validation_ends_the_search_too(optuna, small, monkeypatch, trials):
    validate = training.evaluate

    def interrupted(*arguments):
        signal.raise_signal(signal.SIGINT)
        return validate(*arguments)

    with monkeypatch.context() as keyboard, pytest.raises(SystemExit) as exit_code:
        keyboard.setattr(training, "evaluate", interrupted)
        search(replace(small, epochs=1), RANGES)
    assert exit_code.value.code == 130
    assert len(trials("FAIL")) == len(tried()) == 1


def test_a_range_is_of_the_kind_of_its_setting(optuna):
    from tools.study import distribution

    assert isinstance(distribution("weight_decay", (0, 1)), optuna.distributions.FloatDistribution)
    assert isinstance(distribution("batch_size", (8, 64)), optuna.distributions.IntDistribution)


def test_a_damaged_database_is_named_in_one_line(optuna, small):
    Path("runs").mkdir()
    Path("runs", "sweep.db").write_bytes(b"no database" * 999)
    with pytest.raises(UserError, match=r"sweep.db cannot be used: name another --study \("):
        search(small, RANGES)


def test_what_is_typed_is_not_searched(optuna, small, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["sweep.py", "--lr=0.02", "--optimizer", "adam"])
    search(replace(small, lr=0.02, optimizer="adam"), RANGES)
    assert {(settings["lr"], settings["optimizer"]) for settings in tried()} == {(0.02, "adam")}
    assert len({settings["weight_decay"] for settings in tried()}) == 2


@dataclass(frozen=True, kw_only=True)
class Fitted(Sweep):
    """A search for a network that is there, if one is named."""

    backbone: str | None = None
    NOT_WITH_BACKBONE: ClassVar = {"lr"}


def test_what_does_nothing_in_the_trainings_is_not_searched(small):
    for backbone, names in ((None, {*RANGES}), ("any", {"weight_decay", "optimizer"})):
        fitted = replace(Fitted(**asdict(small)), backbone=backbone)
        assert ranges_to_try(fitted, RANGES).keys() == names


@pytest.mark.parametrize(
    ("changed", "ranges", "message"),
    [
        ({"epochs": 3}, RANGES, "was begun with epochs 2, now it is 3: keep that, or name another"),
        ({}, RANGES | {"lr": (0.1, 1.0)}, r"lr \(0.001, 0.1\), now it is \(0.1, 1.0\)"),
        ({}, {"widht": [1]}, "SEARCH in config.py has 'widht', which is no setting there"),
        ({}, {"lr": (1,)}, r"'lr' in SEARCH is neither \[one, of, these\] nor \(from, to\)"),
        ({"study": "a/b"}, RANGES, "--study 'a/b' is to be a name"),
    ],
)
def test_a_search_that_makes_no_sense_is_refused_in_one_line(
    optuna, small, changed, ranges, message
):
    search(replace(small, trials=1), RANGES)
    with pytest.raises(UserError, match=message):
        search(replace(small, **changed), ranges)
    assert len(tried()) == 1


def test_a_mistake_that_every_trial_would_meet_ends_the_search_before_it_begins(optuna, small):
    with pytest.raises(UserError, match="nowhere"):
        search(replace(small, data="nowhere"), RANGES)
    assert not Path("runs").exists()
    with pytest.raises(UserError, match="--device nothing cannot be used here"):
        search(replace(small, device="nothing"), RANGES)
    Path("runs", "sweep_1").mkdir()
    with pytest.raises(UserError, match="sweep_1 is there already: move it away, or name another"):
        search(small, RANGES)


def test_without_optuna_one_line_says_how_to_install_it(command, tmp_path, without):
    answer = command("sweep", env=without("optuna"))
    assert answer.returncode == 2
    assert answer.stderr.startswith('error: optuna is not installed: pip install -e ".[sweep]"')
    assert len(answer.stderr.splitlines()) == 1
    assert not (tmp_path / "runs").exists()


def test_help_leaves_out_what_a_search_decides_itself(command, without):
    answer = command("sweep", "--help", env=without("torch", "optuna"))
    assert answer.returncode == 0, answer.stderr
    assert "--trials" in answer.stdout
    assert "--run-dir" not in answer.stdout
