"""The page of tools.demo: what it says of the run, and mistakes in one line each."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from engine.settings import UserError
from train import train

PROJECT = Path(__file__).parents[2]
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
    from tools.titles import project_title

    def described(scores):
        (tmp_path / "eval.json").write_text(json.dumps(scores), encoding="utf-8")
        return describe(read_run(tmp_path))

    name = f"run {tmp_path.name}"
    assert describe(read_run(tmp_path)) == name
    assert project_title().startswith("# ")
    scores = {"split": "test", "n": 359, "loss": 0.1, "accuracy": 0.9972, "baselines": {}}
    assert described(scores) == f"{name} · test accuracy 99.7%, of 359 examples"
    scores |= {"macro_f1": 0.75, "balanced_accuracy": 0.625}
    beside = "macro_f1 0.75, balanced_accuracy 0.625"
    assert described(scores) == f"{name} · test accuracy 99.7%, {beside}, of 359 examples"
    scores = {"split": "val", "n": 20, "loss": 0.1, "mae": 1234.5678, "baselines": {}}
    assert described(scores) == f"{name} · val mae 1235, of 20 examples"
    scores = {"split": "val", "n": 20, "loss": 0.1, "baselines": {}}
    assert described(scores) == name


@contextmanager
def served(folder, said):
    """Serve the page of a run; give a function that sends it a request."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tools.demo", "--run-dir", folder, "--device", "cpu"]
    with said.open("w", encoding="utf-8") as file:
        server = subprocess.Popen(
            [*command, "--port", str(port)],
            cwd=PROJECT,
            env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
        )

        def ask(method, path, body=None, **headers):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            kind = {"Content-Type": "application/json"} if body else {}
            with suppress(BrokenPipeError, ConnectionResetError):  # it is refused before its end
                connection.request(method, path, body, kind | headers)
            answered = connection.getresponse()
            text = answered.read().decode()
            connection.close()
            return answered.status, text

        try:
            assert server.stdout
            server.stdout.readline()  # which run it takes
            line = server.stdout.readline()
            assert line.startswith("open http://127.0.0.1:"), said.read_text(encoding="utf-8")
            yield ask
        finally:
            server.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)
            try:
                server.wait(timeout=60)
            except subprocess.TimeoutExpired:
                server.kill()
                raise


def test_the_page_answers_itself_alone_and_mistakes_in_one_line(folder, tmp_path):
    pytest.importorskip("gradio", reason=NO_GRADIO)
    said = tmp_path / "said.txt"
    with served(folder.resolve(), said) as ask:
        status, config = ask("GET", "/config")
        assert status == 200
        # The one question has two outputs in a page that writes on, else three: the last says why.
        (question,) = [
            one for one in json.loads(config)["dependencies"] if len(one["outputs"]) in (2, 3)
        ]
        values = [None] * len(question["inputs"])
        name = question["api_name"]

        def answer_to(values):
            body = json.dumps({"data": values, "fn_index": question["id"], "session_hash": "me"})
            status, text = ask("POST", "/gradio_api/queue/join", body)
            assert status == 200, text
            _, text = ask("GET", "/gradio_api/queue/data?session_hash=me")
            (line,) = [line for line in text.splitlines() if "process_completed" in line]
            return json.loads(line.removeprefix("data: "))["output"]

        for wrong in (None, {"a": 1}, [], True, "x" * 1000):
            fields = [wrong if kind != "state" else None for kind in kinds_of(question, config)]
            output = answer_to(fields)
            line = output["data"][1] if "data" in output else output["error"]
            assert isinstance(line, str)
            assert "Traceback" not in line

        # Another host, another page, other files, and what is too large, are refused.
        assert ask("GET", "/config", Host="evil.com")[0] == 421
        assert ask("POST", f"/gradio_api/call/{name}", "{}", Origin="http://evil.com")[0] == 403
        assert ask("GET", f"/gradio_api/file={folder.resolve() / 'best.pt'}")[0] == 403
        assert ask("GET", f"/gradio_api/file={PROJECT / 'config.py'}")[0] == 403
        body = json.dumps({"data": ["x" * 2_000_000], "fn_index": question["id"]})
        assert ask("POST", "/gradio_api/queue/join", body)[0] == 413
        for change in ({"fn_index": 999}, {"session_hash": None}, {"data": "x"}):
            asked = {"data": values, "fn_index": question["id"], "session_hash": "me", **change}
            status, _ = ask("POST", "/gradio_api/queue/join", json.dumps(asked))
            assert 400 <= status < 500
        assert ask("GET", "/config")[0] == 200
    assert f'File "{PROJECT}' not in said.read_text(encoding="utf-8")


def test_why_is_a_line_where_it_cannot_be_said(tmp_path):
    pytest.importorskip("gradio", reason=NO_GRADIO)
    from tools.demo_answer import Answerer, Form

    answerer = object.__new__(Answerer)  # no model is needed for that

    def said(write, explain):
        return answerer.explain(Form([], [], "Fill <in>.", write, explain))

    def write(folder):
        return folder / "asked"

    def refuse(path):
        raise UserError("no <picture>")

    def fail(path):
        raise RuntimeError("sizes\nof tensors")

    assert said(lambda folder: None, fail) == "<p>Fill &lt;in&gt;.</p>"
    assert said(write, refuse) == "<p>no &lt;picture&gt;</p>"
    failed = said(write, fail)
    assert failed == "<p>not to be explained: RuntimeError: sizes\\nof tensors</p>"
    assert said(write, lambda path: f"<p>{path.name}</p>") == "<p>asked</p>"


def kinds_of(question, config):
    """Return of which kind each field is that a question takes."""
    kinds = {one["id"]: one["type"] for one in json.loads(config)["components"]}
    return [kinds[number] for number in question["inputs"]]


def test_names_of_classes_and_runs_are_text_in_the_page(tmp_path):
    pytest.importorskip("gradio", reason=NO_GRADIO)
    from tools.demo_page import describe
    from tools.run_files import read_run
    from tools.titles import as_text

    for name in ("<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "# a", "`a` *b* _c_"):
        shown = as_text(name)
        assert "<" not in shown
        assert "](" not in shown
    folder = tmp_path / "[x](javascript:alert(1))"
    folder.mkdir()
    assert "[x](" not in describe(read_run(folder))
