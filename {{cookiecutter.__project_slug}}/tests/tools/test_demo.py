"""The page of tools.demo: what it says of the run, and mistakes in one line each."""

import json
import socket

import pytest

from train import train

NO_GRADIO = 'needs pip install -e ".[demo]"'


@pytest.fixture
def folder(tiny):
    """The folder of a short run."""
    return train(tiny)


def test_without_gradio_it_says_how_to_install_it(command, folder, without):
    answer = command("demo", "--run-dir", folder, env=without("gradio"))
    assert answer.returncode == 2
    assert answer.stderr.startswith('error: gradio is not installed: pip install -e ".[demo]"')
    assert answer.stderr.count("\n") == 1


def test_a_port_that_is_taken_is_named_in_one_line(command, folder):
    pytest.importorskip("gradio", reason=NO_GRADIO)
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        answer = command("demo", "--run-dir", folder, "--port", port, "--device", "cpu")
    assert answer.returncode == 2
    assert answer.stderr == f"error: port {port} is taken or forbidden: name another --port\n"


@pytest.mark.parametrize("port", ["0", "-1", "99999"])
def test_a_port_that_no_machine_has_is_refused_in_one_line(command, port):
    answer = command("demo", "--port", port)
    assert answer.returncode == 2
    assert answer.stderr == f"error: --port is {port}: it must be from 1 to 65535\n"


def test_the_page_says_which_run_it_shows_and_how_good_it_is(tmp_path):
    pytest.importorskip("gradio", reason=NO_GRADIO)
    from tools.demo_page import describe
    from tools.run_files import read_run

    def described(scores):
        (tmp_path / "eval.json").write_text(json.dumps(scores), encoding="utf-8")
        return describe(read_run(tmp_path)).splitlines()[-1]

    title, _, words = describe(read_run(tmp_path)).splitlines()
    name = f"run {tmp_path.name}"
    assert title.startswith("# ")
    assert words == name
    scores = {"split": "test", "n": 359, "loss": 0.1, "accuracy": 0.9972, "baselines": {}}
    assert described(scores) == f"{name} · test accuracy 99.7%, of 359 examples"
    scores |= {"macro_f1": 0.75, "balanced_accuracy": 0.625}
    beside = "macro_f1 0.75, balanced_accuracy 0.625"
    assert described(scores) == f"{name} · test accuracy 99.7%, {beside}, of 359 examples"
    scores = {"split": "val", "n": 20, "loss": 0.1, "mae": 1234.5678, "baselines": {}}
    assert described(scores) == f"{name} · val mae 1235, of 20 examples"
    scores = {"split": "val", "n": 20, "loss": 0.1, "baselines": {}}
    assert described(scores) == name
