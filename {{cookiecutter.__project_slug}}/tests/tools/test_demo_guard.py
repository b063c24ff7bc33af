"""What the page of tools.demo lets in: its own requests, and small ones alone."""

import asyncio
import json
import os
import time

import pytest

from tools import demo_guard
from tools.demo_guard import Guard, Limits, make_room

ASK = "/gradio_api/queue/join"
UPLOAD = "/gradio_api/upload"


@pytest.fixture
def guard(tmp_path):
    """A guard before a program that tells what reached it, and fails at "bug"."""

    async def page(scope, receive, send):
        message = await receive()
        body = message.get("body", b"")
        if body == b'"bug"':
            raise KeyError("bug")
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    uploads = tmp_path / "uploads"
    uploads.mkdir()
    (uploads / "mine.png").write_bytes(b"x")
    return Guard(page, uploads, Limits(question=1000, upload=2000), {"127.0.0.1", "localhost"})


def send(guard, method="GET", path="/", body=b"", pieces=None, **headers):
    """Send a request, and return its status and the body of the answer."""
    said = []
    names = {"host": "127.0.0.1:7860", **headers}
    lines = [(name.replace("_", "-").encode(), value.encode()) for name, value in names.items()]
    waiting = [body] if pieces is None else list(pieces)

    async def receive():
        if not waiting:
            await asyncio.sleep(60)  # nothing more comes
        piece = waiting.pop(0)
        return {
            "type": "http.request",
            "body": piece,
            "more_body": bool(waiting or piece == b"..."),
        }

    async def answered(message):
        said.append(message)

    scope = {"type": "http", "method": method, "path": path, "headers": lines}
    asyncio.run(asyncio.wait_for(guard(scope, receive, answered), 30))
    return said[0]["status"], said[1]["body"]


def refused(guard, *arguments, **more):
    """Return the status of a request that is refused, and see that it says why in one line."""
    status, body = send(guard, *arguments, **more)
    assert status >= 400
    line = json.loads(body)["detail"]
    assert line
    assert "\n" not in line
    return status


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST:80", "127.0.0.1:7860"])
def test_this_machine_is_answered(guard, host):
    assert send(guard, host=host)[0] == 200
    assert send(guard, "POST", ASK, b"{}", host=host, origin=f"http://{host}") == (200, b"{}")


@pytest.mark.parametrize(
    "host", ["evil.com", "127.0.0.1.evil.com", "127.0.0.1@evil.com", "", "[", "0.0.0.0", "127.1"]
)
def test_another_host_is_refused(guard, host):
    assert refused(guard, host=host) == 421
    assert refused(guard, "POST", ASK, b"{}", host=host) == 421


@pytest.mark.parametrize(
    "origin", ["http://evil.com", "null", "", "http://127.0.0.1:1", "http://["]
)
def test_another_page_is_refused(guard, origin):
    assert refused(guard, "POST", ASK, b"{}", origin=origin) in (400, 403)


def test_another_page_may_link_here_and_cannot_read_here(guard):
    cross = {"sec_fetch_site": "cross-site"}
    assert send(guard, **cross, sec_fetch_mode="navigate")[0] == 200
    assert refused(guard, **cross, sec_fetch_mode="no-cors") == 403
    assert refused(guard, "POST", ASK, b"{}", **cross, sec_fetch_mode="navigate") == 403


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/gradio_api/process_recording"),
        ("POST", "/gradio_api/api/answer"),
        ("POST", "/login"),
        ("PUT", ASK),
        ("DELETE", "/"),
    ],
)
def test_what_the_page_never_sends_is_refused(guard, method, path):
    assert refused(guard, method, path, b"{}") == 403


def test_too_much_is_refused_with_and_without_a_length(guard):
    for path, most in ((ASK, 1000), (UPLOAD, 2000)):
        whole = b'"' + b"a" * (most - 2) + b'"'
        assert send(guard, "POST", path, whole) == (200, whole)
        assert send(guard, "POST", path, pieces=[whole[:9], whole[9:]]) == (200, whole)
        assert refused(guard, "POST", path, whole + b" ") == 413
        assert refused(guard, "POST", path, pieces=[whole, b" "]) == 413
        for length in (str(most + 1), "-1", "1e3", "\u00b2"):
            assert refused(guard, "POST", path, b"{}", content_length=length) == 413


def test_where_no_file_is_asked_for_none_can_be_uploaded(guard):
    guard.limits = Limits(question=1000, upload=0)
    assert refused(guard, "POST", UPLOAD, b"x") == 403


def test_what_comes_too_slowly_is_refused(guard, monkeypatch):
    monkeypatch.setattr(demo_guard, "SECONDS", 0.05)
    assert refused(guard, "POST", ASK, pieces=[b"..."]) == 408


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[" * 900, b"1" * 999 + b"x"])
def test_a_question_that_is_no_json_is_refused(guard, body):
    assert refused(guard, "POST", ASK, body) == 400


def test_a_question_of_very_many_values_is_refused(guard, monkeypatch):
    monkeypatch.setattr(demo_guard, "MOST_VALUES", 100)
    assert send(guard, "POST", ASK, json.dumps([0] * 99).encode())[0] == 200
    assert refused(guard, "POST", ASK, json.dumps([0] * 100).encode()) == 413


def test_only_a_file_that_was_uploaded_can_be_named(guard):
    def question(path):
        return json.dumps({"data": [{"composite": {"path": path}}]}).encode()

    assert send(guard, "POST", ASK, question(str(guard.uploads / "mine.png")))[0] == 200
    assert send(guard, "POST", ASK, question(None))[0] == 200
    outside: list[object] = [
        "/etc/passwd",
        "http://a.b/c.png",
        "file:///etc/passwd",
        "data:image/png,",
        "\0",
        "",
    ]
    outside += [f"{guard.uploads}/../x", f"{guard.uploads}x", 5, [], {}, "mine.png", "x" * 800]
    for path in outside:
        assert refused(guard, "POST", ASK, question(path)) == 403


def test_what_gradio_fails_at_is_refused_in_one_line(guard):
    assert refused(guard, "POST", ASK, b'"bug"') == 400


def test_too_many_at_once_are_refused(guard, monkeypatch):
    monkeypatch.setattr(demo_guard, "MOST_REQUESTS", 0)
    assert refused(guard) == 503
    monkeypatch.setattr(demo_guard, "MOST_REQUESTS", 1)
    assert send(guard)[0] == 200  # those that have ended do not count


def test_the_oldest_uploads_make_room(tmp_path):
    now = time.time()
    for number in range(5):
        path = tmp_path / f"{number}.png"
        path.write_bytes(bytes(100))
        os.utime(path, (now + number, now + number))
    make_room(tmp_path, 250, {tmp_path / "0.png"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.png", "3.png", "4.png"]


def test_a_public_page_answers_any_name_and_keeps_its_limits(guard):
    foreign = {"host": "you-digits.hf.example", "origin": "https://somebody.example"}
    assert send(guard, **foreign)[0] == 421
    guard.hosts = None  # as in a Space, which anybody may open
    assert send(guard, **foreign)[0] == 200
    assert send(guard, "POST", ASK, b'"a"', **foreign) == (200, b'"a"')
    assert send(guard, "POST", ASK, b"x" * 1001, **foreign)[0] == 413
    assert send(guard, "POST", "/elsewhere", b"{}", **foreign)[0] == 403
