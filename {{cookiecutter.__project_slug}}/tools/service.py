"""The service of tools.serve: a small HTTP server that answers in JSON.

What is sent and answered has the shapes of Hugging Face's inference API, so that programs that know
one know the other: huggingface.co/docs/inference-providers
"""

import asyncio
import gc
import json
import socket
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import torch
import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from config import Config
from data import Info
from engine.checkpoint import LoadedModel, load_model
from engine.device import pick_device
from engine.program import line_of
from engine.settings import UserError
from model import build_model
from tools.service_inputs import MOST_BYTES, answer_asked

MOST_INPUTS = 64  # in one request
MOST_WAITING = 100  # requests; they are answered one after the other
SECONDS_TO_SEND = 10  # for a body to arrive
SECONDS_TO_ANSWER = 60  # from when it has arrived


class Service:
    """Answers requests with a trained model, one after the other."""

    def __init__(self, loaded: LoadedModel[Config, Info]) -> None:
        self.loaded = loaded
        self.worker = ThreadPoolExecutor(1)  # two would share the cores, and answer no sooner
        self.waiting = 0

    async def predict(self, request: Request) -> Response:
        """Answer POST /predict."""
        if self.waiting >= MOST_WAITING:  # before it is read: all bodies are kept in memory
            raise HTTPException(503, "too many requests wait already: try again")
        self.waiting += 1
        try:
            asked = await read_question(request)
            work = partial(answer_asked, self.loaded, asked["inputs"], asked["parameters"])
            answering = asyncio.get_running_loop().run_in_executor(self.worker, work)
            answers = await asyncio.wait_for(answering, SECONDS_TO_ANSWER)
        except UserError as error:
            raise HTTPException(422, line_of(error)) from error
        except asyncio.TimeoutError as error:  # another class than TimeoutError in Python 3.10
            reason = f"it took more than {SECONDS_TO_ANSWER} seconds: ask for less"
            raise HTTPException(503, reason) from error
        finally:
            self.waiting -= 1
        return JSONResponse(answers)

    async def health(self, request: Request) -> Response:
        """Answer GET /health."""
        return JSONResponse({"status": "ok", "waiting": self.waiting})


async def read_question(request: Request) -> dict[str, Any]:
    """Return what a request asks: a list of "inputs", and "parameters".

    Raises:
        HTTPException: It is too large or too slow, or no question.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":  # a page of somebody else's in a browser cannot send this one
        raise HTTPException(415, "the content-type must be application/json")
    try:
        body = await asyncio.wait_for(read_body(request), SECONDS_TO_SEND)
    except asyncio.TimeoutError as error:
        raise HTTPException(408, f"it did not come within {SECONDS_TO_SEND} seconds") from error
    try:
        asked = json.loads(body, parse_constant=refuse_constant)
    except (ValueError, RecursionError) as error:
        raise HTTPException(400, "this is no JSON") from error
    if not isinstance(asked, dict) or "inputs" not in asked:
        raise HTTPException(422, 'a JSON object with "inputs" is needed')
    inputs = asked["inputs"] if isinstance(asked["inputs"], list) else [asked["inputs"]]
    if not 1 <= len(inputs) <= MOST_INPUTS:
        reason = f"from 1 to {MOST_INPUTS} inputs can be asked for at once, not {len(inputs)}"
        raise HTTPException(422, reason)
    parameters = asked.get("parameters") or {}
    if not isinstance(parameters, dict):
        raise HTTPException(422, '"parameters" must be a JSON object')
    return {"inputs": inputs, "parameters": parameters}


def refuse_constant(name: str) -> None:
    """Refuse NaN and Infinity, which Python reads, but JSON does not know."""
    raise ValueError(f"{name} is no JSON")


async def read_body(request: Request) -> bytes:
    """Return what a request sends; more than MOST_BYTES are refused as soon as they come."""
    body = bytearray()
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > MOST_BYTES:
                raise HTTPException(413, f"at most {MOST_BYTES:,} bytes can be sent")
    except ClientDisconnect as error:
        raise HTTPException(400, "it broke off") from error
    return bytes(body)


async def say_in_one_line(request: Request, error: Exception) -> Response:
    """Answer with the line that says what is wrong; what is our own fault without details."""
    if not isinstance(error, HTTPException):
        return JSONResponse({"error": f"it failed: {type(error).__name__}"}, 500)
    headers = dict(error.headers or {})
    if error.status_code in (408, 413):
        headers["connection"] = "close"  # what is still to come is not read
    return JSONResponse({"error": error.detail}, error.status_code, headers)


def build_app(loaded: LoadedModel[Config, Info]) -> Starlette:
    """Return the program that a server runs: starlette.dev/applications."""
    service = Service(loaded)
    return Starlette(
        routes=[
            Route("/predict", service.predict, methods=["POST"]),
            Route("/health", service.health, methods=["GET"]),
        ],
        # By a name of somebody else that points here a foreign page could read the answers.
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])],
        exception_handlers={HTTPException: say_in_one_line, Exception: say_in_one_line},
    )


def serve(folder: Path, port: int, device: str) -> None:
    """Answer on 127.0.0.1 until Ctrl-C.

    Args:
        folder: The run's.
        port: Where on this machine.
        device: Where to compute.

    Raises:
        UserError: The port is taken.
    """
    loaded = load_model(folder, pick_device(device), Config, Info, build_model)
    torch.set_num_threads(1)  # for a few inputs more are no faster
    try:
        listening = socket.create_server(("127.0.0.1", port), backlog=1024)
    except OSError as error:
        raise UserError(f"port {port} is taken or forbidden: name another --port") from error
    print(f"POST http://127.0.0.1:{port}/predict is answered; Ctrl-C ends this")
    gc.enable()  # this may run for hours
    options = uvicorn.Config(build_app(loaded), log_level="critical", timeout_keep_alive=30)
    uvicorn.Server(options).run(sockets=[listening])
