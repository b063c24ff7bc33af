"""The page of tools.demo in a real browser, with a project's Python, as nox -s tools does it.

PROJECT=path python -m pytest --confcutdir tests/browser tests/browser/demo_page.py
With SCREENSHOTS=folder it also writes a picture of the page there (nox -s tools -- --screenshots).
"""

import csv
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Error, expect, sync_playwright

PROJECT = Path(os.environ["PROJECT"]).resolve()
ANSWERS = (PROJECT / ".copier-answers.yml").read_text(encoding="utf-8")
TASK = re.findall(r'^task: "?(\w+)', ANSWERS, re.M)[0]
# The others take seconds.
SHORT = {"text": ["--epochs", "4"], "language": ["--epochs", "1", "--layers", "2"]}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 60_000  # milliseconds: a busy machine, and a browser without a GPU
# What the server itself asks of the network, Python tells (docs.python.org: audit events).
GUARD = """
import sys
from pathlib import Path

def note(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[1][0] if event == "socket.connect" else arguments[0]
        if host not in ("127.0.0.1", "localhost", "::1", None):
            with Path({path!r}).open("a", encoding="utf-8") as file:
                print(event, host, file=file)

sys.addaudithook(note)
"""


def find_browser() -> dict[str, str]:
    """Return a Chromium as Playwright names it; without one all is skipped, or fails in CI."""
    for path in filter(None, map(shutil.which, BROWSERS)):
        return {"executable_path": path}
    with sync_playwright() as playwright:
        for channel in ("chrome", "msedge"):  # where Windows and macOS have them
            with suppress(Error):
                playwright.chromium.launch(channel=channel).close()
                return {"channel": channel}
    reason = "no browser, so the page was not tried: looked for Chromium, Chrome and Edge"
    if os.environ.get("CI"):
        pytest.exit(reason, returncode=1)
    pytest.skip(reason, allow_module_level=True)


BROWSER = find_browser()


def run(script: str, *arguments: str | Path, folder: Path) -> str:
    """Run a script of the project in a folder, and return what it prints."""
    result = subprocess.run(
        [sys.executable, PROJECT / script, *arguments],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Train a model and return the folder with its run."""
    folder = tmp_path_factory.mktemp("demo")
    epochs = [] if "SCREENSHOTS" in os.environ else SHORT.get(TASK, [])
    run("train.py", "--device", "cpu", *epochs, folder=folder)
    run("eval.py", "--no-baseline", "--device", "cpu", folder=folder)
    return folder


def predict(folder: Path, *inputs: str | Path) -> list[str]:
    """Return what predict.py answers, without its names of the inputs."""
    lines = run("predict.py", "--device", "cpu", *inputs, folder=folder).splitlines()
    return [line.rpartition(": ")[2] for line in lines]


@pytest.fixture
def page(folder, tmp_path):
    """Serve the page and open it; at the end, see that nothing was asked of other machines."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    outside, said = tmp_path / "outside.txt", tmp_path / "said.txt"
    (tmp_path / "sitecustomize.py").write_text(GUARD.format(path=str(outside)), encoding="utf-8")
    port = address.partition(":")[2]
    command = [sys.executable, "-m", "tools.demo", "--port", port, "--device", "cpu"]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(PROJECT)])}
    with said.open("w") as file, sync_playwright() as playwright:
        server = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=file, text=True
        )
        assert server.stdout
        server.stdout.readline()  # which run it takes
        line = server.stdout.readline()
        assert line == f"open http://{address}/ in a browser; Ctrl-C ends this\n"
        root = getattr(os, "geteuid", lambda: 1)() == 0  # it has no sandbox
        options = ["--no-sandbox"] if root else []
        browser = playwright.chromium.launch(**BROWSER, args=options)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        asked, mistakes, uploads = [], [], set()
        page.on("request", lambda request: asked.append(request.url))
        page.on("request", lambda request: uploads.add(request) if is_upload(request) else None)
        for end in ("requestfinished", "requestfailed"):
            page.on(end, lambda request: uploads.discard(request))
        page.on("pageerror", lambda error: mistakes.append(error))
        page.goto(f"http://{address}")
        yield page
        wait_for(page, uploads)
        browser.close()
        server.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)
        server.wait(timeout=60)
    hosts = {urlparse(url).netloc for url in asked if not url.startswith(("data:", "blob:"))}
    assert len(asked) > 10
    assert hosts == {address}
    assert not outside.exists(), outside.read_text(encoding="utf-8")
    assert mistakes == []
    # Gradio prints what goes wrong between it and a browser that is closed: that is none of ours.
    assert f'File "{PROJECT}' not in said.read_text(encoding="utf-8")


