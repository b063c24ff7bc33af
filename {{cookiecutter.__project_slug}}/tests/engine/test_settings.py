"""The command line: limits, help, and what a resumed run may change."""

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from importlib import import_module
from typing import ClassVar
from unicodedata import normalize

import pytest
import toy

from engine.settings import UserError, needs, one_line_errors, parse_config

SCRIPT = '''
from dataclasses import dataclass

from engine.settings import Settings, parse_config


@dataclass(frozen=True, kw_only=True)
class Config(Settings):
    """Train something."""

    epochs: int = 1  # how many times training sees every example
    batch_size: int = 2  # examples per optimizer step
    lr: float = 0.1  # the peak learning rate


print(parse_config(Config))
import torch
'''


@pytest.mark.parametrize(
    ("name", "value"),
    [("epochs", 0), ("batch_size", -1), ("lr", 0.0), ("lr", float("nan")), ("seed", -1)],
)
def test_a_value_out_of_its_limits_is_named_with_them(name, value):
    with pytest.raises(UserError, match=f"--{name.replace('_', '-')} is .* must be from"):
        toy.Config(**{name: value})


@pytest.mark.parametrize(("name", "value"), [("optimizer", "sdg"), ("precision", "fp8")])
def test_a_choice_that_there_is_not_is_named_with_those_that_are(name, value):
    with pytest.raises(UserError, match=f"--{name} is '{value}': it must be one of a.*, .*, "):
        toy.Config(**{name: value})


def test_a_name_is_kept_in_one_form_of_unicode_and_a_path_as_it_was_typed():
    typed = normalize("NFD", "정확도")
    config = toy.Config(best_by=typed, run_dir=typed)
    assert config.best_by == normalize("NFC", "정확도")
    assert config.run_dir == typed


def test_help_answers_before_torch_is_loaded_and_explains_every_setting(
    command, environment, tmp_path
):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    answer = command("--help", program=script, env=environment("torch"))
    assert answer.returncode == 0, answer.stderr
    text = answer.stdout.replace("│", " ").replace(", --no-", "/no-")
    options = [part.split("(default")[0] for part in text.split(" --")[1:]]
    assert len(options) >= 20
    assert not [option for option in options if len(option.split()) < 4]


@pytest.mark.parametrize("wrong", [["--lr", "-1"], ["--lrr", "1"], ["--optimizer", "best"]])
def test_a_typing_error_ends_with_exit_code_2_before_torch_is_loaded(
    command, environment, tmp_path, wrong
):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    answer = command(*wrong, program=script, env=environment("torch"))
    assert answer.returncode == 2
    assert answer.stderr
    assert "Traceback" not in answer.stderr
    assert not (tmp_path / "runs").exists()


@dataclass(frozen=True, kw_only=True)
class Fitted(toy.Config):
    """Train a network that is there, if one is named."""

    backbone: str | None = None
    NOT_WITH_BACKBONE: ClassVar = {"width", "dropout"}


def typed(monkeypatch, *words):
    monkeypatch.setattr(sys, "argv", ["train.py", *words])
    return parse_config(Fitted)


@pytest.mark.parametrize(("flag", "value"), [("--width", "5"), ("--dropout", "0.5")])
def test_a_setting_that_does_nothing_with_a_backbone_is_refused(monkeypatch, capsys, flag, value):
    assert getattr(typed(monkeypatch, flag, value), flag[2:]) == float(value)
    with pytest.raises(SystemExit) as exit_code:
        typed(monkeypatch, flag, value, "--backbone", "any")
    assert exit_code.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith(f"error: {flag} is for a network of your own, and --backbone names one")
    assert said.count("\n") == 1
    assert typed(monkeypatch, "--backbone", "any", "--noise", "0.2").noise == 0.2


@dataclass(frozen=True, kw_only=True)
class Based(toy.Config):
    """Train a network that is there, if one is named."""

    base: str | None = None
    ONLY_WITH_BASE: ClassVar = {"width"}


def test_a_setting_that_does_nothing_without_a_base_is_refused(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["train.py", "--width", "5", "--base", "any"])
    assert parse_config(Based).width == 5
    monkeypatch.setattr(sys, "argv", ["train.py", "--width", "5"])
    with pytest.raises(SystemExit) as exit_code:
        parse_config(Based)
    assert exit_code.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("error: --width is for a network that --base names: add --base, or ")
    assert said.count("\n") == 1


