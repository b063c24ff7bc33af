"""What the tests in a browser share: the browser, a project, and its commands."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, Playwright, expect, sync_playwright

from tools.texts import WHY

PROJECT = Path(os.environ["PROJECT"]).resolve()
ANSWERS = (PROJECT / ".copier-answers.yml").read_text(encoding="utf-8")
TASK = re.findall(r'^task: "?(\w+)', ANSWERS, re.M)[0]
# The others take seconds.
SHORT = {"text": ["--epochs", "4"], "language": ["--epochs", "1", "--layers", "2"]}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 60_000  # milliseconds: a busy machine, and a browser without a GPU


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
    """Run a script or a module of the project in a folder, and return what it prints."""
    program = [PROJECT / script] if script.endswith(".py") else ["-m", script]
    result = subprocess.run(
        [sys.executable, *program, *arguments],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def predict(folder: Path, *inputs: str | Path) -> list[str]:
    """Return what predict.py answers, without its names of the inputs."""
    lines = run("predict.py", "--device", "cpu", *inputs, folder=folder).splitlines()
    return [line.rpartition(": ")[2] for line in lines]


def launch(playwright: Playwright) -> Browser:
    """Start the browser."""
    root = getattr(os, "geteuid", lambda: 1)() == 0  # it has no sandbox
    options = ["--no-sandbox"] if root else []
    return playwright.chromium.launch(**BROWSER, args=options)


@contextmanager
def opened_page() -> Iterator[Page]:
    """Open a browser with an empty page, and see at the end that no script in it has failed."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        mistakes = []
        page.on("pageerror", lambda error: mistakes.append(error))
        yield page
        browser.close()
    assert mistakes == []


def pattern_of(text: str, **holes: str) -> str:
    """Return a regular expression for a text of tools/texts.py, with a named group in each hole.

    Args:
        text: In the language of the project.
        holes: An expression for each.
    """
    pattern = re.escape(text)
    for name, hole in holes.items():
        pattern = pattern.replace(re.escape(f"{{{name}}}"), f"(?P<{name}>{hole})")
    return pattern


NUMBER = r"-?[0-9]+(?:\.[0-9]+)?"
# "radius 14.2 instead of 17.9", and the sentence with another answer.
CHANGED = pattern_of(WHY["changed"], column=r"\w+?", new=NUMBER, old=NUMBER)
FLIPS = pattern_of(WHY["flips"], changed=".*", name=r"\w+?", chance="[0-9.]+%")


def only(task):
    """Mark a test as one of a task: the others are no tests at all in this project."""
    return lambda test: test if task == TASK else None


TWO = [(0.3, 0.2), (0.4, 0.05), (0.6, 0.05), (0.7, 0.2), (0.65, 0.4), (0.25, 1), (0.75, 1)]
ONE = [(0.5, 0), (0.5, 1)]
