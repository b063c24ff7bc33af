"""What every task's project does: train, evaluate and predict as a user types it."""

import csv
import json
import os
import re
from dataclasses import fields, replace
from importlib.util import find_spec
from pathlib import Path
from typing import get_args, get_type_hints

import numpy as np
import pytest
import torch
import torch.distributed as dist
from PIL import Image
from torch import nn

from config import Config
from data import Info, load_data
from engine import dataset
from engine.contract import check_loaded
from engine.dataset import first_examples, labels_of
from engine.distributed import shard
from engine.loader import make_loader
from engine.settings import UserError
from eval import main
from model import build_model, compute_loss
from train import keep_frozen_statistics, make_optimizer, one_cycle, train

OF_SEQUENCES = Info.is_sequence  # each place has a label, as in a language model
SCORES = {"accuracy", "macro_f1", "balanced_accuracy"}
if OF_SEQUENCES:
    SCORES = {"bits_per_character", "perplexity"}


@pytest.fixture
def process_group(tmp_path):
    """Make this process one of a group, in which it is alone."""
    store = dist.FileStore(str(tmp_path / "store"), 1)
    dist.init_process_group("gloo", store=store, rank=0, world_size=1)
    yield
    dist.destroy_process_group()


@pytest.mark.skipif(os.name == "nt", reason="torch.distributed cannot start there without libuv")
@pytest.mark.parametrize("optimizer", get_args(get_type_hints(Config)["optimizer"]))
@pytest.mark.usefixtures("process_group")
def test_each_optimizer_learns_where_processes_keep_parts_of_the_model(optimizer):
    config = replace(Config(), optimizer=optimizer, fsdp=True)
    data = load_data(config)
    model = shard(build_model(config, data.info))
    before = [weight.full_tensor().clone() for weight in model.parameters()]
    optimizer = make_optimizer(model, config)
    losses, _ = compute_loss(model, first_examples(data.train, 4), config)
    losses.mean().backward()
    optimizer.step()
    after = [weight.full_tensor() for weight in model.parameters()]
    assert any(not torch.equal(one, other) for one, other in zip(before, after, strict=True))


def test_train_eval_and_predict_run_as_commands_and_each_names_the_next_one(command, tmp_path):
    trained = command("train.py", "--epochs", 2, "--limit-batches", 12, "--device", "cpu")
    assert trained.returncode == 0, trained.stderr
    (folder,) = (tmp_path / "runs").iterdir()
    assert f'next: python eval.py --run-dir "{folder.relative_to(tmp_path)}"' in trained.stdout
    assert not trained.stderr  # no progress bar in a pipe, no warnings

    scored = command("eval.py", "--device", "cpu", "--no-baseline")
    assert scored.returncode == 0, scored.stderr
    assert "next: python predict.py" in scored.stdout
    assert "warning: predict.py answers otherwise" not in scored.stdout
    assert "note:" not in scored.stdout
    result = json.loads((folder / "eval.json").read_text(encoding="utf-8"))
    assert result["split"] == "test"
    assert result.keys() >= {"split", "n", "model", "loss", *SCORES, "baselines"}
    for name in SCORES:  # in the line of an epoch, and of the test
        assert re.search(f"val {name.replace('_', ' ')} [0-9]+\\.", trained.stdout)
        assert f"{name} {result[name]:.4f}" in scored.stdout
    for name in ("context.png" if OF_SEQUENCES else "confusion.png", "mistakes.png"):
        assert (folder / name).read_bytes()[:4] == b"\x89PNG"
    if OF_SEQUENCES:
        assert trained.stdout.count("it writes: ") == 2
        assert result["perplexity"] < len(load_data(Config()).info.characters)
    else:
        check_scores_of_classes(result, trained.stdout)

    answered = command("predict.py", "--device", "cpu")
    assert answered.returncode == 0, answered.stderr
    if not OF_SEQUENCES:
        assert len(answered.stdout.splitlines()) == 5
    for path in (folder / "examples").glob("*") if OF_SEQUENCES else ():
        assert path.read_text(encoding="utf-8").strip() in answered.stdout


def check_scores_of_classes(result, said):
    """Check what eval.json says against itself, and against what training said is to beat."""
    for name in SCORES:
        assert re.search(f"{name} of 0\\.", said)
    to_beat = float(re.findall("a test accuracy of ([0-9.]+)", said)[0])
    assert to_beat + 0.05 < result["accuracy"] <= 1
    right = sum(one["recall"] * one["support"] for one in result["per_class"].values())
    assert right / result["n"] == pytest.approx(result["accuracy"])


