"""The command line: limits, help, and what a resumed run may change."""

import json
import os
import sys
from dataclasses import asdict, replace

import pytest

from commands.settings import UserError, find_run, parse_config
from config import Config


@pytest.mark.parametrize(
    ("name", "value"),
    [("epochs", 0), ("batch_size", -1), ("lr", 0.0), ("lr", float("nan")), ("seed", -1)],
)
def test_a_value_out_of_its_limits_is_named_with_them(name, value):
    with pytest.raises(UserError, match=f"--{name.replace('_', '-')} is .* must be from"):
        replace(Config(), **{name: value})


@pytest.mark.parametrize(("name", "value"), [("optimizer", "sdg"), ("precision", "fp8")])
def test_a_choice_that_there_is_not_is_named_with_those_that_are(name, value):
    with pytest.raises(UserError, match=f"--{name} is '{value}': it must be one of a.*, .*, "):
        replace(Config(), **{name: value})


def test_every_setting_has_a_help_text(command):
    text = command("train.py", "--help").stdout.replace("│", " ").replace(", --no-", "/no-")
    options = [part.split("(default")[0] for part in text.split(" --")[1:]]
    assert len(options) >= len(Config.__dataclass_fields__)
    assert not [option for option in options if len(option.split()) < 4]


def test_help_answers_before_torch_is_loaded(command, without):
    for name in ("train.py", "eval.py", "predict.py"):
        answer = command(name, "--help", env=without("torch"))
        assert answer.returncode == 0, answer.stderr
        assert "--run-dir" in answer.stdout


@pytest.mark.parametrize("wrong", [["--lr", "-1"], ["--lrr", "1"], ["--optimizer", "best"]])
def test_a_typing_error_ends_with_exit_code_2_and_no_run(command, tmp_path, wrong):
    answer = command("train.py", *wrong)
    assert answer.returncode == 2
    assert answer.stderr
    assert "Traceback" not in answer.stderr
    assert not (tmp_path / "runs").exists()


@pytest.fixture
def begun(tmp_path, monkeypatch):
    """A run that was begun with other settings than the defaults, and then stopped."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "runs" / "one"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(asdict(Config(epochs=3))), encoding="utf-8")
    return folder


def resume(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["train.py", "--resume", *arguments])
    return parse_config(Config)


def test_a_resumed_run_keeps_the_settings_it_began_with(begun, monkeypatch):
    config = resume(monkeypatch, "--num-workers", "1")
    assert (config.epochs, config.num_workers, config.resume) == (3, 1, True)


def test_what_a_run_began_with_may_be_typed_again(begun, monkeypatch):
    settings = asdict(Config(epochs=3, compile=True))
    (begun / "config.json").write_text(json.dumps(settings), encoding="utf-8")
    assert resume(monkeypatch, "--compile", "--epochs", "3").compile


def test_a_setting_that_would_change_a_resumed_run_is_refused(begun, monkeypatch, capsys):
    with pytest.raises(SystemExit) as exit_code:
        resume(monkeypatch, "--lr", "0.5")
    assert exit_code.value.code == 2
    assert "--lr was 0.0" in capsys.readouterr().err


def test_what_config_py_has_otherwise_by_now_is_said_aloud(begun, monkeypatch, capsys):
    resume(monkeypatch)
    assert "goes on with --epochs 3, as it began" in capsys.readouterr().out


def test_a_run_whose_settings_were_never_written_is_no_run(begun):
    (begun / "config.json").write_bytes(b"")  # as a full disk leaves it
    with pytest.raises(UserError, match="no run in"):
        find_run(str(begun))


def test_a_setting_that_config_py_lost_does_not_stop_an_old_run():
    assert Config.restore({"epochs": 3, "no_more": 1}) == Config(epochs=3)


def test_the_newest_run_is_found_and_a_missing_one_named(begun, tmp_path):
    later = tmp_path / "runs" / "a"
    later.mkdir()
    (later / "config.json").write_text("{}", encoding="utf-8")
    os.utime(begun / "config.json", (0, 0))
    assert find_run(None).name == "a"
    assert find_run(str(begun)) == begun
    with pytest.raises(UserError, match="no run in elsewhere"):
        find_run("elsewhere")
