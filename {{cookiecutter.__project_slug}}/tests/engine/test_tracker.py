"""--tracker: TensorBoard and Weights & Biases get the numbers of metrics.csv, and no others."""

import csv
import json
import socket
import struct
from dataclasses import replace
from pathlib import Path

import pytest
import torch
import toy
from same_run import weights


def power_cut(run):
    """End a run behind its second epoch: the tracker knows it, and last.pt the first alone."""
    if len(run.history) == 2:
        raise KeyboardInterrupt


@pytest.fixture
def resumed(tiny, command):
    """Begin a run, kill it, and resume it as a user does; return its folder."""

    def run(tracker, begin_with="none", **options):
        begun = replace(tiny, tracker=begin_with, epochs=3, save_every=1)
        with pytest.raises(KeyboardInterrupt):
            toy.train(begun, after_epoch=power_cut)
        answer = command("--resume", "--run-dir", tiny.run_dir, *tracker, **options)
        assert answer.returncode == 0, answer.stderr
        return Path(tiny.run_dir)

    return run


def columns(folder):
    """Return metrics.csv as a list of numbers for each name."""
    with (folder / "metrics.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = {name: [float(row[name]) for row in rows] for name in rows[0]}
    assert found["epoch"] == [1, 2, 3]
    return found


def in_tensorboard(folder):
    """Return the numbers in the event files, a list for each name."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(folder)).Reload()
    found = {}
    for name in events.Tags()["scalars"]:
        scalars = events.Scalars(name)
        assert [scalar.step for scalar in scalars] == [1, 2, 3]
        found[name] = [scalar.value for scalar in scalars]
    return found


@pytest.mark.parametrize("begin_with", ["none", "tensorboard"])
def test_tensorboard_shows_each_epoch_once_also_after_a_kill(resumed, begin_with):
    pytest.importorskip("tensorboard", reason="it is an optional package")
    folder = resumed(["--tracker", "tensorboard"], begin_with)
    found = in_tensorboard(folder)
    expected = columns(folder)
    assert found.keys() == expected.keys()
    for name, values in expected.items():
        assert found[name] == pytest.approx(values, rel=1e-6), name  # they are float32 there


def test_tensorboard_knows_the_settings_of_a_run(tiny):
    hparams = pytest.importorskip(
        "tensorboard.plugins.hparams.plugin_data_pb2", reason="it is an optional package"
    )
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    toy.train(replace(tiny, tracker="tensorboard", lr=0.0125))
    told = EventAccumulator(tiny.run_dir).Reload().PluginTagToContent("hparams")
    data = hparams.HParamsPluginData.FromString(told["_hparams_/session_start_info"])
    settings = data.session_start_info.hparams
    assert settings["lr"].number_value == 0.0125
    assert settings["optimizer"].string_value == "adamw"


def in_wandb(path):
    """Return the settings and the numbers in a .wandb file, whose framing is LevelDB's."""
    from wandb.proto.wandb_internal_pb2 import Record

    content = path.read_bytes()
    assert len(content) < 2**15  # one block, so that no record is split
    position = 7
    settings = {}
    numbers = {}
    while position < len(content):
        _, length, _ = struct.unpack_from("<IHB", content, position)
        record = Record.FromString(content[position + 7 : position + 7 + length])
        for item in record.run.config.update:
            settings[item.key] = json.loads(item.value_json)
        for item in record.history.item:
            name = item.key or ".".join(item.nested_key)
            if not name.startswith("_"):
                numbers.setdefault(name, []).append(json.loads(item.value_json))
        position += 7 + length
    return settings, numbers


def test_wandb_writes_each_epoch_once_without_a_login_or_the_network(
    resumed, environment, tmp_path
):
    pytest.importorskip("wandb", reason="it is an optional package")
    kept = {key: value for key, value in environment().items() if "WANDB" not in key}
    home = dict.fromkeys(["HOME", "USERPROFILE", "NETRC"], str(tmp_path / "nobody"))
    with socket.create_server(("127.0.0.1", 0)) as network:
        proxy = "http://127.0.0.1:{1}".format(*network.getsockname())
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            kept |= {name: proxy, name.lower(): proxy}
        folder = resumed(["--tracker", "wandb"], env=kept | home | {"NO_PROXY": "", "no_proxy": ""})
        network.settimeout(0)
        with pytest.raises(BlockingIOError):
            network.accept()  # nobody called
    (path,) = folder.glob("wandb/offline-run-*/run-*.wandb")
    settings, numbers = in_wandb(path)
    assert numbers == columns(folder)
    assert settings["optimizer"] == "adamw"


def test_a_resumed_run_is_the_same_run_to_wandb(tiny, monkeypatch):
    pytest.importorskip("wandb", reason="it is an optional package")
    monkeypatch.setenv("WANDB_MODE", "offline")
    config = replace(tiny, tracker="wandb", epochs=3, save_every=1)
    with pytest.raises(KeyboardInterrupt):
        toy.train(config, after_epoch=power_cut)
    folder = toy.train(replace(config, resume=True))
    paths = sorted(folder.glob("wandb/offline-run-*/run-*.wandb"))
    assert len(paths) == 2
    assert paths[0].name == paths[1].name
    assert in_wandb(paths[1])[1] == columns(folder)


@pytest.mark.parametrize("tracker", ["tensorboard", "wandb"])
def test_a_missing_package_is_one_line_and_no_run(command, environment, tmp_path, tracker):
    answer = command("--tracker", tracker, env=environment(tracker))
    assert answer.returncode == 2
    assert answer.stderr.startswith(f'error: {tracker} is not installed: pip install -e ".[')
    assert len(answer.stderr.splitlines()) == 1
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize("tracker", ["tensorboard", "wandb"])
def test_a_tracker_changes_nothing_in_a_training(tiny, unbroken, monkeypatch, tracker):
    pytest.importorskip(tracker, reason="it is an optional package")
    if tracker == "wandb":
        monkeypatch.setenv("WANDB_MODE", "offline")
    mine = weights(unbroken(tiny))["model"]
    tracked = weights(toy.train(replace(tiny, tracker=tracker)))["model"]
    assert mine.keys() == tracked.keys()
    assert all(torch.equal(value, tracked[name]) for name, value in mine.items())
