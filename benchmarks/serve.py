"""How many requests tools.serve answers in a second, and how long 50 clients wait for an answer.

    python benchmarks/serve.py --project P [--others P...] [--rounds 3] [--quick]

Each project is as it is generated, of another task, with a run that eval.py has scored. 50 clients
on the same machine ask for one example each, again as soon as they are answered, over connections
that stay open. A language model writes 20 characters. Each answer must be the first one again, or
it ends. Writes results/serve.json.
"""

import asyncio
import base64
import csv
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from measure import read_options, write

CLIENTS = 50
SECONDS = 10  # of a round, after one second that does not count


def main() -> None:
    """Measure all, and write the results."""
    more = ("--others", {"nargs": "*", "type": Path, "default": [], "help": "of other tasks"})
    options = read_options(__doc__ or "", 3, more)
    seconds = 1 if options.quick else SECONDS
    found = {}
    for project in [options.project, *map(Path.resolve, options.others)]:
        answers = (project / ".copier-answers.yml").read_text(encoding="utf-8")
        (task,) = re.findall(r'^task: "?(\w+)', answers, re.M)
        found[task] = measure(project, options.rounds, seconds)
        print(task, found[task])
    write(options.results / "serve.json", {"clients": CLIENTS, "tasks": found})


def measure(project: Path, rounds: int, seconds: float) -> dict[str, Any]:
    """Return requests per second and waiting times of a project's service, the middle of rounds."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tools.serve", "--port", str(port), "--device", "cpu"]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    with subprocess.Popen(
        command, cwd=project, env=environment, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout
        server.stdout.readline()  # which run it takes
        assert server.stdout.readline().startswith("POST "), "it did not start"
        try:
            body = json.dumps(question(project)).encode()
            asyncio.run(load(port, body, 1))
            results = [asyncio.run(load(port, body, seconds)) for _ in range(rounds)]
        finally:
            server.terminate()
    middle: dict[str, Any] = {}
    for name in results[0]:
        middle[name] = round(statistics.median(result[name] for result in results), 2)
    return middle | {"bytes of a request": len(body)}


def question(project: Path) -> dict[str, Any]:
    """Return what a client asks: the first of the examples that eval.py left."""
    path = min(project.glob("runs/*/examples/*"))
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return {"inputs": next(csv.DictReader(file))}
    if path.suffix != ".txt":
        return {"inputs": base64.b64encode(path.read_bytes()).decode()}
    text = path.read_text(encoding="utf-8").splitlines()[0]
    parameters = {} if path.name == "texts.txt" else {"max_new_tokens": 20}
    return {"inputs": text, "parameters": parameters}


async def load(port: int, body: bytes, seconds: float) -> dict[str, float]:
    """Return what all clients together find within some seconds."""
    waited: list[float] = []
    expected: list[bytes] = []
    began = time.perf_counter()

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = "POST /predict HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
        request = f"{head}content-length: {len(body)}\r\n\r\n".encode() + body
        while time.perf_counter() < began + seconds:
            start = time.perf_counter()
            writer.write(request)
            status = await reader.readline()
            length = 0
            while (line := await reader.readline()) != b"\r\n":
                if line.lower().startswith(b"content-length:"):
                    length = int(line.partition(b":")[2])
            answer = await reader.readexactly(length)
            waited.append(time.perf_counter() - start)
            if not expected:
                expected.append(answer)
            if b" 200 " not in status or answer != expected[0]:
                raise SystemExit(f"another answer than the first one: {status!r} {answer[:200]!r}")
        writer.close()

    await asyncio.gather(*[client() for _ in range(CLIENTS)])
    passed = time.perf_counter() - began
    hundredths = statistics.quantiles(waited, n=100)
    return {
        "requests per second": len(waited) / passed,
        "milliseconds, half wait less than": 1000 * hundredths[49],
        "milliseconds, 99 of 100 wait less than": 1000 * hundredths[98],
    }


if __name__ == "__main__":
    main()
