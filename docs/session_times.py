"""Run plain nox, and write how long its sessions take into CONTRIBUTING.md.

    python docs/session_times.py

Where nothing else runs: the figures are for people who wait. What was measured, with the slowest
tests by name, goes to docs/results/session_times.json.
"""

import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "docs" / "results" / "session_times.json"
PAGE = ROOT / "CONTRIBUTING.md"
BEGIN = "<!-- From docs/results/session_times.json, written by docs/session_times.py: -->\n"
END = "<!-- The end of what docs/session_times.py wrote. -->\n"
SLOWEST = re.compile(r"(?m)^([\d.]+)s (?:call|setup|teardown) +(\S+.*?)$")  # of pytest --durations


def measure() -> dict[str, Any]:
    """Run plain nox, which must succeed; return what it took."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        began = time.monotonic()
        command = [sys.executable, "-m", "nox", "--report", str(report)]
        said = ""
        with subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
        ) as nox:
            assert nox.stdout is not None
            for line in nox.stdout:
                print(line, end="", flush=True)
                said += line
        total = time.monotonic() - began
        if nox.returncode != 0:
            sys.exit("nox failed, so nothing was written")
        sessions = json.loads(report.read_text(encoding="utf-8"))["sessions"]
    slowest = sorted(((float(time), name) for time, name in SLOWEST.findall(said)), reverse=True)
    commit = ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]
    return {
        "date": date.today().isoformat(),
        "commit": subprocess.run(commit, capture_output=True, encoding="utf-8").stdout.strip(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "what": "seconds of plain nox, some sessions at once, the environments made anew",
        "total": round(total),
        "sessions": {one["signatures"][0]: round(one["duration"]) for one in sessions},
        "slowest tests": [f"{time:.1f} {name}" for time, name in slowest[:10]],
    }


def table(results: dict[str, Any]) -> str:
    """Return the lines of CONTRIBUTING.md."""
    lines = ["| session | minutes |", "|---|--:|"]
    for name, seconds in results["sessions"].items():
        lines.append(f"| `{name}` | {seconds / 60:.1f} |")
    lines.append(f"| all, some at once | {results['total'] / 60:.1f} |")
    made = f"On {results['cores']} cores, {results['date']}, at `{results['commit']}`:"
    return "\n".join([made, "", *lines]) + "\n"


def page(text: str, results: dict[str, Any]) -> str:
    """Return CONTRIBUTING.md with the table of these results."""
    before, found, rest = text.partition(BEGIN)
    assert found, f"the line is gone: {BEGIN}"
    _, found, after = rest.partition(END)
    assert found, f"the line is gone: {END}"
    return before + BEGIN + table(results) + END + after


def main() -> None:
    """Measure, and write both files."""
    results = measure()
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8", newline="\n")
    text = page(PAGE.read_text(encoding="utf-8"), results)
    PAGE.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
