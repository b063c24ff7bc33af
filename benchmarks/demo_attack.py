"""Attack the page of tools.demo, and measure what its server takes.

python benchmarks/demo_attack.py PROJECT [PROJECT ...] [--output docs/results/demo_attack.json]

A project needs a run. Each attack shall be answered with a line or refused with a status of 4xx or
503, the server shall go on answering and stay under 1 GB, and no traceback shall name a file of the
project. Memory is read from /proc, so it takes Linux. Needs Pillow, with AVIF and JPEG 2000.
"""

import argparse
import datetime
import http.client
import io
import json
import os
import platform
import re
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from measure import commit
from PIL import Image

MOST_MEMORY = 1_000_000_000  # bytes, of the server and of all that it starts
PIXELS = 49_000_000  # just under what the page reads
SIDE = 7000
MB = 1_000_000
PATIENCE = 120  # seconds for one answer
Image.MAX_IMAGE_PIXELS = None
WRONG = [  # no field of the page sends these
    1e999,
    -1e999,
    float("nan"),
    10**400,
    True,
    {},
    [],
    {"a": 1},
    [[]],
    "",
    "x" * 5000,
    "\0",
    "\ud800",
    None,
    {"path": "/etc/passwd"},
    {"url": "http://a.b/c"},
    "1e999",
    "=1+1",
    "<script>alert(1)</script>",
    "\x1b[2J",
    "\u202e",
    "%s%s",
    "../../x",
    -1,
    0.5,
    [None] * 99,
]
TO_WRITE = ["What is", 50, 0.8, 0]  # the fields of a language model: 50 characters


