"""Of the results that are committed, each says which state of the template it measured."""

import json
import re
import subprocess
from typing import Any

import pytest
from generators import ROOT

FOLDERS = ("benchmarks/results", "docs/results")
RESULTS = sorted(path for folder in FOLDERS for path in (ROOT / folder).glob("*.json"))


def commits_of(result: Any) -> list[str]:
    """Return the commits that a result names: of the whole, or of each of its parts."""
    if isinstance(result, dict) and "commit" in result:
        return [result["commit"]]
    parts = result.values() if isinstance(result, dict) else result
    return [one for part in parts if isinstance(part, dict | list) for one in commits_of(part)]


def git(*words: str) -> str:
    """Return what git says of the template."""
    command = ["git", "-C", str(ROOT), *words]
    return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60).stdout.strip()


@pytest.mark.parametrize("path", RESULTS, ids=lambda path: path.stem)
def test_each_result_names_the_commits_that_it_measured(path):
    result = json.loads(path.read_text(encoding="utf-8"))
    commits = commits_of(result)
    assert commits, f"{path.name} names no commit"
    for commit in commits:
        assert re.fullmatch(r"[0-9a-f]{7,40}", commit), f"{path.name} names {commit!r}"


def test_the_commits_of_results_are_in_this_history():
    assert len(RESULTS) > 40
    if git("rev-parse", "--is-shallow-repository") != "false":
        pytest.skip("this clone has not the whole history")
    history = git("log", "--format=%H").split()
    for path in RESULTS:
        for commit in commits_of(json.loads(path.read_text(encoding="utf-8"))):
            found = any(one.startswith(commit) for one in history)
            assert found, f"{path.name} names {commit}, which is in no history"
