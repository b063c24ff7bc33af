"""The pages of tools.demo and tools.space in a browser, as nox -s tools does it.

PROJECT=path python -m pytest --confcutdir tests/browser tests/browser/demo_page.py
With SCREENSHOTS=folder it also writes a picture of the page there (nox -s tools -- --screenshots).
With FRESH=1 the Space has an environment of its own, with what its requirements.txt names.
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
from pathlib import Path
from urllib.parse import urlparse

import pytest
from playwright.sync_api import expect
from shared import (
    CHANGED,
    FLIPS,
    ONE,
    PATIENCE,
    PROJECT,
    TASK,
    TWO,
    only,
    opened_page,
    predict,
    run,
)

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


@pytest.fixture(scope="module")
def space(folder, tmp_path_factory) -> Path:
    """Write the Space of that run, and take it away from the run and the project."""
    run("tools.space", folder=folder)
    (written,) = folder.glob("runs/*/space")
    return Path(shutil.move(written, tmp_path_factory.mktemp("elsewhere") / "space"))


@pytest.fixture(scope="module")
def python_of_space(space, tmp_path_factory) -> str:
    """Return the Python that shows the Space: a fresh one with its packages, or the project's."""
    if "FRESH" not in os.environ:
        return sys.executable
    fresh = tmp_path_factory.mktemp("fresh")
    subprocess.run([sys.executable, "-m", "venv", fresh], check=True, timeout=300)
    (python,) = [*fresh.glob("bin/python"), *fresh.glob("Scripts/python.exe")]
    # Where PyTorch's own index cannot be reached, pip takes its build from the usual one, at once.
    command = [python, "-m", "pip", "install", "--quiet", "--no-compile", "--retries", "0"]
    command += ["--requirement", space / "requirements.txt"]
    result = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=900)
    assert result.returncode == 0, result.stderr
    return str(python)


# The pictures of the README are those of the demo.
@pytest.fixture(params=["demo"] if "SCREENSHOTS" in os.environ else ["demo", "space"])
def page(request, folder, tmp_path):
    """Serve the page and open it; at the end, see that nothing was asked of other machines."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    outside, said = tmp_path / "outside.txt", tmp_path / "said.txt"
    (tmp_path / "sitecustomize.py").write_text(GUARD.format(path=str(outside)), encoding="utf-8")
    port = address.partition(":")[2]
    if request.param == "demo":
        owner, place = PROJECT, folder
        command = [sys.executable, "-m", "tools.demo", "--port", port, "--device", "cpu"]
        paths = [str(tmp_path), str(PROJECT)]
    else:
        owner = place = request.getfixturevalue("space")
        command = [request.getfixturevalue("python_of_space"), "app.py", "--port", port]
        paths = [str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
    with said.open("w") as file, opened_page() as page:
        server = subprocess.Popen(
            command, cwd=place, env=environment, stdout=subprocess.PIPE, stderr=file, text=True
        )
        assert server.stdout
        if request.param == "demo":
            server.stdout.readline()  # which run it takes
        line = server.stdout.readline()
        assert line == f"open http://{address}/ in a browser; Ctrl-C ends this\n"
        asked, uploads = [], set()
        page.on("request", lambda request: asked.append(request.url))
        page.on("request", lambda request: uploads.add(request) if is_upload(request) else None)
        for end in ("requestfinished", "requestfailed"):
            page.on(end, lambda request: uploads.discard(request))
        page.goto(f"http://{address}")
        yield page
        wait_for(page, uploads)
        page.close()
        server.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)
        server.wait(timeout=60)
    hosts = {urlparse(url).netloc for url in asked if not url.startswith(("data:", "blob:"))}
    assert len(asked) > 10
    assert hosts == {address}
    assert not outside.exists(), outside.read_text(encoding="utf-8")
    # Gradio prints what goes wrong between it and a browser that is closed: that is none of ours.
    assert f'File "{owner}' not in said.read_text(encoding="utf-8")


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


def why(page):
    """Ask why, and return where it is said."""
    page.get_by_role("button", name="Why?").click()
    return page.locator(".answer .why")


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
        reason = why(page)
        expect(reason).to_contain_text("Orange has spoken for the answer.")
        assert reason.locator("img").evaluate("picture => picture.naturalWidth") >= 200
        page.get_by_role("button", name=re.compile("^(Remove|Clear)")).click()
        expect(says(page)).to_have_value("Draw, or choose a picture.")
        expect(page.locator(".answer .why")).to_have_count(0)  # a reason goes with its answer
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
        reason = why(page)
        expect(reason).to_contain_text("instead of")
        expect(reason.locator("mark").first).to_be_visible()
        assert "".join(reason.locator("p").first.inner_text().split()) == "".join(text.split())
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
    reason = why(page)
    expect(reason).to_be_visible()
    said = reason.inner_text()
    changed = re.search(CHANGED, said)
    field = page.get_by_label(f"number input for {changed['column']}")
    field.fill(changed["new"])
    field.press("Enter")
    flips = re.search(FLIPS, said)
    if flips:  # what was said holds when it is tried
        expect(says(page)).to_have_value(re.compile(f"^{flips['name']} "))
    expect(page.locator(".answer .why")).to_have_count(0)
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
    expected = run("predict.py", "--device", "cpu", "What is", folder=folder)
    expect(written).to_have_value(expected.removesuffix("\n"))
    expect(note).to_have_value("")
    take_picture(page, ".examples, .gallery")

    page.get_by_label("Seed").fill("7")
    field.fill("Do you like 감자?")
    count = page.get_by_label("number input for Characters")
    count.fill("2000")
    field.press("Shift+Enter")
    some = re.compile(r"^Do you like 감자\?.{1,1900}$", re.S)  # and not yet all
    expect(written).to_have_value(some)
    options = ["--seed", "7", "--tokens", "2000", "--device", "cpu"]
    expected = run("predict.py", *options, "Do you like 감자?", folder=folder)
    expect(written).to_have_value(expected.removesuffix("\n"))
    expect(note).to_have_value(re.compile("^Training has not seen '감' '자'"))

    count.fill("50")
    page.locator(".gallery button, .examples button").first.click()
    button.click()
    (begun, *_) = sorted(folder.glob("runs/*/examples/*"))
    beginning = begun.read_text(encoding="utf-8").strip()
    expect(written).to_have_value(re.compile(rf"^{re.escape(beginning)}.{{50}}$", re.S))


if not any(name.startswith("test_") and test for name, test in [*globals().items()]):
    raise LookupError(f"no test for the task {TASK}")
