"""How long nox takes: CONTRIBUTING.md says what was measured, of each session of plain nox."""

import json
import re
import sys

from generators import ROOT

sys.path.insert(0, str(ROOT / "docs"))

import session_times

RESULTS = json.loads(session_times.RESULTS.read_text(encoding="utf-8"))
NOXFILE = (ROOT / "noxfile.py").read_text(encoding="utf-8")


def test_the_page_has_the_table_of_what_was_measured():
    text = session_times.PAGE.read_text(encoding="utf-8")
    assert session_times.page(text, RESULTS) == text, "python docs/session_times.py writes it"


def test_each_session_of_plain_nox_was_measured():
    plain = re.findall(r"@nox\.session(?:\((?!default=False)[^)]*\))?\n(.*\n)?def (\w+)\(", NOXFILE)
    names = [name for _, name in plain]
    assert len(names) >= 8
    variants = [path.name for path in sorted((ROOT / "templates").glob("[a-z]*/"))]
    for decorator, name in plain:
        expected = [f"{name}({variant})" for variant in variants] if decorator else [name]
        missing = [one for one in expected if one not in RESULTS["sessions"]]
        assert not missing, f"{missing} lack a time: python docs/session_times.py"


def test_the_slowest_ten_tests_are_named():
    assert len(RESULTS["slowest tests"]) == 10
    assert all("::" in line for line in RESULTS["slowest tests"])
