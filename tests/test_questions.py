"""cookiecutter.json and copier.yml ask the same."""

import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml
from generators import ASKED, CHOICES, COOKIECUTTER, COPIER, ROOT, SKELETON, TEMPLATES

QUESTIONS = {
    name: value
    for name, value in COPIER.items()
    if not name.startswith("_") and value.get("when") is not False
}
COMPUTED = {
    name: value["default"] for name, value in COPIER.items() if not name.startswith("_")
} | dict.fromkeys(QUESTIONS)
# These say where a project that cookiecutter made comes from; copier knows it by itself.
FOR_COOKIECUTTER_ALONE = {"__prompts__", "__version", "__source"}


# A student answers them all before anything runs, and reads them on one screen of a terminal. One
# more doubles the projects that `nox -s variants` tries.
MOST = 7


def places_that_lack(question: str, root: Path) -> list[str]:
    """Return where a question is still missing: a sentence for each place."""
    texts = {
        name: (root / name).read_text(encoding="utf-8")
        for name in ("README.md", "README.ko.md", "docs/questions.md", "copier.yml")
    }
    ours = json.loads((root / "cookiecutter.json").read_text(encoding="utf-8"))
    theirs = yaml.safe_load(texts["copier.yml"])
    answers = ours.get(question)
    found = []
    if answers is None:
        found.append(f"cookiecutter.json does not ask for {question}: add it above __slug")
    if question not in ours["__prompts__"]:
        found.append(f"__prompts__ in cookiecutter.json has no words for {question}")
    elif isinstance(answers, list):
        for one in set(answers) - set(ours["__prompts__"][question]):
            found.append(f"__prompts__ in cookiecutter.json has no words for {question}={one}")
    if question not in theirs:
        found.append(f"copier.yml does not ask for {question}: add it above '# Below: not asked'")
    if f"{question}={question}" not in theirs["cookiecutter"]["default"]:
        found.append(
            f"cookiecutter in copier.yml lacks {question}={question}: no file could see it"
        )
    if question != "project_name" and question not in json.loads(theirs["choices"]["default"]):
        found.append(f"what refuses other answers knows no {question}: run python write_stubs.py")
    for name in ("README.md", "README.ko.md"):
        if f"\n| `{question}` |" not in texts[name]:
            found.append(f"the table of questions in {name} has no row for {question}")
    if f"\n## {question}\n" not in texts["docs/questions.md"]:
        found.append(f"docs/questions.md has no section about {question}")
    return found


@pytest.mark.parametrize("question", [*dict.fromkeys([*ASKED, *QUESTIONS])])
def test_a_question_is_in_every_place(question):
    missing = places_that_lack(question, ROOT)
    assert not missing, "\n".join(missing)


def test_both_ask_the_same_questions_in_the_same_order():
    assert len(ASKED) > 1
    assert list(ASKED) == list(QUESTIONS)


def test_there_are_few_questions():
    assert len(ASKED) <= MOST, (
        f"{len(ASKED)} questions are more than {MOST}, which a student can answer before anything "
        "runs: leave one out, or raise MOST in tests/test_questions.py and say why"
    )


def test_both_use_the_same_labels():
    prompts = COOKIECUTTER["__prompts__"]
    labels = {
        name: prompt["__prompt__"] if isinstance(prompt, dict) else prompt
        for name, prompt in prompts.items()
    }
    assert labels == {name: question["help"] for name, question in QUESTIONS.items()}


def test_both_offer_the_same_choices_with_the_same_labels_in_the_same_order():
    lists = {name: value for name, value in ASKED.items() if isinstance(value, list)}
    ours = {name: question["choices"] for name, question in QUESTIONS.items() if name in lists}
    prompts = COOKIECUTTER["__prompts__"]
    theirs = {
        name: {prompts[name][choice]: choice for choice in choices}
        for name, choices in lists.items()
    }
    assert len(theirs) >= 3
    assert [list(choices.items()) for choices in ours.values()] == [
        list(choices.items()) for choices in theirs.values()
    ]
    for name, choices in lists.items():
        assert set(prompts[name]) == {"__prompt__", *choices}
        assert all(label.startswith(f"{choice}: ") for label, choice in theirs[name].items())


def test_both_have_the_same_defaults():
    defaults = {
        name: value[0] if isinstance(value, list) else value for name, value in ASKED.items()
    }
    assert defaults == {name: question["default"] for name, question in QUESTIONS.items()}


def test_both_compute_the_rest_alike():
    computed = {
        name.removeprefix("__"): value
        for name, value in COOKIECUTTER.items()
        if name.startswith("__") and name not in FOR_COOKIECUTTER_ALONE | {"__answers_file"}
    } | {"reserved": COOKIECUTTER["_reserved"]}
    assert len(computed) > 1
    for name, value in computed.items():
        assert COMPUTED[name] == re.sub(r"cookiecutter\._*", "", value), name


def test_the_templates_see_the_same_variables():
    seen_by_copier = re.findall(r"(\w+)=", str(COMPUTED["cookiecutter"]))
    rendered = [name for name in COOKIECUTTER if not re.match("_[^_]", name)]
    assert seen_by_copier == [name for name in rendered if name not in FOR_COOKIECUTTER_ALONE]


def test_both_render_with_the_same_options():
    options = dict(COPIER["_envops"])
    assert options.pop("undefined") == "jinja2.StrictUndefined"  # as cookiecutter has it
    assert options.pop("keep_trailing_newline") is True  # as cookiecutter has it
    assert options == COOKIECUTTER["_jinja2_env_vars"]
    assert COOKIECUTTER["_new_lines"] == "\n"  # as copier has it


def test_no_one_has_to_trust_the_template():
    assert not {"_tasks", "_migrations", "_jinja_extensions"} & set(COPIER)
    assert "_extensions" not in COOKIECUTTER


def test_every_task_has_a_folder_and_every_folder_is_a_task():
    folders = [path.name for path in TEMPLATES.iterdir() if path.is_dir() and path.name[0] != "_"]
    assert sorted(CHOICES["task"]) == sorted(folders)


def test_no_project_is_called_like_something_it_installs():
    settings = tomllib.loads((SKELETON / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = settings["optional-dependencies"].values()
    requirements = [*settings["dependencies"], *(one for group in groups for one in group)]
    for path in TEMPLATES.glob("*/dependencies.toml"):
        requirements += re.findall('"(.+)"', path.read_text(encoding="utf-8"))
    names = {re.split(r"[^\w-]", requirement)[0] for requirement in requirements}
    assert {"torch", "pytest", "pillow", "pyyaml"} <= names
    assert names <= set(COOKIECUTTER["_reserved"].split())
