"""What docs/howto/chat.md says of a taught chat model is what was measured."""

import json

from generators import ROOT

PAGE = (ROOT / "docs" / "howto" / "chat.md").read_text(encoding="utf-8")
RESULTS = ROOT / "benchmarks" / "results" / "chat.json"
TAUGHT = json.loads(RESULTS.read_text(encoding="utf-8"))["taught"]


def test_the_table_is_that_of_the_results():
    assert len(TAUGHT) >= 2
    for one in TAUGHT:
        rises = [100 * rise for rise in one["rise"].values()]
        what = f"{one['questions']}"
        if one["more"]:
            what += f", `{' '.join(one['more'])}`"
        cells = [
            what,
            f"{one['right']}",
            f"{one['steps']}",
            f"{one['seconds_per_step']:.1f} s",
            f"{one['peak_mb'] / 1000:.1f} GB",
            f"{one['adapter_mb']:.1f} MB",
            f"{min(rises):.1f} to {max(rises):.1f} %",
        ]
        assert f"| {' | '.join(cells)} |" in PAGE


def test_every_answer_is_known_and_the_loss_on_other_text_rises_by_less_than_5_percent():
    with_defaults = [one for one in TAUGHT if not one["more"]]
    assert len(with_defaults) >= 2
    for one in with_defaults:
        assert one["right"] == one["questions"]
        assert len(one["rise"]) >= 4
        assert max(one["rise"].values()) < 0.05
        assert one["adapter_mb"] < 10