def test_simpler_models_are_scored_beside_it(tmp_path, capsys):
    run_dir = str(tmp_path / "run")
    train(Config(epochs=1, limit_batches=4, device="cpu", run_dir=run_dir))
    main(run_dir=run_dir, split="val", device="cpu")
    result = json.loads((tmp_path / "run" / "eval.json").read_text(encoding="utf-8"))
    # A rehearsal is scored on all examples, too.
    assert (result["split"], result["n"]) == ("val", len(load_data(Config()).val))
    assert result["baselines"]
    said = capsys.readouterr().out
    for name, scores in result["baselines"].items():
        if OF_SEQUENCES:
            assert 1 < scores["bits_per_character"] < 6
        else:
            assert scores["accuracy"] > 0.8
        assert f"({name})\n" in said
    main_name = "bits_per_character" if OF_SEQUENCES else "accuracy"
    low, high = result["intervals"][main_name]
    assert low < result[main_name] < high
    assert f"{main_name} {result[main_name]:.4f} ({low:.4f} to {high:.4f})" in said
    assert result["comparisons"].keys() == result["baselines"].keys()
    for comparison in result["comparisons"].values():
        assert comparison["metric"] == main_name
        assert (comparison["verdict"] == "unclear") == (comparison["p"] >= 0.05)


def write_own_data(place, swapped=False):
    """Write a little data of the user's own, and return the options that name them.

    Args:
        place: Where to, in an empty folder.
        swapped: Write the same things under each other's names: the sizes stay the same.
    """
    names = ["day", "sea"]
    if swapped:
        names.reverse()
    if hasattr(Config(), "photo"):
        generator = np.random.default_rng(0)
        for name, light in zip(names, (40, 200), strict=True):
            (place / name).mkdir(parents=True)
            for number in range(10):
                pixels = generator.integers(light, light + 50, (8, 8, 3), dtype=np.uint8)
                Image.fromarray(pixels).save(place / name / f"{number}.bmp")
        return ["--data", place]
    rows = []
    for number in range(60):
        rows.append(f"this is number {number},{number % 7},{names[number % 2]}")
    place.write_text("\n".join(["text,size,label", *rows]), encoding="utf-8")
    target = ["--target", "label"] if hasattr(Config(), "target") else []
    return ["--data", place, *target]


def test_data_that_have_moved_are_named_with_data_and_others_are_refused(
    command, tmp_path, monkeypatch
):
    options = write_own_data(tmp_path / "old")
    begun = ["--epochs", 2, "--device", "cpu", "--run-dir", "runs/own"]
    trained = command("train.py", *options, *begun)
    assert trained.returncode == 0, trained.stderr
    (tmp_path / "old").rename(tmp_path / "new")

    lost = command("eval.py")
    assert lost.returncode == 2
    was = tmp_path / "old"
    folder = Path("runs", "own")
    advice = "which is not there: if it has moved, --data says where it is now"
    assert lost.stderr == f"error: {folder} was trained on {was}, {advice}\n"
    for words in (["train.py", "--resume"], ["eval.py", "--no-baseline"]):
        found = command(*words, "--data", "new")
        assert found.returncode == 0, found.stderr
    monkeypatch.chdir(tmp_path)
    tools = tools_that_need_data()
    if tools:
        tools[0](run_dir=str(folder), data="new")
        assert "<td>new</td>" in (folder / "report.html").read_text(encoding="utf-8")

    write_own_data(tmp_path / "other", swapped=True)
    # last.pt, which was written once more, knows the new place, best.pt the old one.
    for words, place in ((["train.py", "--resume"], "new"), (["eval.py"], was)):
        refused = command(*words, "--data", "other")
        assert refused.returncode == 2, words
        assert refused.stderr == (
            f"error: the data in other are not those in {place} that {folder} was trained on: "
            "name these, or train a new model\n"
        )
    for tool in tools:
        with pytest.raises(UserError, match=r"^the data in other are not those in "):
            tool(run_dir=str(folder), data="other")
    if tools and find_spec("gradio"):
        from tools.demo_page import build_page

        build_page(folder, "cpu", data="new")
        with pytest.raises(UserError, match=r"^the data in other are not those in "):
            build_page(folder, "cpu", data="other")


def test_a_card_of_own_data_keeps_them_to_itself_and_says_what_is_not_known(command, tmp_path):
    if not Path(os.environ["PROJECT"], "tools").exists():
        pytest.skip("a project without tools has no card")
    from tools.card import main as write_card
    from tools.card_text import NOT_STATED

    options = write_own_data(tmp_path / "kims secrets")
    trained = command("train.py", *options, "--epochs", 1, "--device", "cpu", "--run-dir", "own")
    assert trained.returncode == 0, trained.stderr
    scored = command("eval.py", "--run-dir", "own")
    assert scored.returncode == 0, scored.stderr
    write_card(str(tmp_path / "own"))
    card = (tmp_path / "own" / "README.md").read_text(encoding="utf-8")
    for secret in (str(tmp_path), tmp_path.as_posix(), "kims", "secrets", "this is number"):
        assert secret not in card
    assert card.count(NOT_STATED) >= 4  # what for, what data, and both licences
    assert "CC BY" not in card
    assert "BSD" not in card
    if not OF_SEQUENCES:
        assert "day, sea" in card


def tools_that_need_data():
    """Return the commands of tools/ that are there and look at the data of a run."""
    if not Path(os.environ["PROJECT"], "tools").exists():
        return []
    from tools import export, report

    if find_spec("onnxscript") and find_spec("onnxruntime"):
        return [report.main, export.main]
    return [report.main]


