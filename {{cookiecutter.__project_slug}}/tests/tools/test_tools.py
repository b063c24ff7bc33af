"""The list of the commands, what each of them does first, and the doctor."""

import pytest

import tools.__main__
from tools import doctor
from train import train

COMMANDS = tools.__main__.COMMANDS


def test_the_list_names_every_command_and_needs_nothing(start, without):
    answer = start("-m", "tools", env=without("torch", "tyro", "numpy"))
    assert answer.returncode == 0, answer.stderr
    lines = answer.stdout.splitlines()
    assert [line.split()[2] for line in lines if line.startswith("python -m")] == [
        f"tools.{name}" for name in COMMANDS
    ]
    assert all(len(line.split()) > 5 for line in lines[: len(COMMANDS)])


@pytest.mark.parametrize("name", COMMANDS)
def test_help_answers_before_torch_is_loaded(command, without, name):
    answer = command(name, "--help", env=without("torch"))
    assert answer.returncode == 0, answer.stderr
    assert "usage: " in answer.stdout


@pytest.mark.parametrize("name", ["demo", "report", "card", "export"])
def test_without_a_run_each_says_what_to_do_and_does_not_wait_for_torch(command, without, name):
    answer = command(name, env=without("torch"))
    assert answer.returncode == 2
    assert answer.stderr == "error: there is no run in runs: `python train.py` makes one\n"


def test_the_doctor_says_what_a_training_will_use_and_why(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    doctor.main()
    said = capsys.readouterr().out
    assert "a training will use " in said
    assert " train, " in said
    assert "runs: none has a last.pt yet" in said


def test_the_doctor_tells_a_whole_checkpoint_from_a_damaged_one(
    tiny, command, tmp_path, monkeypatch, capsys
):
    folder = train(tiny)
    (tmp_path / "runs").mkdir()
    folder.rename(tmp_path / "runs" / "one")
    monkeypatch.chdir(tmp_path)
    capsys.readouterr()
    doctor.main()
    assert "last.pt: whole, 2 epochs" in capsys.readouterr().out
    path = tmp_path / "runs" / "one" / "last.pt"
    path.write_bytes(path.read_bytes()[:-100])
    answer = command("doctor")
    assert answer.returncode == 2
    assert answer.stderr.startswith("error: ")
    assert "last.pt is damaged" in answer.stderr