def is_upload(request) -> bool:
    """Return whether the page sends a picture."""
    return urlparse(request.url).path.endswith("/upload")


def wait_for(page, uploads: set) -> None:
    """Wait until the page sends no picture: one that is cut off is a traceback of the server."""
    end = time.monotonic() + PATIENCE / 1000
    page.wait_for_timeout(500)  # the last click may still make it send one
    while uploads and time.monotonic() < end:
        page.wait_for_timeout(100)


def says(page):
    """Return the line below the bars."""
    return page.get_by_label("In words, as predict.py says it")


def take_picture(page, fields: str) -> None:
    """Write a picture of the page, down to its fields and the answer, where one is asked for."""
    if "SCREENSHOTS" in os.environ:
        page.evaluate("scrollTo(0, 0)")
        parts = page.locator(f"{fields}, .answer").locator("visible=true").all()
        boxes = [part.bounding_box() for part in parts]
        lowest = max(box["y"] + box["height"] for box in boxes)
        area = {"x": 0, "y": 0, "width": 1280, "height": min(696, lowest + 24)}
        path = Path(os.environ["SCREENSHOTS"], f"{TASK}_demo.png")
        page.screenshot(path=path, clip=area, animations="disabled")


def only(task):
    """Mark a test as one of a task: the others are no tests at all in this project."""
    return lambda test: test if task == TASK else None


def draw(page, *strokes):
    """Draw with the mouse, each stroke through some points from 0 to 1."""
    page.get_by_role("button", name="Brush Size").wait_for()  # the pen is in the hand
    for first, *others in strokes:
        box = page.locator("canvas").first.bounding_box()
        middle, side = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2), 280

        def place(point, middle=middle, side=side):
            return [m + side * (p - 0.5) for m, p in zip(middle, point, strict=True)]

        page.mouse.move(*place(first))
        page.mouse.down()
        for point in others:
            page.mouse.move(*place(point))
        page.mouse.up()


TWO = [(0.3, 0.2), (0.4, 0.05), (0.6, 0.05), (0.7, 0.2), (0.65, 0.4), (0.25, 1), (0.75, 1)]
ONE = [(0.5, 0), (0.5, 1)]


@only("image")
def test_a_picture_is_answered_as_by_predict_and_drawings_are_read(page, folder):
    expect(says(page)).to_have_value("Draw, or choose a picture.")
    expect(page.get_by_role("heading")).to_have_text("My Torch Project")
    draw(page, TWO)
    expect(says(page)).to_have_value(re.compile("^2 "))
    take_picture(page, "canvas")
    page.get_by_role("button", name="Clear canvas").click()
    expect(says(page)).to_have_value("Draw, or choose a picture.")
    draw(page, ONE)
    expect(says(page)).to_have_value(re.compile("^1 "))
    drawn = says(page).input_value()

    page.get_by_role("tab", name="Picture").click()
    expect(says(page)).to_have_value("Draw, or choose a picture.")
    for path in sorted(folder.glob("runs/*/examples/*"))[:2]:
        page.get_by_role("tabpanel").locator("input[type=file]").set_input_files(path)
        expect(says(page)).to_have_value(*predict(folder, path))
        page.get_by_role("button", name=re.compile("^(Remove|Clear)")).click()
        expect(says(page)).to_have_value("Draw, or choose a picture.")
    page.get_by_role("tab", name="Draw").click()
    expect(says(page)).to_have_value(drawn)


