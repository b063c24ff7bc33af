"""The page of tools.export --web in a browser: opened from the disk, it answers as predict.py does.

PROJECT=path python -m pytest --confcutdir tests/browser tests/browser/web_page.py
With LOOK=folder it also leaves pictures of the page there.
"""

import csv
import os
import re
import shutil
from pathlib import Path
from urllib.parse import urlparse

import pytest
from playwright.sync_api import expect
from shared import ONE, TASK, TWO, only, opened_page, predict, run

POINTS = 0.11  # percent, by which a probability may differ: both are rounded to 0.1
OF_JPEG = 5  # percent: a browser decodes JPEG with other roundings than Pillow


@pytest.fixture(scope="module")
def written(folder, tmp_path_factory) -> Path:
    """Write the page, and take it away from the run."""
    run("tools.export", "--web", folder=folder)
    (web,) = folder.glob("runs/*/export/web")
    return Path(shutil.move(web, tmp_path_factory.mktemp("elsewhere 한글") / "web"))


@pytest.fixture
def page(written):
    """Open the page from the disk, and see that it has asked for no other file than its own."""
    with opened_page() as page:
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto((written / "index.html").as_uri())
        expect(page.locator("#form button").first).to_be_visible()
        yield page
        if "LOOK" in os.environ:
            for width in (400, 800, 1400):
                page.set_viewport_size({"width": width, "height": 900})
                path = Path(os.environ["LOOK"], f"{TASK}_web_{width}.png")
                page.screenshot(path=path, full_page=True)
    assert len(asked) >= 7
    for url in asked:
        if not url.startswith(("blob:", "data:")):
            assert url.startswith(written.as_uri()), url


def line(page):
    """Return the line with the answer."""
    return page.locator("#line")


def agree(said: str, expected: str, most: float = POINTS) -> bool:
    """Return whether two lines name the same classes with nearly the same probabilities."""
    pairs = [re.findall(r"(.+?) ([\d.]+)%(?:, |$)", text) for text in (said, expected)]
    if not all(pairs):
        return said == expected
    first, second = pairs
    return len(first) == len(second) and all(
        one[0] == other[0] and abs(float(one[1]) - float(other[1])) <= most
        for one, other in zip(first, second, strict=True)
    )


@only("image")
def test_pictures_are_answered_as_by_predict_and_drawings_are_read(page, folder, tmp_path):
    from PIL import Image

    expect(line(page)).to_have_text("Draw, or choose a picture.")
    expect(page.get_by_role("heading").first).to_have_text("My Torch Project")
    box = page.locator("canvas").bounding_box()
    for number, stroke in ((2, TWO), (1, ONE)):
        left, top = box["x"] + 0.15 * box["width"], box["y"] + 0.15 * box["height"]
        side = 0.7 * box["width"]
        places = [(left + side * x, top + side * y) for x, y in stroke]
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place, steps=5)
        page.mouse.up()
        expect(line(page)).to_have_text(re.compile(f"^{number} "))
        if number == 2:
            page.get_by_role("button", name="Clear").click()
            expect(line(page)).to_have_text("Draw, or choose a picture.")

    examples = sorted(folder.glob("runs/*/examples/*"))
    wide = tmp_path / "wide.png"
    with Image.open(examples[0]) as picture:
        picture.convert("RGBA").resize((300, 200), Image.Resampling.BICUBIC).save(wide)
    for path in [*examples, wide]:
        (expected,) = predict(folder, path)
        page.locator("input[type=file]").set_input_files(path)
        expect(line(page)).to_have_text(re.compile(re.escape(expected.split(" ")[0]) + " "))
        assert agree(line(page).inner_text(), expected), (path, expected)
    with Image.open(wide) as picture:
        picture.convert("RGB").save(tmp_path / "wide.jpg", quality=95)
    (expected,) = predict(folder, tmp_path / "wide.jpg")
    page.locator("input[type=file]").set_input_files(tmp_path / "wide.jpg")
    page.wait_for_timeout(500)
    most_likely = expected.split(", ")[0]
    assert agree(line(page).inner_text().split(", ")[0], most_likely, OF_JPEG), expected

    (tmp_path / "broken.png").write_bytes(b"no picture")
    page.locator("input[type=file]").set_input_files(tmp_path / "broken.png")
    expect(line(page)).to_have_text(re.compile("^This is no picture that the browser can read"))
    button = page.locator(".examples button").first
    button.click()
    expect(line(page)).to_have_text(re.compile("%, "))


@only("text")
def test_texts_are_answered_as_by_predict_while_they_are_typed(page, folder):
    field = page.get_by_label("Text")
    expect(line(page)).to_have_text("Type a text.")
    for text in (
        "Dove",
        "오늘 저녁에 뭐 먹을까요?",
        "e\u0301t\u00e9\u3000 l\u00e0  \u2028x",
        "한" * 3000,
    ):
        field.fill("")
        expect(line(page)).to_have_text("Type a text.")
        field.fill(text)
        (expected,) = predict(folder, text)
        expect(line(page)).to_have_text(re.compile("%, "))
        assert agree(line(page).inner_text(), expected), (text, expected)
    before = line(page).inner_text()
    page.locator(".examples button").first.click()
    expect(line(page)).not_to_have_text(before)


@only("tabular")
def test_rows_are_answered_as_by_predict_and_sliders_change_it(page, folder):
    lines = predict(folder, *folder.glob("runs/*/examples/rows.csv"))
    buttons = page.locator(".examples button").all()
    assert len(buttons) == len(lines) > 0
    seen = set()
    for key, answer in (("Home", "benign"), ("End", "malignant")):
        for slider in page.get_by_label("worst_").all():
            slider.focus()
            slider.press(key)
        expect(line(page)).to_have_text(re.compile(f"^{answer} "))
        seen.add(line(page).inner_text())
    assert len(seen) == 2

    names = page.locator("label > span").all_inner_texts()
    values = page.locator("label > b").all_inner_texts()
    assert len(names) == len(values) == 30
    with (folder / "web.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([names, values])
    (expected,) = predict(folder, "web.csv")
    assert agree(line(page).inner_text(), expected), expected


@only("language")
def test_it_writes_on_as_predict_does(page, folder):
    written = page.locator("#written")
    expect(line(page)).to_have_text("Type how a text begins, then press Write.")
    button = page.get_by_role("button", name="Write", exact=True)
    field = page.get_by_label("Text")
    page.get_by_label("Temperature").fill("0")
    page.get_by_label("Characters").fill("200")
    for begun in ("What is", "감자 e\u0301 "):
        field.fill(begun)
        button.click()
        options = ["--temperature", "0", "--tokens", "200", "--device", "cpu"]
        expected = run("predict.py", *options, begun, folder=folder).removesuffix("\n")
        expect(line(page)).to_have_text("Done.")
        assert written.evaluate("one => one.textContent") == expected

    page.get_by_label("Temperature").fill("0.8")
    texts = []
    for seed in ("1", "1", "2"):
        page.get_by_label("Seed").fill(seed)
        button.click()
        expect(line(page)).to_have_text("Done.")
        texts.append(written.evaluate("one => one.textContent"))
    assert texts[0] == texts[1] != texts[2]
    page.get_by_label("Characters").fill("-3")
    button.click()
    expect(line(page)).to_have_text("A number is missing, or not within its limits.")


def test_no_file_of_it_names_another_host(written):
    found = set()
    for name in ("index.html", "page.js", "inputs.js", "page.css"):
        text = (written / name).read_text(encoding="utf-8")
        found |= {urlparse(url).netloc for url in re.findall(r"https?://[^\s\"')]+", text)}
    assert found == set()
