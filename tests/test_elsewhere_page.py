"""What docs/howto/elsewhere.md says of the load that a service bears is what was measured."""

import json

import pytest
from generators import ROOT

PAGE = (ROOT / "docs" / "howto" / "elsewhere.md").read_text(encoding="utf-8")
RESULTS = ROOT / "benchmarks" / "results" / "serve.json"
TASKS = json.loads(RESULTS.read_text(encoding="utf-8"))["tasks"]


@pytest.mark.parametrize("task", ["image", "language", "tabular", "text"])
def test_the_row_of_a_task_is_that_of_the_results(task):
    found = TASKS[task]
    half = found["milliseconds, half wait less than"]
    nearly_all = found["milliseconds, 99 of 100 wait less than"]
    (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| `{task}`, ")]
    each = f"| {found['requests per second']:.0f} | {half:.0f} ms | {nearly_all:.0f} ms |"
    assert row.endswith(each)