@pytest.fixture
def begun(tmp_path, monkeypatch):
    """A run that was begun with other settings than the defaults, and then stopped."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "runs" / "one"
    folder.mkdir(parents=True)
    write_settings(folder, epochs=3)
    return folder


def write_settings(folder, **settings):
    config = asdict(toy.Config(**settings))
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")


def resume(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["train.py", "--resume", *arguments])
    return parse_config(toy.Config)


def test_a_resumed_run_keeps_the_settings_it_began_with(begun, monkeypatch):
    config = resume(monkeypatch, "--num-workers", "1")
    assert (config.epochs, config.num_workers, config.resume) == (3, 1, True)


def test_what_a_run_began_with_may_be_typed_again(begun, monkeypatch):
    write_settings(begun, epochs=3, compile=True)
    assert resume(monkeypatch, "--compile", "--epochs", "3").compile


@pytest.mark.parametrize("flags", [("--lr", "0.5"), ("--best-by", "accuracy"), ("--seed", "1")])
def test_a_setting_that_would_change_a_resumed_run_is_refused(begun, monkeypatch, capsys, flags):
    with pytest.raises(SystemExit) as exit_code:
        resume(monkeypatch, *flags)
    assert exit_code.value.code == 2
    line = f"{flags[0]} was {getattr(toy.Config(), flags[0][2:].replace('-', '_'))} in "
    assert line in capsys.readouterr().err


def test_what_config_py_has_otherwise_by_now_is_said_aloud(begun, monkeypatch, capsys):
    resume(monkeypatch)
    assert "goes on with --epochs 3, as it began" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "value"), [("epochs", "3"), ("epochs", None), ("lr", [0.1]), ("data", 5), ("lr", True)]
)
def test_a_setting_of_another_type_in_a_file_is_named(name, value):
    with pytest.raises(UserError, match=rf"holds .* for {name}, which is no such setting"):
        toy.Config.restore({name: value})


def test_a_setting_that_config_py_lost_does_not_stop_an_old_run():
    assert toy.Config.restore({"epochs": 3, "no_more": 1}) == toy.Config(epochs=3)


def test_a_package_that_is_not_installed_is_named_with_what_to_type():
    with (
        pytest.raises(UserError, match=r'nothing_there is not installed: pip .*"\.\[demo\]"'),
        needs("demo"),
    ):
        import_module("nothing_there")


def test_what_the_user_can_mend_is_one_line_and_exit_code_2(capsys):
    for error in (UserError("mend it"), OSError("a full disk")):
        with pytest.raises(SystemExit) as exit_code, one_line_errors():
            raise error
        assert exit_code.value.code == 2
        assert capsys.readouterr().err == f"error: {error}\n"
    with pytest.raises(ZeroDivisionError), one_line_errors():
        raise ZeroDivisionError  # that is a bug, so it is shown whole


# The command as a user types it.


def test_a_training_says_in_a_pipe_what_it_does_and_nothing_on_stderr(command, tmp_path):
    answer = command("--limit-batches", 4, "--device", "cpu", "--epochs", 3)
    assert answer.returncode == 0, answer.stderr
    assert not answer.stderr  # no progress bar in a pipe, no warnings
    assert answer.stdout.startswith("examples: 123 train, 40 val, 40 test\n")
    assert [line.split()[:2] for line in answer.stdout.splitlines()[-3:]] == [
        ["epoch", "1"],
        ["epoch", "2"],
        ["epoch", "3"],
    ]
    (folder,) = (tmp_path / "runs").iterdir()
    assert (folder / "best.pt").exists()


def test_training_does_not_load_scikit_learn_which_takes_longer_than_it(command, environment):
    arguments = ("--limit-batches", 1, "--epochs", 1, "--device", "cpu")
    answer = command(*arguments, env=environment("sklearn"))
    assert answer.returncode == 0, answer.stderr


def test_a_folder_name_that_a_pipe_cannot_show_is_no_error(command, environment, tmp_path):
    variables = environment() | {"PYTHONIOENCODING": "ascii"}
    arguments = ("--limit-batches", 1, "--epochs", 1, "--device", "cpu", "--run-dir", "runs/한글")
    answer = command(*arguments, env=variables)
    assert answer.returncode == 0, answer.stderr
    assert (tmp_path / "runs" / "한글" / "last.pt").exists()


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_goes_away_ends_the_training_with_one_line(unbuffered, environment, tmp_path):
    arguments = [sys.executable, toy.__file__, "--device", "cpu", "--epochs", "1000"]
    with subprocess.Popen(
        arguments,
        cwd=tmp_path,
        env=environment() | {"PYTHONUNBUFFERED": unbuffered},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as training:
        assert training.stdout
        assert training.stderr
        training.stdout.readline()
        training.stdout.close()
        said = training.stderr.read()
    assert said == "error: nobody reads the output; a training goes on with --resume\n"
    assert training.returncode == 2


ALONE = """
import os
from engine.settings import run_command

def main() -> None:
    print([name for name in ("RANK", "LOCAL_RANK", "WORLD_SIZE", "PATH") if name in os.environ])

run_command(main)
"""


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({}, ("['PATH']\n", "")),
        (
            {"RANK": "0", "LOCAL_RANK": "0", "WORLD_SIZE": "2"},
            (
                "['PATH']\n",
                "note: one of 2 processes does this alone: leave torchrun out\n",
            ),
        ),
        ({"RANK": "1", "LOCAL_RANK": "1", "WORLD_SIZE": "2"}, ("", "")),
    ],
)
def test_of_the_processes_of_torchrun_the_first_one_does_what_is_no_training(
    command, environment, tmp_path, variables, said
):
    script = tmp_path / "alone.py"
    script.write_text(ALONE, encoding="utf-8")
    answer = command(program=script, env=environment() | variables)
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, *said)
