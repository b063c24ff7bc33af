"""docs/versions.md shows what the sessions newest, oldest and pythons have noted, and all of it."""

import json
import re

import versions
from generators import CHOICES, ROOT

PAGE = (ROOT / "docs/versions.md").read_text(encoding="utf-8")
RESULTS = json.loads((ROOT / "docs/results/versions.json").read_text(encoding="utf-8"))
WHOLE = {name: one for name, one in RESULTS.items() if "projects" in one}


def test_the_tables_are_those_of_the_results():
    assert versions.page() == PAGE, "run python docs/versions.py page"


def test_both_ends_were_tried_with_every_task_and_ended_well():
    assert {name.split()[0] for name in WHOLE} == {"newest", "oldest"}
    for name, one in WHOLE.items():
        assert {"image", "tabular", "text"} <= {*one["projects"]} <= {*CHOICES["task"]}, name
        for how in one["projects"].values():
            assert how["commands"] > 10, name
            assert how["tests"]["passed"] > 100, name
            assert how["failed"] == [], name
            assert not how["tests"].keys() & {"failed", "error", "errors"}, name


def test_a_result_names_its_day_its_commit_and_the_versions():
    tried = [how for one in WHOLE.values() for how in one["projects"].values()]
    for one in [*tried, RESULTS["pythons"], RESULTS["resolved"]]:
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", one["when"])
        assert re.fullmatch(r"[0-9a-f]{7,}", one["commit"])  # no plus: nothing was changed
    for one in WHOLE.values():
        assert {"torch", "numpy", "gradio", "timm", "transformers"} <= one["packages"].keys()


def test_every_python_of_a_project_was_tried_or_is_named_as_missing():
    found = RESULTS["pythons"]
    assert sorted([*found["tried"], *found["missing"]]) == versions.PYTHONS
    assert len(found["tried"]) > 2
    assert found["same"] is True
    for one in found["tried"].values():
        assert one["failed"] == []
        assert one["tests"]["passed"] > 100
    for version in found["missing"]:
        assert f"**Python {version}**" in PAGE.split("## What was not run")[1]


def test_uv_finds_a_pytorch_for_every_python_and_every_system():
    found = RESULTS["resolved"]["torch"]
    assert list(found) == versions.PYTHONS
    for systems in found.values():
        assert systems.keys() == versions.SYSTEMS.keys()
        for one in systems.values():
            assert [int(part) for part in one.split(".")[:2]] >= [2, 10]


def test_what_is_tried_is_every_task_and_every_python():
    assert sorted(versions.TASKS) == sorted(CHOICES["task"])
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    row = f"| Python, for a project | {versions.PYTHONS[0]} | {versions.PYTHONS[-1]} |"
    assert row in contributing