def test_eval_without_a_run_says_what_to_do(command):
    answer = command("eval.py")
    assert answer.returncode == 2
    assert answer.stderr == "error: there is no run in runs: `python train.py` makes one\n"


def test_training_does_not_load_scikit_learn_which_takes_longer_than_it(command):
    arguments = ("--limit-batches", 1, "--epochs", 1, "--device", "cpu")
    answer = command("train.py", *arguments, without=["sklearn"])
    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize("name", ["train.py", "eval.py", "predict.py"])
def test_help_answers_before_torch_is_loaded(command, name):
    answer = command(name, "--help", without=["torch"])
    assert answer.returncode == 0, answer.stderr
    assert "--run-dir" in answer.stdout


def test_every_setting_has_a_help_text(command):
    text = command("train.py", "--help").stdout.replace("│", " ").replace(", --no-", "/no-")
    options = [part.split("(default")[0] for part in text.split(" --")[1:]]
    assert len(options) >= len(fields(Config))
    assert not [option for option in options if len(option.split()) < 4]


def test_best_by_a_metric_is_a_setting_like_any_other(tmp_path):
    run_dir = str(tmp_path / "run")
    name = "perplexity" if OF_SEQUENCES else "accuracy"
    folder = train(Config(epochs=3, limit_batches=3, best_by=name, device="cpu", run_dir=run_dir))
    with (folder / "metrics.csv").open(newline="", encoding="utf-8") as file:
        scores = [float(row[f"val_{name}"]) for row in csv.DictReader(file)]
    best = torch.load(folder / "best.pt", weights_only=True)["best"]
    expected = min(scores) if OF_SEQUENCES else max(scores)
    assert best["epoch"] == 1 + scores.index(expected)


def test_the_data_are_what_the_contract_says():
    data = load_data(Config())
    check_loaded(data)
    assert isinstance(data.info, dataset.Info)
    for part in (data.train, data.val, data.test):
        labels = labels_of(part)
        if OF_SEQUENCES:
            assert labels is None
            assert part.labels.min() >= 0 and part.labels.max() < len(data.info.characters)
            continue
        assert set(labels.tolist()) == set(range(len(data.info.classes)))
        assert all(int(part[index][1]) == labels[index] for index in (0, 5, len(part) - 1))


def test_every_weight_gets_a_gradient():
    config = Config()
    data = load_data(config)
    torch.manual_seed(0)
    model = build_model(config, data.info).train()
    batch = next(iter(make_loader(data.train, 32, config, seed=0)))
    losses, _ = compute_loss(model, batch, config)
    losses.mean().backward()
    for name, weight in model.named_parameters():
        assert weight.grad is not None, name
        assert weight.grad.abs().sum() > 0, name


@pytest.mark.parametrize("optimizer", ["adamw", "adam", "sgd", "rmsprop"])
def test_the_model_can_memorise_one_batch(optimizer):
    lr = 0.1 if optimizer == "sgd" else 0.01
    if OF_SEQUENCES:  # without a warm-up these two take less
        lr = {"sgd": 0.03, "rmsprop": 0.001}.get(optimizer, 0.01)
    config = Config(optimizer=optimizer, lr=lr, weight_decay=0.0)
    if hasattr(config, "dropout"):
        config = replace(config, dropout=0.0)
    data = load_data(config)
    torch.manual_seed(0)
    model = build_model(config, data.info)
    batch = next(iter(make_loader(data.train, 8, config, seed=0)))
    _, labels = batch
    _, first_outputs = compute_loss(model.eval(), batch, config)
    step = make_optimizer(model, config)
    for _ in range(40):
        step.zero_grad()
        losses, _ = compute_loss(model.train(), batch, config)
        losses.mean().backward()
        step.step()
    _, outputs = compute_loss(model.eval(), batch, config)
    if OF_SEQUENCES:  # to know 512 characters by heart takes more steps
        assert outputs.mean() < 0.8 * first_outputs.mean()
    else:
        assert torch.equal(outputs.argmax(dim=1), labels)


def test_the_learning_rate_rises_for_a_quarter_and_falls_to_almost_nothing():
    shares = [one_cycle(step, 100) for step in range(100)]
    assert shares.index(max(shares)) == 25
    assert max(shares) == 1
    assert shares[:25] == sorted(shares[:25])
    assert shares[25:] == sorted(shares[25:], reverse=True)
    assert 0 < shares[-1] < 0.01
    assert one_cycle(0, 1) == 1


def test_only_the_statistics_of_frozen_layers_stay():
    layers = nn.Sequential(
        nn.BatchNorm1d(2), nn.BatchNorm1d(2), nn.BatchNorm1d(2, affine=False), nn.Dropout()
    )
    for weight in layers[0].parameters():
        weight.requires_grad = False
    layers.train()
    keep_frozen_statistics(layers)
    assert [layer.training for layer in layers] == [False, True, True, True]
    layers(torch.randn(8, 2) + 3)
    assert torch.equal(layers[0].running_mean, torch.zeros(2))
    assert layers[1].running_mean.abs().sum() > 0
