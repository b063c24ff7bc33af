"""The page of demo.py: what it says of the run, and mistakes in one line each."""

import json
import socket
from pathlib import Path

import pytest

from train import train


@pytest.fixture
def folder(tiny):
    return Path(train(tiny))


def test_without_a_run_it_says_what_to_do(command):
    answer = command("demo.py")
    assert answer.returncode == 2
    assert answer.stderr == "error: there is no run in runs: `python train.py` makes one\n"


def test_without_gradio_it_says_how_to_install_it(command, folder, without):
    answer = command("demo.py", "--run-dir", folder, env=without("gradio"))
    assert answer.returncode == 2
    assert answer.stderr.startswith('error: gradio is not installed: pip install -e ".[demo]"')
    assert answer.stderr.count("\n") == 1


def test_a_port_that_is_taken_is_named_in_one_line(command, folder):
    pytest.importorskip("gradio", reason='needs pip install -e ".[demo]"')
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        answer = command("demo.py", "--run-dir", folder, "--port", port, "--device", "cpu")
    assert answer.returncode == 2
    assert answer.stderr == f"error: port {port} is taken or forbidden: name another --port\n"


@pytest.mark.parametrize("port", ["0", "-1", "99999"])
def test_a_port_that_no_machine_has_is_refused_in_one_line(command, folder, port):
    answer = command("demo.py", "--run-dir", folder, "--port", port)
    assert answer.returncode == 2
    assert answer.stderr == f"error: --port is {port}: it must be from 1 to 65535\n"


def test_the_page_says_which_run_it_shows_and_how_good_it_is(tmp_path):
    pytest.importorskip("gradio", reason='needs pip install -e ".[demo]"')
    from extras.page import describe

    title, _, words = describe(tmp_path).splitlines()
    assert title.startswith("# ")
    assert words == f"run {tmp_path.name}"
    scores = {"split": "test", "n": 359, "accuracy": 0.9972, "baselines": {}}
    (tmp_path / "eval.json").write_text(json.dumps(scores), encoding="utf-8")
    assert describe(tmp_path).endswith(
        f"run {tmp_path.name} · test accuracy 99.7%, of 359 examples"
    )
    scores = {"split": "val", "n": 20, "mae": 1234.5678, "baselines": {}}
    (tmp_path / "eval.json").write_text(json.dumps(scores), encoding="utf-8")
    assert describe(tmp_path).endswith("val mean error 1235, of 20 examples")