@only("text")
def test_the_answer_changes_with_each_letter_and_is_that_of_predict(page, folder):
    field = page.get_by_placeholder("Type or paste a text")
    expect(says(page)).to_have_value("Type a text.")
    for text in ("Dove", "오늘 저녁에 뭐 먹을까요?", "Dove andiamo stasera, amico mio?"):
        field.fill("")
        expect(says(page)).to_have_value("Type a text.")
        field.press_sequentially(text)
        expect(says(page)).to_have_value(*predict(folder, text))
    take_picture(page, ".examples, .gallery")
    page.get_by_role("button", name=re.compile("^È|^[A-Z]")).first.click()
    expect(says(page)).not_to_have_value(*predict(folder, text))


@only("tabular")
def test_a_form_is_answered_as_by_predict_and_sliders_change_it(page, folder):
    expect(says(page)).to_have_value(re.compile("^benign "))
    lines = predict(folder, *folder.glob("runs/*/examples/rows.csv"))
    row = page.get_by_role("button", name=re.compile("^row [0-9]")).first
    number = int(row.inner_text().split()[1])
    row.click()
    expect(says(page)).to_have_value(lines[number - 1])
    for key, answer in (("Home", "benign"), ("End", "malignant")):
        for slider in page.get_by_label("range slider for worst_").all():
            slider.focus()
            slider.press(key)
        expect(says(page)).to_have_value(re.compile(f"^{answer} "))
    take_picture(page, "input[type=range]")

    fields = page.locator("input[type=number]").all()
    names = [field.get_attribute("aria-label") for field in fields]
    with (folder / "form.csv").open("w", encoding="utf-8", newline="") as file:
        rows = [name.partition("number input for ")[2] for name in names]
        csv.writer(file).writerows([rows, [field.input_value() for field in fields]])
    expect(says(page)).to_have_value(*predict(folder, "form.csv"))


@only("language")
def test_it_writes_on_as_it_is_written_and_as_predict_does(page, folder):
    note, written = page.get_by_label("Note"), page.get_by_label("It writes")
    button = page.get_by_role("button", name="Write", exact=True)
    expect(note).to_have_value("Type how a text begins, then press Write.")
    field = page.get_by_placeholder("How does it begin?")
    field.fill("What is")
    button.click()
    expect(written).to_have_value(re.compile("^What is.{1,250}$", re.S))  # and not yet all
    expected = run("predict.py", "--device", "cpu", "What is", folder=folder)
    expect(written).to_have_value(expected.removesuffix("\n"))
    expect(note).to_have_value("")
    take_picture(page, ".examples, .gallery")

    page.get_by_label("Seed").fill("7")
    field.fill("Do you like 감자?")
    page.get_by_label("number input for Characters").fill("50")
    field.press("Shift+Enter")
    options = ["--seed", "7", "--tokens", "50", "--device", "cpu"]
    expected = run("predict.py", *options, "Do you like 감자?", folder=folder)
    expect(written).to_have_value(expected.removesuffix("\n"))
    expect(note).to_have_value(re.compile("^Training has not seen '감' '자'"))

    page.locator(".gallery button, .examples button").first.click()
    button.click()
    (begun, *_) = sorted(folder.glob("runs/*/examples/*"))
    beginning = begun.read_text(encoding="utf-8").strip()
    expect(written).to_have_value(re.compile(rf"^{re.escape(beginning)}.{{50}}$", re.S))


if not any(name.startswith("test_") and test for name, test in [*globals().items()]):
    raise LookupError(f"no test for the task {TASK}")
