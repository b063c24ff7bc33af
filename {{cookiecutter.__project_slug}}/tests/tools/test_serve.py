"""The service of tools.serve: predict.py's answers as JSON, and mistakes in one line each."""

import base64
import csv
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest

PROJECT = Path(__file__).parents[2]
pytest.importorskip("uvicorn", reason='needs pip install -e ".[serve]"')


class Server:
    """A service that runs, and what it has printed on stderr."""

    def __init__(self, port: int, said: Path) -> None:
        self.port = port
        self.said = said

    def ask(self, method, path, body=None, **headers):
        """Send a request; return its status and what the JSON of the answer holds."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        kind = {"content-type": "application/json"} if method == "POST" else {}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with suppress(BrokenPipeError, ConnectionResetError):  # it is refused before its end
            connection.request(method, path, body, kind | named)
        answered = connection.getresponse()
        text = answered.read().decode()
        connection.close()
        return answered.status, json.loads(text) if text.startswith(("{", "[")) else text

    def predict(self, inputs, **parameters):
        """Ask for answers; return the status and the answer."""
        body = json.dumps({"inputs": inputs, "parameters": parameters})
        return self.ask("POST", "/predict", body)


@pytest.fixture(scope="module")
def server(trained, tmp_path_factory):
    """Start the service of a short run."""
    said = tmp_path_factory.mktemp("served") / "said.txt"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tools.serve", "--run-dir", trained, "--device", "cpu"]
    with said.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(
            [*command, "--port", str(port)],
            cwd=PROJECT,
            env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
        )
        try:
            assert process.stdout
            process.stdout.readline()  # which run it takes
            line = process.stdout.readline()
            assert line.startswith("POST http://127.0.0.1:"), said.read_text(encoding="utf-8")
            yield Server(port, said)
        finally:
            process.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)
            process.wait(timeout=60)
    assert "Traceback" not in said.read_text(encoding="utf-8")


@pytest.fixture
def examples(trained):
    """The examples of eval.py, as they are sent."""
    paths = sorted(trained.glob("examples/*"))
    if not paths:
        pytest.skip("eval.py could not write examples of the test data, so there are no inputs")
    if paths[0].suffix == ".csv":
        with paths[0].open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    if paths[0].name == "texts.txt":
        return paths[0].read_text(encoding="utf-8").splitlines()
    if paths[0].suffix == ".txt":
        return [path.read_text(encoding="utf-8").strip() for path in paths]
    return [base64.b64encode(path.read_bytes()).decode() for path in paths]


def test_the_answers_are_those_of_predict(server, trained, examples, start):
    predict = [PROJECT / "predict.py", "--run-dir", trained, "--device", "cpu"]
    first = server.predict(examples[:1])[1][0]
    if "generated_text" in first:
        words = ["--tokens", 50, "--seed", 3, *sorted(trained.glob("examples/*"))]
        status, answers = server.predict(examples, max_new_tokens=50, seed=3)
        assert status == 200
        said = "\n\n\n".join(answer["generated_text"] for answer in answers)
        assert said + "\n" == start(*predict, *words).stdout
        return
    status, answers = (
        server.predict(examples, top_k=2) if isinstance(first, list) else (server.predict(examples))
    )
    assert status == 200
    lines = start(*predict, "--top", 2, *sorted(trained.glob("examples/*"))).stdout.splitlines()
    assert len(answers) == len(lines) == len(examples) > 0
    for answer, line in zip(answers, lines, strict=True):
        if isinstance(answer, dict):
            expected = float(line.rpartition(": ")[2])
            assert answer["prediction"] == pytest.approx(expected, rel=1e-6)
            continue
        words = [f"{one['label']} {one['score']:.1%}" for one in answer]
        assert line.endswith(": " + ", ".join(words))


def test_one_input_alone_is_answered_as_a_list_of_one(server, examples):
    assert server.predict(examples[0]) == server.predict(examples[:1])


def test_it_says_that_it_is_ready(server):
    assert server.ask("GET", "/health") == (200, {"status": "ok", "waiting": 0})


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b'{"inputs": [NaN]}', 400),
        (b"[" * 100_000, 400),
        (b"[]", 422),
        (b"{}", 422),
        (b'{"inputs": []}', 422),
        (b'{"inputs": [[]]}', 422),
        (b'{"inputs": null}', 422),
        (b'{"inputs": 5}', 422),
        (b'{"inputs": [true]}', 422),
        (b'{"inputs": {"a": {"b": 1}}}', 422),
        (b'{"inputs": {"a": 1e999}}', 422),
        (b'{"inputs": {"a": 1' + b"0" * 400 + b"}}", 422),
        (b'{"inputs": ""}', 422),
        (b'{"inputs": ["x", ""]}', 422),
        (b'{"inputs": ["a"], "parameters": 5}', 422),
        (b'{"inputs": ["a"], "parameters": {"top_k": -1}}', 422),
        (b'{"inputs": ["a"], "parameters": {"top_k": "many"}}', 422),
        (b'{"inputs": [' + b'"a", ' * 64 + b'"a"]}', 422),
    ],
)
def test_what_is_no_question_is_answered_in_one_line(server, body, status):
    answered, said = server.ask("POST", "/predict", body)
    assert answered == status, said
    assert said.keys() == {"error"}
    assert said["error"]
    assert "\n" not in said["error"]
    assert "Traceback" not in said["error"]
    assert str(PROJECT) not in said["error"]
    assert "/tmp" not in said["error"]


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("POST", "/predict", {"content_type": "text/plain"}, 415),
        ("POST", "/predict", {"host": "somebody.example"}, 400),
        ("GET", "/predict", {}, 405),
        ("GET", "/", {}, 404),
        ("GET", "/../config.py", {}, 404),
        ("DELETE", "/health", {}, 405),
    ],
)
def test_what_it_is_not_for_is_refused(server, method, path, headers, status):
    answered, said = server.ask(method, path, b"{}", **headers)
    assert answered == status
    assert "Traceback" not in str(said)


def test_a_body_that_is_too_large_is_refused_before_all_of_it_is_read(server):
    status, said = server.ask("POST", "/predict", b" " * 30_000_000)
    assert status == 413
    assert said["error"].startswith("at most ")


def test_many_clients_at_once_all_get_their_answer(server, examples):
    alone = [server.predict(example, max_new_tokens=5) for example in examples[:4]]
    found = {}

    def ask(number):
        found[number] = server.predict(examples[number % len(alone)], max_new_tokens=5)

    clients = [Thread(target=ask, args=(number,)) for number in range(20)]
    for client in clients:
        client.start()
    for client in clients:
        client.join(timeout=60)
    assert len(found) == 20
    for number, answered in found.items():
        assert answered == alone[number % len(alone)]


def test_without_its_packages_it_says_how_to_install_them(command, trained, without):
    answer = command("serve", "--run-dir", trained, env=without("uvicorn"))
    assert answer.returncode == 2
    assert answer.stderr.startswith('error: uvicorn is not installed: pip install -e ".[serve]"')
    assert answer.stderr.count("\n") == 1


def test_a_port_that_is_taken_is_named_in_one_line(command, trained, server):
    answer = command("serve", "--run-dir", trained, "--port", server.port, "--device", "cpu")
    assert answer.returncode == 2
    line = f"error: port {server.port} is taken or forbidden: name another --port\n"
    assert answer.stderr == line
