"""Answers that come from files and from the command line, and tools that are too old.

`nox -s generators` tries the tools themselves; here is what the installed ones can show.
"""

import json
import os
import subprocess
import sys

import copier.errors
import pytest
import yaml
from generators import ASKED, CHOICES, COOKIECUTTER, ROOT, read_answers, with_copier

HOOK = ROOT / "hooks" / "pre_gen_project.py"
QUESTIONS = ", ".join(ASKED)
YAML_HINT = "(YAML reads yes, no, on and off as {}: put the word into quotes)"
FIRST_CHOICES = {name: choices[0] for name, choices in CHOICES.items()}


@pytest.fixture
def run(template, tmp_path):
    """Return a function that calls the command cookiecutter, with a file of defaults or without."""

    def call(*words, defaults=None):
        settings = tmp_path / "defaults.yml"
        folders = {key: str(tmp_path / key) for key in ("replay_dir", "cookiecutters_dir")}
        settings.write_text(yaml.safe_dump(folders) + (defaults or ""), encoding="utf-8")
        words = [*words, "--config-file", str(settings)]
        command = [sys.executable, "-m", "cookiecutter"]
        (tmp_path / "made").mkdir(exist_ok=True)
        return subprocess.run(
            [*command, "--no-input", "-o", str(tmp_path / "made"), str(template), *words],
            cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=60,
            env={**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONWARNINGS": "ignore"},
        )  # fmt: skip

    return call


def made(tmp_path):
    """Return the answers of the one project that was made, or nothing."""
    projects = list((tmp_path / "made").iterdir())
    assert len(projects) < 2
    return read_answers(projects[0]) if projects else {}


def test_yes_and_no_of_yaml_are_answers_to_both(run, template, tmp_path):
    text = "lessons: no\ntools: off\ntask: text\n"
    indented = text.replace("\n", "\n  ").rstrip()
    assert run(defaults=f"default_context:\n  {indented}\n").returncode == 0
    answers = made(tmp_path)
    assert (answers["lessons"], answers["tools"], answers["task"]) == ("no", "no", "text")
    project = with_copier(template, tmp_path / "copier", **yaml.safe_load(text))
    assert read_answers(project) == answers


@pytest.mark.skipif(os.name == "nt", reason="Windows does not tell what was typed")
@pytest.mark.parametrize(
    ("words", "defaults", "said"),
    [
        (["taks=text"], "", f"taks=text: there is no such question, but {QUESTIONS}"),
        (["__x=1"], "", f"__x=1: there is no such question, but {QUESTIONS}"),
        ([], "license: BSD-3-Clause", "license: BSD-3-Clause is none of MIT, Apache-2.0,"),
        (["license=MIT"], "license: BSD\n  task: text", "license: BSD is none of MIT, Apache-2.0,"),
        ([], "language: no", f"language: False is none of en, ko {YAML_HINT.format(False)}, but"),
        ([], "project_name: [a, b]", "project_name: ['a', 'b'] is no text, but"),
        ([], "project_name: null", "project_name: None is no text, but"),
        ([], "project_name: on", f"project_name: True is no text {YAML_HINT.format(True)}, but"),
    ],
)  # fmt: skip
def test_what_cookiecutter_would_ignore_is_refused(words, defaults, said, run, tmp_path):
    result = run(*words, defaults=f"default_context:\n  {defaults}\n" if defaults else "")
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith(said)
    assert made(tmp_path) == {}
    if said.endswith(("but", "2.0,")):
        assert f"stands in {tmp_path / 'defaults.yml'}: change it there" in result.stderr


@pytest.mark.parametrize(
    "defaults", ["project_name: 2026", "license: none", "tools: 'off'\n  task: [text]\n  mine: 1"]
)
def test_what_fits_is_taken(defaults, run, tmp_path):
    assert run(defaults=f"default_context:\n  {defaults}\n").stderr == ""
    given = yaml.safe_load(defaults.replace("\n  ", "\n").replace("'off'", "'no'"))
    answers = made(tmp_path)
    for name in set(given) - {"mine"}:
        assert str(given[name]).strip("[']") == answers[name]


def test_a_default_that_does_not_fit_does_no_harm_where_all_is_typed(run, tmp_path):
    result = run(
        "license=MIT", "task=text", defaults="default_context:\n  task: text\n  license: B"
    )
    assert (result.returncode, made(tmp_path)["task"]) == (0, "text")


@pytest.mark.parametrize("version", ["1.7.3", "2.1.1", "2.5.0"])
def test_a_cookiecutter_that_is_too_old_is_refused_in_one_line(version, tmp_path):
    # The hook imports this one in place of the real one, as an old tool would have it.
    (tmp_path / "cookiecutter.py").write_text(f"__version__ = {version!r}\n", encoding="utf-8")
    answers = {**FIRST_CHOICES, "project_name": "x", "_left_out": {}, "_output_dir": str(tmp_path)}
    text = HOOK.read_text(encoding="utf-8").replace(
        "{{ cookiecutter | tojson }}", json.dumps(answers)
    )
    (tmp_path / "hook.py").write_text(text, encoding="utf-8")
    result = subprocess.run(
        [sys.executable, "hook.py"], cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=60
    )
    words = f"cookiecutter {version} is too old for this template, it needs 2.6 or newer: "
    assert result.returncode == 1
    assert result.stderr.startswith(words)
    assert len(result.stderr.splitlines()) == 1
    # An old tool renders this before it asks anything; ours takes it for a comment.
    in_the_question = COOKIECUTTER["project_name"].split("' ~ ")
    assert result.stderr.strip().split(version)[1] in in_the_question[-1]


@pytest.mark.parametrize("version", ["2.6.0", "2.7.1", "3.0", "10.0.0"])
def test_a_newer_cookiecutter_is_not_refused(version):
    text = HOOK.read_text(encoding="utf-8")
    start, end = text.index("def is_older"), text.index("def is_usable")
    names: dict = {}
    exec("import re\n" + text[start:end], names)
    assert not names["is_older"](version, "2.6")
    assert names["is_older"]("2.5.9", "2.6")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"task": "video"}, "task: video in --data is none of image, tabular, text"),
        ({"taks": "text"}, f"taks: there is no such question, but {QUESTIONS}"),
        ({"lessons": "maybe"}, "lessons: maybe in --data is none of yes, no"),
        ({"lessons": None}, "lessons: None in --data is none of yes, no"),
        ({"language": False}, f"language: False in --data is none of en, ko "
         f"{YAML_HINT.format(False)}"),
        ({"project_name": True}, f"project_name: True in --data is no text "
         f"{YAML_HINT.format(True)}"),
        ({"project_name": None}, "project_name: None in --data is no text"),
        ({"project_name": {"a": 1}}, "project_name: {'a': 1} in --data is no text"),
        ({"project_name": yaml.safe_load("2026-01-01")},
         "project_name: 2026-01-01 in --data is no text"),
        ({"accelerator": ["cpu"]}, "accelerator: ['cpu'] in --data is none of auto, cpu, cu126, "
         "cu130, cu132, rocm7.2"),
    ],
)  # fmt: skip
def test_copier_says_in_one_line_what_cannot_be(data, said, template, tmp_path):
    with pytest.raises(copier.errors.UserMessageError) as refusal:  # it prints these as they are
        with_copier(template, tmp_path / "made", **data)
    assert said in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("value", ["YES", 1])
def test_copier_takes_any_spelling_of_yes(value, template, tmp_path):
    copier.run_copy(
        str(template), tmp_path / "made", data={"lessons": value}, defaults=True, quiet=True,
        pretend=True,
    )  # fmt: skip


def test_the_page_of_old_tools_has_every_release_that_was_tried_and_how_it_ended():
    written = json.loads((ROOT / "docs/results/generators.json").read_text(encoding="utf-8"))
    results = written["releases"]
    page = (ROOT / "docs" / "generators.md").read_text(encoding="utf-8")
    assert len(results) > 9
    for name, found in results.items():
        version = name.split()[1]
        made = found["as it is"] == "made"
        (row,) = [one for one in page.splitlines() if "| is " in one and version in one]
        assert row.split("|")[3].split()[1] == ("made" if made else "refused")
        assert "left" not in str(found)
