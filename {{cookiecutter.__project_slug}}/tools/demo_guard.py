"""What the web page of tools.demo lets in: requests from itself alone, none too large, few at once.

Any page that is open in a browser can send requests to 127.0.0.1, and with --share anybody can. So
each request passes here before Gradio sees it. It is refused in one line where

- its Host is another one than this machine's: then a name of somebody else points here, which is
  how a foreign page would read the answers (DNS rebinding);
- a foreign page sends it, which browsers say in Origin and Sec-Fetch-Site;
- it changes something and is none of the few requests that the page makes;
- it is larger than what the page can ask, or comes too slowly;
- it names a file that was not uploaded here, or an address for the server to fetch.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

OWN_NAMES = {"127.0.0.1", "localhost"}
PREFIX = "/gradio_api/"
ASKING = {"queue", "call", "run", "cancel", "reset"}  # what comes after the prefix
UPLOADING = {"upload", "component_server"}  # a picture, a drawing
MOST_REQUESTS = 1000  # that are under way; browsers keep a few open
MOST_AT_ONCE = 8  # so many questions are read at the same time: the others wait, unread
MOST_UPLOADS = 2  # that are read at the same time
MOST_VALUES = 20_000  # in the JSON of one request: each takes much more memory than its text
SECONDS = 30  # for a body to arrive
MOST_KEPT = 200_000_000  # bytes of all uploads: the oldest ones go


class Limits(NamedTuple):
    """How large what is asked may be, in bytes."""

    question: int  # the values of all fields
    upload: int  # a picture; 0 where the page asks for none


class Refused(Exception):
    """A request is not let in: an HTTP status and a line that says why."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Guard:
    """Lets requests through to Gradio, or refuses them: an ASGI middleware (asgi.readthedocs.io).

    Args:
        app: What comes after it.
        uploads: The folder where Gradio keeps what is uploaded.
        limits: How large a request may be.
        hosts: The names by which the page may be asked for, without a port. A name may be added.
            None for a page that is public: then it answers any name and any other page.
    """

    def __init__(self, app: App, uploads: Path, limits: Limits, hosts: set[str] | None) -> None:
        self.app = app
        self.uploads = uploads.resolve()
        self.limits = limits
        self.hosts = hosts
        self.under_way = 0
        self.reading = asyncio.Semaphore(MOST_AT_ONCE)
        self.uploading = asyncio.Semaphore(MOST_UPLOADS)
        self.examples = {path for path in self.uploads.rglob("*") if path.is_file()}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with one line and a status of 400 or more."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        has_begun = False

        async def send_on(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        self.under_way += 1
        try:
            if scope["type"] != "http":
                raise Refused(403, "this page has no websocket")
            if self.under_way > MOST_REQUESTS:
                raise Refused(503, "too many requests at once: try again")
            self.check_origin(scope)
            if scope["method"] in ("GET", "HEAD"):
                await self.app(scope, receive, send_on)
            else:
                await self.take_body(scope, receive, send_on)
        except Refused as refused:
            if not has_begun and scope["type"] == "http":
                await answer(send, refused)
        except Exception as error:
            # Gradio fails at what its own page never asks, such as a function that is not there.
            if not has_begun:
                await answer(send, Refused(400, f"not understood: {type(error).__name__}"))
        finally:
            self.under_way -= 1

    def check_origin(self, scope: Message) -> None:
        """Refuse a request that is for another host, or that another page sends."""
        if self.hosts is None:
            return
        host = only_header(scope, b"host")
        if host is None or name_of(f"//{host}") not in self.hosts:
            raise Refused(421, "this page is at http://127.0.0.1 or http://localhost alone")
        origin = only_header(scope, b"origin")
        if origin is not None and urlsplit(origin).netloc.lower() != host.lower():
            raise Refused(403, "another page sends this request")
        site = only_header(scope, b"sec-fetch-site")
        is_opened = only_header(scope, b"sec-fetch-mode") == "navigate" and scope["method"] == "GET"
        if site not in (None, "same-origin", "none") and not is_opened:
            raise Refused(403, "another page sends this request")

    async def take_body(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass on a request that sends something, once it is known to be small and harmless."""
        path = scope["path"]
        kind = path.removeprefix(PREFIX).split("/")[0] if path.startswith(PREFIX) else ""
        is_upload = self.limits.upload > 0 and kind in UPLOADING
        if scope["method"] != "POST" or not (is_upload or kind in ASKING):
            raise Refused(403, "the page asks for nothing of this kind")
        most = self.limits.upload if is_upload else self.limits.question
        length = only_header(scope, b"content-length")
        if length is not None and (not length.isdecimal() or int(length) > most):
            raise Refused(413, f"at most {most:,} bytes can be sent")
        async with self.uploading if is_upload else self.reading:
            try:
                body = await asyncio.wait_for(read_body(receive, most), SECONDS)
            except asyncio.TimeoutError as error:  # another class than TimeoutError in Python 3.10
                raise Refused(408, f"it did not come within {SECONDS} seconds") from error
            if is_upload:
                await asyncio.to_thread(make_room, self.uploads, MOST_KEPT - most, self.examples)
            else:
                self.check_question(body)
            # Gradio keeps the request until it is answered, and gets the body in one piece.
            pieces: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
            del body

            async def receive_read() -> Message:
                return pieces.pop() if pieces else await receive()

            await self.app(scope, receive_read, send)

    def check_question(self, body: bytes) -> None:
        """Refuse what is no JSON, holds very many values, or names a file that is not ours."""
        try:
            todo = [json.loads(body or b"null")]
        except (RecursionError, ValueError) as error:
            raise Refused(400, "it is no JSON") from error
        seen = 0
        while todo:
            value = todo.pop()
            seen += 1
            if seen > MOST_VALUES:
                raise Refused(413, f"at most {MOST_VALUES:,} values can be sent")
            if isinstance(value, dict):
                if "path" in value:
                    self.check_path(value["path"])
                todo += value.values()
            elif isinstance(value, list):
                todo += value

    def check_path(self, path: Any) -> None:
        """Refuse the path of a file that was not uploaded: it would be read, or fetched."""
        if path is None:
            return
        with suppress(OSError, RuntimeError, TypeError, ValueError):
            if Path(path).resolve().is_relative_to(self.uploads):
                return
        raise Refused(403, "it names a file that was not uploaded")


def only_header(scope: Message, name: bytes) -> str | None:
    """Return the value of a header, or None. Sent twice it could be understood in two ways."""
    values = [value for key, value in scope["headers"] if key == name]
    if len(values) > 1:
        raise Refused(400, f"there are two headers {name.decode()}")
    return values[0].decode("latin-1") if values else None


def name_of(address: str) -> str | None:
    """Return the name of the machine in an address, without the port; None where there is none."""
    with suppress(ValueError):
        return urlsplit(address).hostname
    return None


async def read_body(receive: Receive, most: int) -> bytes:
    """Return what a request sends; more than `most` bytes are refused as soon as they come."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "it broke off")
        body += message.get("body", b"")
        if len(body) > most:
            raise Refused(413, f"at most {most:,} bytes can be sent")
        if not message.get("more_body", False):
            return bytes(body)


def make_room(folder: Path, most: int, kept: set[Path]) -> None:
    """Delete the oldest files of a folder until the others have at most so many bytes.

    Args:
        folder: Of uploads.
        most: So many bytes may stay.
        kept: Files that stay: the examples of the page.
    """
    found = []
    for path in folder.rglob("*"):
        with suppress(OSError):  # another request has deleted it
            if path.is_file() and path not in kept:
                about = path.stat()
                found.append((about.st_mtime, about.st_size, path))
    size = sum(one_size for _, one_size, _ in found)
    for _, one_size, path in sorted(found):
        if size <= most:
            return
        path.unlink(missing_ok=True)
        size -= one_size


async def answer(send: Send, refused: Refused) -> None:
    """Answer a request with the line that says why it is refused."""
    body = json.dumps({"detail": refused.reason}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    headers.append((b"connection", b"close"))  # what is still to come is not read
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