class Server:
    """The page of a project, and what it takes."""

    def __init__(self, project: Path, said: Path) -> None:
        self.project = project
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.said = said
        command = [sys.executable, "-m", "tools.demo", "--device", "cpu", "--port", str(self.port)]
        self.process = subprocess.Popen(
            command, cwd=project, stdout=subprocess.PIPE, stderr=said.open("w"), text=True
        )
        assert self.process.stdout
        self.process.stdout.readline()  # which run it takes
        line = self.process.stdout.readline()
        assert line.startswith("open http://"), said.read_text(encoding="utf-8")
        self.own_peak = 0
        self.whole_peak = 0
        self.is_over = False
        self.watch = threading.Thread(target=self.measure, daemon=True)
        self.watch.start()
        _, _, text = self.request("GET", "/config")
        config = json.loads(text)
        self.components = {one["id"]: one for one in config["components"]}
        (self.question,) = [one for one in config["dependencies"] if len(one["outputs"]) == 2]
        self.others = [one for one in config["dependencies"] if one is not self.question]

    def measure(self) -> None:
        """Note the largest memory of the server, and of it with its children."""
        while not self.is_over:
            sizes = memory_of(self.process.pid)
            if sizes:
                self.own_peak = max(self.own_peak, sizes[0])
                self.whole_peak = max(self.whole_peak, sum(sizes[1:]))
            time.sleep(0.02)

    def request(
        self, method: str, path: str, body: bytes | Iterator[bytes] | None = None, **headers: str
    ) -> tuple[int, dict[str, str], str]:
        """Send a request, and return the status, the headers and the text of the answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            with suppress(BrokenPipeError, ConnectionResetError):  # it is refused before its end
                connection.request(method, path, body, names)
            answer = connection.getresponse()
            try:
                content = answer.read()
            except http.client.IncompleteRead as broken:  # Gradio ends a stream of nothing so
                content = broken.partial
            return answer.status, dict(answer.getheaders()), content.decode(errors="replace")
        finally:
            connection.close()

    def ask_raw(self, body: bytes, **headers: str) -> tuple[int, str]:
        """Send a question; return the status and the text of the answer."""
        headers = {"Content_Type": "application/json", **headers}
        status, _, text = self.request("POST", "/gradio_api/queue/join", body, **headers)
        return status, text

    def ask(self, values: list, session: str | None = None) -> str:
        """Fill in the form, and return what the page says."""
        session = session or os.urandom(6).hex()
        body = {"data": values, "fn_index": self.question["id"], "session_hash": session}
        status, text = self.ask_raw(json.dumps(body).encode())
        if status != 200:
            return f"{status} {text}"
        _, _, text = self.request("GET", f"/gradio_api/queue/data?session_hash={session}")
        for line in text.splitlines():
            if line.startswith("data: ") and '"process_completed"' in line:
                output = json.loads(line[6:])["output"]
                if "data" in output:
                    first, line = output["data"]
                    return line or str(first)[:200]  # of a text that is written there is no line
                return f"error {output.get('error')}"
        return f"no answer: {text[:200]}"

    def press(self, name: str, session: str) -> None:
        """Open a tab, as a click does."""
        for one in self.others:
            if any(target[1] == "select" for target in one["targets"]):
                label = self.components[one["targets"][0][0]]["props"].get("label")
                if label == name:
                    body = {"data": [], "fn_index": one["id"], "session_hash": session}
                    self.ask_raw(json.dumps(body).encode())
                    self.request("GET", f"/gradio_api/queue/data?session_hash={session}")

    def upload(self, content: bytes, name: str, **headers: str) -> tuple[int, str]:
        """Upload a file; return the status, and its path or what is said."""
        head, body = multipart([(name, content)])
        status, _, text = self.request("POST", "/gradio_api/upload", body, **head, **headers)
        return status, json.loads(text)[0] if status == 200 else text

    def ask_picture(self, content: bytes, name: str) -> str:
        """Upload a picture and return what the page answers to it."""
        status, path = self.upload(content, name)
        if status != 200:
            return f"{status} {path}"
        session = os.urandom(6).hex()
        self.press("Picture", session)
        file = {"path": path, "orig_name": name, "meta": {"_type": "gradio.FileData"}}
        fields = [self.components[number]["type"] for number in self.question["inputs"]]
        return self.ask([file if kind == "image" else None for kind in fields], session)

    def close(self) -> str:
        """End the server, and return what it has said."""
        self.is_over = True
        self.watch.join()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=60)
        return self.said.read_text(encoding="utf-8", errors="replace")


def memory_of(pid: int) -> list[int]:
    """Return the peak of a process, then what it and each of its children take now, in bytes."""
    sizes = []
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        sizes.append(1024 * int(re.findall(r"VmHWM:\s+(\d+)", status)[0]))
        todo = [pid]
        while todo:
            one = todo.pop()
            status = Path(f"/proc/{one}/status").read_text()
            sizes.append(1024 * int(re.findall(r"VmRSS:\s+(\d+)", status)[0]))
            for task in Path(f"/proc/{one}/task").iterdir():
                todo += map(int, (task / "children").read_text().split())
    except (IndexError, OSError):  # one has just ended
        pass
    return sizes


def multipart(files: list[tuple[str, bytes]]) -> tuple[dict[str, str], bytes]:
    """Return the headers and the body of an upload."""
    parts = []
    for name, content in files:
        head = f'--x\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
        parts.append(head.encode() + content + b"\r\n")
    return {"Content_Type": "multipart/form-data; boundary=x"}, b"".join(parts) + b"--x--\r\n"


def chunk(kind: bytes, content: bytes) -> bytes:
    """Return a part of a PNG file."""
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def png(width: int, height: int, bits: int, colours: int, extra: bytes = b"") -> bytes:
    """Return a black PNG, which is small as a file."""
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colours]
    row = bytes(1 + (width * bits * channels + 7) // 8)
    packer = zlib.compressobj(9)
    at_once = max(1, MB // len(row))
    rows = [packer.compress(row * min(at_once, height - y)) for y in range(0, height, at_once)]
    head = struct.pack(">IIBBBBB", width, height, bits, colours, 0, 0, 0)
    palette = chunk(b"PLTE", bytes(768)) + chunk(b"tRNS", bytes(256)) if colours == 3 else b""
    data = chunk(b"IDAT", b"".join(rows) + packer.flush())
    begin = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head)
    return begin + extra + palette + data + chunk(b"IEND", b"")


def tags(size: int, count: int = 65_000) -> bytes:
    """Return a TIFF file of so many tags, all of which name the same bytes."""
    first = 10 + 12 * count
    entries = []
    for number in range(count):
        tag = 1000 + number % 60_000
        entries.append(struct.pack("<HHII", tag, 1, size - first - 8, first + 4))
    return b"II*\0\x08\0\0\0" + struct.pack("<H", count) + b"".join(entries) + bytes(size - first)


def saved(kind: str, size: tuple[int, int], mode: str = "RGB", **options: object) -> bytes:
    """Return a picture of one colour in some format."""
    file = io.BytesIO()
    Image.new(mode, size).save(file, kind, **options)
    return file.getvalue()


def frames(kind: str, count: int, size: tuple[int, int]) -> bytes:
    """Return a film of so many pictures."""
    pictures = [Image.new("RGB", size, (number % 256, 0, 0)) for number in range(count)]
    file = io.BytesIO()
    pictures[0].save(file, kind, save_all=True, append_images=pictures[1:])
    return file.getvalue()


def many_scans(count: int) -> bytes:
    """Return a progressive JPEG whose last scan comes so many times."""
    file = saved("JPEG", (5000, 5000), progressive=True)
    last = file.rindex(b"\xff\xda")
    return file[:last] + file[last:-2] * count + b"\xff\xd9"


def jpeg_with_tags(size: int) -> bytes:
    """Return a JPEG with Exif data in many segments, which Pillow joins."""
    file = saved("JPEG", (64, 64))
    data = tags(size, 20_000)
    segments = []
    for start in range(0, len(data), 65_000):
        part = b"Exif\0\0" + data[start : start + 65_000]
        segments.append(b"\xff\xe1" + struct.pack(">H", len(part) + 2) + part)
    return file[:2] + b"".join(segments) + file[2:]


def packed_text(kind: bytes) -> bytes:
    """Return a packed part of a PNG that unpacks to 1 GB."""
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(bytes(MB)) for _ in range(1000)) + packer.flush()
    return chunk(kind, b"name\0\0" + data)


def pictures() -> Iterator[tuple[str, bytes]]:
    """Yield names of files and what is in them."""
    yield "under_pillows_limit.png", png(13_376, 13_376, 8, 6)
    yield "under_pillows_limit_grey.png", png(13_376, 13_376, 8, 0)
    yield "beyond.png", png(30_000, 30_000, 1, 0)
    for bits, colours in (
        (8, 2),
        (8, 6),
        (8, 3),
        (8, 0),
        (8, 4),
        (1, 0),
        (16, 0),
        (16, 2),
        (16, 6),
    ):
        yield f"large_{bits}_{colours}.png", png(SIDE, SIDE, bits, colours)
    yield "wide.png", png(PIXELS, 1, 8, 0)
    yield "high.png", png(1, PIXELS, 8, 2)
    yield "texts.png", png(8, 8, 8, 0, 60 * chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(MB))))
    for kind in (b"zTXt", b"iTXt", b"iCCP"):
        yield f"packed_{kind.decode()}.png", png(8, 8, 8, 0, packed_text(kind))
    yield "tags.png", png(8, 8, 8, 0, chunk(b"eXIf", tags(19 * MB)))
    yield "tags.tif", tags(19 * MB)
    yield "tags.jpg", jpeg_with_tags(19 * MB)
    yield "packed.tif", saved("TIFF", (SIDE, SIDE), compression="tiff_adobe_deflate")
    yield "floats.tif", saved("TIFF", (SIDE, SIDE), "F", compression="tiff_adobe_deflate")
    yield "cmyk.tif", saved("TIFF", (SIDE, SIDE), "CMYK", compression="tiff_lzw")
    yield "baseline.jpg", saved("JPEG", (SIDE, SIDE))
    yield "progressive.jpg", saved("JPEG", (SIDE, SIDE), progressive=True, subsampling=0)
    yield "cmyk.jpg", saved("JPEG", (SIDE, SIDE), "CMYK", progressive=True)
    yield "scans.jpg", many_scans(400)
    yield "lossy.webp", saved("WEBP", (SIDE, SIDE), method=0)
    yield "lossless.webp", saved("WEBP", (SIDE, SIDE), lossless=True, method=0, quality=0)
    yield "film.webp", frames("WEBP", 300, (400, 400))
    yield "large.gif", saved("GIF", (SIDE, SIDE), "P")
    yield "film.gif", frames("GIF", 2000, (64, 64))
    yield "large.avif", saved("AVIF", (5000, 5000), speed=10)
    yield "large.jp2", saved("JPEG2000", (3000, 3000))
    yield "large.bmp", saved("BMP", (4400, 4400), "L")
    yield "header_only.ppm", b"P6 7000 7000 255\n"
    yield (
        "header_only.tga",
        bytes(2) + b"\x0a" + bytes(9) + struct.pack("<HH", 7000, 7000) + b"\x18\0",
    )
    entities = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    bomb = f'<!DOCTYPE svg [<!ENTITY a0 "ha">{entities}]><svg>&a9;</svg>'.encode()
    yield "laughs.svg", bomb
    yield "laughs.png", bomb
    yield "program.eps", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9000 9000\n{} loop\n"
    yield "empty.png", b""
    yield "random.png", os.urandom(MB)
    yield "table.png", b"a,b\n" * MB
    whole = saved("PNG", (64, 64))
    for number in range(0, len(whole), 3):
        damaged = bytearray(whole)
        damaged[number] ^= 0xFF
        yield f"damaged_{number}.png", bytes(damaged)
    yield "<img src=x onerror=alert(1)>.png", whole
    yield "\u202egnp.exe", whole


def is_harmless(said: str) -> bool:
    """Return whether what is said is one line, or a status that refuses."""
    status = re.match(r"(\d\d\d) ", said)
    if status:
        return status.group(1)[0] == "4" or status.group(1) == "503"
    return bool(said) and not said.startswith("no answer") and "Traceback" not in said


def attack_pictures(server: Server) -> Iterator[tuple[str, str]]:
    """Send pictures; yield what was tried and what was said."""
    kept = []
    for name, content in pictures():
        yield f"picture {name} {len(content):,} bytes", server.ask_picture(content, name)
        if name.startswith(("large_", "progressive", "lossless")):
            kept.append((content, name))
    with ThreadPoolExecutor(len(kept)) as pool:
        said = pool.map(lambda one: server.ask_picture(*one), kept)
        for (_, name), line in zip(kept, said, strict=True):
            yield f"at once: picture {name}", line

    head, body = multipart([("a.png", bytes(25 * MB))])
    yield "upload of 25 MB", "{0} {2}".format(*server.request("POST", UPLOAD, body, **head))
    pieces = (body[start : start + MB] for start in range(0, len(body), MB))
    said = server.request("POST", UPLOAD, pieces, **head, Transfer_Encoding="chunked")
    yield "upload of 25 MB without a length", f"{said[0]} {said[2]}"
    head, body = multipart([(f"{n}.png", b"x") for n in range(5000)])
    said = server.request("POST", UPLOAD, body, **head)
    yield "upload of 5,000 files", f"{said[0]} {said[2][:200]}"
    with ThreadPoolExecutor(40) as pool:
        content = os.urandom(19 * MB)
        uploads = [pool.submit(server.upload, content + b"%d" % n, "a.png") for n in range(40)]
        for upload in uploads:
            status, text = upload.result()
            yield "at once: upload of 19 MB", "kept" if status == 200 else f"{status} {text}"
    (sketch,) = [
        n for n in server.question["inputs"] if "canvas_size" in server.components[n]["props"]
    ]
    for index in ("0", "1000000000"):
        for number in range(30):
            fields = {"fn_name": "accept_blobs", "session_hash": "s", "component_id": str(sketch)}
            fields |= {"data": json.dumps({"type": "layer", "index": index, "id": str(number)})}
            head, body = blobs(fields, bytes(15 * MB))
            said = server.request("POST", "/gradio_api/component_server", body, **head)
            yield "drawing of 15 MB", f"{said[0]} {said[2]}" if said[0] != 200 else "taken"
    for path in PATHS:
        file = {"path": path, "meta": {"_type": "gradio.FileData"}}
        for drawing in (None, {"background": file, "layers": [file], "composite": file}):
            yield f"picture at {path}", server.ask([None, drawing, file])


UPLOAD = "/gradio_api/upload"
PATHS = [
    "/etc/passwd",
    "../../../../etc/passwd",
    "file:///etc/passwd",
    "http://127.0.0.1:1/a.png",
    "http://169.254.169.254/latest/meta-data",
    "https://example.com/a.png",
    "/proc/self/environ",
    "data:image/png;base64,AAAA",
    "\0",
]


def blobs(fields: dict[str, str], content: bytes) -> tuple[dict[str, str], bytes]:
    """Return the headers and the body of a drawing, as the page sends it."""
    head, body = multipart([("a.png", content)])
    for name, value in fields.items():
        part = f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        body = part.encode() + body
    return head, body.replace(b'name="files"', b'name="file"', 1)


def attack_fields(server: Server) -> Iterator[tuple[str, str]]:
    """Send what no field of the page sends."""
    count = len(server.question["inputs"])
    for value in WRONG:
        yield f"{value!r:.40} everywhere", server.ask([value] * count)
    for size in (0, count - 1, count + 1, 19_000):
        yield f"{size} values", server.ask([1] * size)
    yield "a million values", server.ask([1] * MB)
    yield "a text of 100 MB", server.ask(["x" * (100 * MB)])
    yield "a text of 200 kB", server.ask(["한" * 33_000] * count)
    for content in (
        b"",
        b"{",
        b"null",
        b"[]",
        b"[" * 200_000,
        b"\xff",
        b'{"a":' * 5000,
        b"1" * 9000,
    ):
        status, text = server.ask_raw(content)
        yield f"{content[:20]!r} as a question", f"{status} {text[:200]}"
    for change in (
        {"fn_index": 999},
        {"fn_index": -1},
        {"fn_index": "a"},
        {"fn_index": None},
        {"fn_index": []},
        {"session_hash": None},
        {"session_hash": 5},
        {"session_hash": "x" * 9000},
        {"data": None},
        {"data": "x"},
        {"data": {}},
        {"trigger_id": "x"},
        {"event_data": {"path": "/etc/passwd"}},
    ):
        question = {"data": [None] * count, "fn_index": server.question["id"], "session_hash": "a"}
        status, text = server.ask_raw(json.dumps(question | change).encode())
        yield (
            f"question with {change!s:.60}",
            f"{status} {text[:200]}" if status != 200 else "taken",
        )
    for method, path in (
        ("POST", "/gradio_api/call/answer"),
        ("POST", "/gradio_api/call/none"),
        ("POST", "/gradio_api/run/answer"),
        ("POST", "/gradio_api/api/answer"),
        ("POST", "/gradio_api/run/predict"),
        ("POST", "/gradio_api/stream/x"),
        ("POST", "/gradio_api/process_recording"),
        ("POST", "/gradio_api/vibe-edit"),
        ("POST", "/login"),
        ("PUT", "/"),
        ("DELETE", "/"),
        ("PATCH", "/gradio_api/upload"),
        ("POST", "/gradio_api/run-history/connect"),
        ("POST", "/gradio_api/component_server"),
        ("GET", "/gradio_api/call/answer/none"),
        ("GET", "/gradio_api/proxy=http://a.b/"),
    ):
        body = json.dumps({"data": [None] * count}).encode()
        status, _, text = server.request(method, path, body, Content_Type="application/json")
        yield f"{method} {path}", f"{status} {text[:200]}" if status != 200 else "taken"
    for path in PATHS[:-1]:
        for where in (
            "/gradio_api/file=",
            "/file=",
            "/gradio_api/file/",
            "/static/",
            "/svelte/",
            "/assets/",
        ):
            quoted = path.replace("..", "%2e%2e")
            status, _, text = server.request("GET", where + quoted)
            yield f"GET {where}{quoted}", f"{status} {text[:200]}"
    run = next(server.project.glob("runs/*/best.pt"))
    for file in (run, server.project / "config.py"):
        status, _, text = server.request("GET", f"/gradio_api/file={file}")
        yield f"GET {file.name}", f"{status} {text[:200]}"


def attack_writing(server: Server) -> Iterator[tuple[str, str]]:
    """Let a language model write what it should not: odd values in one field, much at once."""
    for place in range(len(TO_WRITE)):
        for value in WRONG:
            values = [*TO_WRITE[:place], value, *TO_WRITE[place + 1 :]]
            yield f"{value!r:.40} in field {place}", server.ask(values)
    yield "a long beginning", server.ask(["한" * 20_000, *TO_WRITE[1:]])
    yield "a longer one", server.ask(["한" * 20_001, *TO_WRITE[1:]])
    yield "a beginning of zeros", server.ask(["\0" * 20_000, *TO_WRITE[1:]])
    with ThreadPoolExecutor(8) as pool:
        for line in pool.map(server.ask, [["What is", 2000, 2, 0]] * 8):
            yield "8 at once: 2,000 characters", line


def attack_origins(server: Server) -> Iterator[tuple[str, str]]:
    """Send requests as a foreign page would."""
    own = f"127.0.0.1:{server.port}"
    hosts = [
        "evil.com",
        f"evil.com:{server.port}",
        "127.0.0.1.evil.com",
        "localhost.evil.com",
        "",
        "[::1]",
    ]
    hosts += ["127.0.0.1@evil.com", "evil.com@127.0.0.1.x", "0.0.0.0", "2130706433", "127.1", "a b"]
    for host in hosts:
        for method, path in (("GET", "/"), ("GET", "/config"), ("POST", "/gradio_api/queue/join")):
            status, _, text = server.request(method, path, b"{}", Host=host)
            yield f"{method} {path} with Host {host!r}", f"{status} {text[:100]}"
    for origin in (
        "http://evil.com",
        "null",
        f"http://{own}.evil.com",
        "http://localhost:1",
        "x",
        "",
    ):
        for path in ("/gradio_api/queue/join", "/gradio_api/upload", "/gradio_api/cancel"):
            status, _, text = server.request("POST", path, b"{}", Origin=origin)
            yield f"POST {path} from {origin!r}", f"{status} {text[:100]}"
    for site in ("cross-site", "same-site"):
        for path in (
            "/config",
            "/gradio_api/queue/data?session_hash=a",
            "/gradio_api/startup-events",
        ):
            status, _, text = server.request("GET", path, Sec_Fetch_Site=site)
            yield f"GET {path} {site}", f"{status} {text[:100]}"


def many_at_once(server: Server) -> Iterator[tuple[str, str]]:
    """Ask 487 times at once, and keep 200 connections open that send nothing more."""
    first = [
        server.components[number]["props"].get("value") for number in server.question["inputs"]
    ]
    if first == [None]:
        first = ["Dove andiamo?"]
    if len(first) == len(TO_WRITE):
        first = TO_WRITE
    with ThreadPoolExecutor(487) as pool:
        for line in pool.map(lambda _: server.ask(first), range(487)):
            yield "at once: a question", line
    sockets = []
    for _ in range(200):
        one = socket.create_connection(("127.0.0.1", server.port), timeout=10)
        one.sendall(
            b"POST /gradio_api/queue/join HTTP/1.1\r\n"
            b"Host: 127.0.0.1\r\nContent-Length: 9999\r\n\r\n{"
        )
        sockets.append(one)
    status, _, _ = server.request("GET", "/config")
    yield "200 that send nothing more", "still there" if status == 200 else f"5{status}"
    for one in sockets:
        one.close()


def attack(project: Path, task: str, said: Path) -> dict[str, object]:
    """Return the counts of all attacks on the page of a project."""
    server = Server(project, said)
    before = server.own_peak
    kinds: list[Callable[[Server], Iterator[tuple[str, str]]]] = [attack_fields, attack_origins]
    if task == "image":
        kinds.insert(0, attack_pictures)
    if task == "language":
        kinds.insert(0, attack_writing)
    kinds.append(many_at_once)
    counts = {"tried": 0, "refused": 0, "answered": 0, "failed": 0}
    failures = []
    peaks = {}
    for kind in kinds:
        for name, line in kind(server):
            counts["tried"] += 1
            if os.environ.get("VERBOSE"):
                print(f"{server.whole_peak / MB:5.0f} MB {name:.80}: {line:.110}", flush=True)
            if "root:" in line or not is_harmless(line) or server.process.poll() is not None:
                counts["failed"] += 1
                failures.append(f"{name}: {line[:300]}")
            elif re.match(r"\d\d\d ", line):
                counts["refused"] += 1
            else:
                counts["answered"] += 1
        peaks[kind.__name__] = round(server.whole_peak / MB)
    status, _, _ = server.request("GET", "/config")
    text = server.close()
    if status != 200:
        failures.append("it does not answer any more")
    if f'File "{project}' in text:
        failures.append("a traceback names a file of the project")
    if max(server.own_peak, server.whole_peak) > MOST_MEMORY:
        failures.append("it takes more than 1 GB")
    counts["failed"] = len(failures)
    return {
        **counts,
        "failures": failures,
        "memory_before_mb": round(before / MB),
        "memory_peak_mb": round(server.own_peak / MB),
        "memory_peak_with_children_mb": round(server.whole_peak / MB),
        "memory_peak_after_mb": peaks,
    }


def main() -> None:
    """Attack the page of each project, and write what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("projects", nargs="+", type=Path)
    parser.add_argument("--output", type=Path)
    arguments = parser.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # it ends a server, also after `&`
    tasks = {}
    for project in arguments.projects:
        answers = (project / ".copier-answers.yml").read_text(encoding="utf-8")
        task = re.findall(r'^task: "?(\w+)', answers, re.M)[0]
        tasks[task] = attack(project.resolve(), task, project.resolve() / "demo_said.txt")
        print(json.dumps({task: tasks[task]}, indent=2), flush=True)
    if arguments.output:
        result = {
            "tasks": tasks,
            "gradio": version("gradio"),
            "python": platform.python_version(),
            "date": datetime.date.today().isoformat(),
            "commit": commit(),
        }
        arguments.output.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    if any(result["failed"] for result in tasks.values()):
        sys.exit(1)


if __name__ == "__main__":
    main()
