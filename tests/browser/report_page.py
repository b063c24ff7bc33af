"""The report of a run in a real browser, on screens of three widths and on paper.

nox -s tools makes the run and its report before:
PROJECT=path python -m pytest --confcutdir tests/browser tests/browser/report_page.py
"""

import re

import pytest
from playwright.sync_api import sync_playwright
from shared import CHANGED, PROJECT, TASK, launch

from tools.texts import REPORT as WORDS
from tools.texts import WHY

REPORT = PROJECT / "runs" / "shown" / "report.html"
SCHEMES = ("light", "dark")
ENOUGH = 4.5  # w3.org/TR/WCAG22/#contrast-minimum
# For each piece of text what it says, its colour and the one behind it, as lists of numbers.
TEXTS_AND_COLORS = """() => {
    const numbers = (color) => color.match(/[0-9.]+/g).map(Number);
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const text = walker.currentNode;
        if (!text.data.trim()) continue;
        // What is behind it is as it looks: a colour that lets another one through is laid on it.
        const layers = [];
        let behind = text.parentElement;
        do {
            layers.push(numbers(getComputedStyle(behind).backgroundColor));
            behind = behind.parentElement;
        } while ((layers.at(-1)[3] ?? 1) < 1);
        let seen = layers.pop();
        while (layers.length) {
            const [red, green, blue, share] = layers.pop();
            const over = [red, green, blue];
            seen = over.map((value, place) => share * value + (1 - share) * seen[place]);
        }
        found.push([text.data.trim(), numbers(getComputedStyle(text.parentElement).color), seen]);
    }
    return found;
}"""


@pytest.fixture(scope="module")
def browser():
    """Start the browser once."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def open_report(browser):
    """Open the report; at the end, see that it asked for nothing beside itself."""
    asked, pages = [], []

    def open_page(width=1400, height=800, scheme="light"):
        page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
        page.on("request", lambda request: asked.append(request.url))
        page.goto(REPORT.as_uri())
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert {url for url in asked if not url.startswith("data:")} == {REPORT.as_uri()}


def contrast(color, behind):
    """Return how much two colours differ, from 1 to 21 (w3.org/TR/WCAG22/#dfn-contrast-ratio)."""
    darker, lighter = sorted([luminance(color), luminance(behind)])
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color):
    """Return how bright a colour of red, green and blue is, from 0 to 1."""
    linear = []
    for value in color[:3]:
        share = value / 255
        linear.append(share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4)
    red, green, blue = linear
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("width", [400, 800, 1400])
def test_nothing_is_wider_than_the_screen(open_report, width):
    page = open_report(width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for box in [part.bounding_box() for part in page.locator("section").all()]:
        assert box["x"] + box["width"] <= width


@pytest.mark.parametrize("width", [400, 1400])
def test_the_score_and_its_interval_are_seen_without_scrolling(open_report, width):
    page = open_report(width=width, height=600)
    for part in (".learned", ".score strong", ".doubt"):
        box = page.locator(part).bounding_box()
        assert box["y"] + box["height"] < 600, f"{part} is too far down"
    size_of = "parts => parts.map(part => parseFloat(getComputedStyle(part).fontSize))"
    sizes = page.locator("body *").evaluate_all(size_of)
    (score,) = page.locator(".score strong").evaluate_all(size_of)
    assert sizes.count(score) == 1
    assert score == max(sizes)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_all_text_can_be_told_from_what_is_behind_it(open_report, scheme):
    page = open_report(scheme=scheme)
    page.locator("details").evaluate("part => part.open = true")
    # The colours of all verdicts, whichever this run has.
    page.locator("header").evaluate("""part => part.insertAdjacentHTML("beforeend",
        "<ul class=verdicts><li class=better>b<li class=worse>w<li class=unclear>u</ul>")""")
    found = page.evaluate(TEXTS_AND_COLORS)
    assert len(found) > 50
    for text, color, behind in found:
        ratio = contrast(color, behind)
        assert ratio >= ENOUGH, f"{text!r} has a contrast of {ratio:.1f} in the {scheme} colours"
    is_dark = luminance(found[0][2]) < 0.1
    assert is_dark == (scheme == "dark")


@pytest.mark.skipif(TASK == "language", reason="there is no single answer to explain")
@pytest.mark.parametrize("width", [400, 1400])
def test_beside_the_worst_mistakes_stands_why(open_report, width):
    page = open_report(width=width)
    mistakes = page.locator("section", has=page.get_by_role("heading", name=WORDS["mistakes"]))
    if TASK == "image":
        heat = mistakes.locator(".heat img")
        assert heat.evaluate("picture => picture.naturalWidth") > 100
        assert heat.bounding_box()["width"] <= width
        return
    listed = mistakes.locator(".listed", has=page.get_by_role("heading", name=WORDS["worst"]))
    assert listed.locator("li").count() == listed.locator("li .why").count() > 0
    if TASK == "tabular":
        assert all(re.search(CHANGED, text) for text in listed.locator(".why").all_inner_texts())
        assert page.get_by_role("heading", name=WHY["columns"]).is_visible()
        return
    shaded = listed.locator("mark")
    assert shaded.count() > 0
    alphas = (
        "parts => parts.map(part => getComputedStyle(part).backgroundColor.match(/[0-9.]+/g)[3])"
    )
    assert max(map(float, shaded.evaluate_all(alphas))) == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_it_is_printed_dark_on_white_on_two_pages_of_a4(open_report, scheme):
    page = open_report(scheme=scheme)
    pdf = page.pdf(prefer_css_page_size=True)
    sheets = len(re.findall(rb"/Type\s*/Page\b", pdf))
    assert sheets in (1, 2)
    a4 = [float(size) for size in re.findall(rb"/MediaBox\s*\[0 0 ([0-9.]+) ([0-9.]+)", pdf)[0]]
    assert a4 == pytest.approx([595, 842], abs=2)
    page.emulate_media(media="print", color_scheme=scheme)
    for text, color, behind in page.evaluate(TEXTS_AND_COLORS):
        assert luminance(behind) == 1, f"{text!r} is not on white"
        assert contrast(color, behind) >= ENOUGH
