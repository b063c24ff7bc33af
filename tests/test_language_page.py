"""What docs/howto/language.md says of speed is what was measured."""

import json
import re

import pytest
from generators import ROOT, TEMPLATES

PAGE = (ROOT / "docs" / "howto" / "language.md").read_text(encoding="utf-8")
RESULTS = ROOT / "benchmarks" / "results"
LANGUAGE = json.loads((RESULTS / "language.json").read_text(encoding="utf-8"))
WRITING = json.loads((RESULTS / "writing.json").read_text(encoding="utf-8"))


def default_context() -> int:
    """Return how many characters the first run looks back."""
    config = (TEMPLATES / "language" / "config.py").read_text(encoding="utf-8")
    return int(re.findall(r"    context: int = (\d+) ", config)[0])


@pytest.mark.parametrize("seconds", ["60", "180"])
def test_the_losses_beside_nanogpt_are_those_of_the_results(seconds):
    (pair,) = LANGUAGE["pairs"][seconds]
    theirs, ours = pair["nanoGPT"]["loss"], pair["ours"]["loss"]
    assert f"| {seconds} s | {theirs:.2f} | {ours:.2f} |" in PAGE
    assert ours <= theirs - 0.1


def test_how_much_faster_the_cache_writes_is_that_of_the_results():
    assert len(WRITING["context"]) >= 3
    for context, found in WRITING["context"].items():
        default = ", the default" if int(context) == default_context() else ""
        assert f"| {context}{default} | {found['times as fast']:.1f} |" in PAGE
    assert WRITING["context"][str(default_context())]["times as fast"] >= 5
