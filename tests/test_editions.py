"""The English and the Korean edition of what a project says: they differ in their prose alone."""

import ast
import json
import re

import pytest
from generators import CHOICES, HANGUL, MARKS, ROOT, TEMPLATES

ENGLISH, KOREAN = TEMPLATES / "_en", TEMPLATES / "_ko"
FILES = sorted(path.relative_to(ENGLISH) for path in ENGLISH.rglob("*") if path.is_file())
TRANSLATED = "https://tutorials.pytorch.kr/"  # PyTorch's tutorials in Korean
PAGES = [(ENGLISH / file, KOREAN / file) for file in FILES if file.suffix == ".md"]
PAGES += [(TEMPLATES / task / "about.md", TEMPLATES / task / "about.ko.md")
          for task in CHOICES["task"]]  # fmt: skip


def cells(text: str) -> list[tuple[str, str]]:
    """Return the cells of a lesson: their first line and what follows."""
    parts = re.split(r"^(# %%.*)\n", text, flags=re.M)
    assert not parts[0]
    return list(zip(parts[1::2], parts[2::2], strict=True))


def links(text: str) -> list[str]:
    """Return the addresses of all links and pictures."""
    return ["".join(one) for one in re.findall(r"\]\(([^)]+)\)|<(https?://[^>]+)>", text)]


def links_of_a_lesson(text: str) -> list[str]:
    """Return the addresses of all links. A tutorial in Korean counts as the one in English."""
    return [link.replace(TRANSLATED, "https://docs.pytorch.org/tutorials/") for link in links(text)]


def names(text: str) -> set[str]:
    """Return the code in a text: between backticks, and in blocks."""
    blocks = re.findall(r"^```.+?^```", text, flags=re.M | re.S)
    return {*blocks, *re.findall(r"`([^`]+)`", re.sub(r"^```.+?^```", "", text, flags=re.M | re.S))}


def code(text: str) -> str:
    """Return a file's code as a tree, without its docstrings."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        documented = isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        if documented and ast.get_docstring(node):
            node.body = node.body[1:]
    return ast.dump(tree)


def examples(text: str) -> list[str]:
    """Return the examples in all docstrings of a file."""
    return re.findall(r"^ +>>> .+(?:\n    (?!\"\"\").+)*", text, re.M)


def dicts(text: str) -> list[dict]:
    """Return the dicts that a file consists of."""
    return [ast.literal_eval(node.value) for node in ast.parse(text).body if hasattr(node, "value")
            and isinstance(node, ast.Assign)]  # fmt: skip


def python(pattern: str):
    """Go through pairs of texts: the Python files of that name in both editions."""
    files = [file for file in FILES if file.match(pattern)]
    assert files
    return pytest.mark.parametrize(
        ("here", "there"),
        [[(folder / file).read_text(encoding="utf-8") for folder in (ENGLISH, KOREAN)]
         for file in files],
        ids=map(str, files),
    )  # fmt: skip


def test_both_editions_have_the_same_files():
    for folder in ("lessons", "lessons/exercises", "lessons/hints"):
        here = [path.name for path in (ENGLISH / folder).glob("[0-9]*.py")]
        assert sorted(here) == sorted(path.name for path in (KOREAN / "lessons").glob("[0-9]*.py"))
    korean = [path.relative_to(KOREAN) for path in KOREAN.rglob("*") if path.is_file()]
    assert sorted(korean) == FILES


def test_each_edition_is_in_its_language():
    pairs = [*PAGES, *((ENGLISH / file, KOREAN / file) for file in FILES)]
    for here, there in pairs:
        example = re.compile("`[^`]*`|```.+?```", re.S)  # a Korean sentence to try
        assert HANGUL.search(example.sub("", there.read_text(encoding="utf-8"))), there
        assert not HANGUL.search(example.sub("", here.read_text(encoding="utf-8"))), here


@python("lessons/[0-9]*.py")
def test_the_lessons_have_the_same_code_sections_and_links(here, there):
    assert links_of_a_lesson(here) == links_of_a_lesson(there)
    for (kind, ours), (other_kind, theirs) in zip(cells(here), cells(there), strict=True):
        assert kind == other_kind
        if "[markdown]" in kind:
            assert names(ours) == names(theirs)
            assert re.findall(r"(?m)^# #+ ", ours) == re.findall(r"(?m)^# #+ ", theirs)
        else:
            assert ours == theirs


def test_the_korean_lessons_lead_to_tutorials_in_korean():
    texts = [path.read_text(encoding="utf-8") for path in KOREAN.glob("lessons/[0-9]*.py")]
    assert sum(TRANSLATED in text for text in texts) > len(texts) / 2


@python("exercises/[0-9]*.py")
def test_the_exercises_have_the_same_code_and_examples(here, there):
    assert code(here) == code(there)
    assert examples(here) == examples(there)


@python("texts.py")
def test_the_messages_name_the_same(here, there):
    for ours, theirs in zip(dicts(here), dicts(there), strict=True):
        assert list(ours) == list(theirs)
        for key, text in ours.items():
            assert names(text) == names(theirs[key]), key
            fields = r"\{(\w+)\}"  # what the code puts in
            assert sorted(re.findall(fields, text)) == sorted(re.findall(fields, theirs[key])), key


def test_the_model_cards_have_the_same_places_and_lines_to_fill_in():
    pages = [folder / "tools" / "card.md" for folder in (ENGLISH, KOREAN)]
    here, there = (page.read_text(encoding="utf-8") for page in pages)
    places = re.findall(r"\$\w+", here)
    assert len(places) > 20
    assert sorted(re.findall(r"\$\w+", there)) == sorted(places)


@python("hints/[0-9]*.py")
def test_the_hints_name_the_same(here, there):
    for ours, theirs in zip(dicts(here), dicts(there), strict=True):
        assert list(ours) == list(theirs)
        for name, texts in ours.items():
            others = theirs[name]
            if isinstance(texts, dict):  # sentences by the names of cases
                assert list(texts) == list(others)
                texts, others = list(texts.values()), list(others.values())
            for text, other in zip(texts, others, strict=True):
                assert names(text) == names(other), name


def test_the_notebooks_have_the_same_code_and_links_and_were_never_run():
    pages = [folder / "start.ipynb" for folder in (ENGLISH, KOREAN)]
    here, there = (json.loads(page.read_text(encoding="utf-8")) for page in pages)
    for page, content in zip(pages, (here, there), strict=True):
        as_jupyter_saves_it = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
        assert page.read_text(encoding="utf-8") == as_jupyter_saves_it
        assert not [mark for mark in MARKS if mark in as_jupyter_saves_it]  # a stub includes it
    assert len(here["cells"]) > 10
    for cell, other in zip(here.pop("cells"), there.pop("cells"), strict=True):
        ours, theirs = ("".join(one.pop("source")) for one in (cell, other))
        assert cell == other
        if cell["cell_type"] == "code":
            assert ours == theirs
            assert (cell["outputs"], cell["execution_count"]) == ([], None)
        else:
            assert names(ours) == names(theirs)
            assert links(ours) == links(theirs)
            assert re.findall("^#+ ", ours) == re.findall("^#+ ", theirs)
    assert here == there


@pytest.mark.parametrize("pair", PAGES, ids=lambda pair: f"{pair[0].parent.name}/{pair[0].name}")
def test_the_pages_have_the_same_commands_links_tables_and_conditions(pair):
    here, there = (path.read_text(encoding="utf-8").replace(".ko.md", ".md") for path in pair)
    assert len(links(here)) > 1
    # A page may lead to a tutorial in Korean in place of the English one, or beside it.
    ours = links_of_a_lesson(here)
    theirs = [one for one in links(there) if not one.startswith(TRANSLATED)]
    translated = [one for one in links(there) if one.startswith(TRANSLATED)]
    for address in links_of_a_lesson("".join(f"]({one})" for one in translated)):
        if address in ours and address not in theirs:
            theirs.append(address)
    assert sorted(ours) == sorted(theirs)
    assert names(here) == names(there)
    for pattern in (
        r"(?m)^#+ ",
        r"(?ms)^```.+?^```",
        r"\{[{%].+?[%}]\}",
        r"(?m)^\|(?: `[^|`]+` \||-+\|)*",  # each row, and its first cell where that is code
        r"(?m)^- ",
        r"\d\.\d+",  # figures
    ):
        assert re.findall(pattern, here) == re.findall(pattern, there), pattern
    rows = [[row.count("|") for row in re.findall(r"(?m)^\|.+", text)] for text in (here, there)]
    assert rows[0] == rows[1]


def test_the_recorded_session_goes_from_the_first_exercise_to_the_last():
    session = (ROOT / "docs" / "learn.txt").read_text(encoding="utf-8")
    files = [file for file in FILES if file.match("exercises/[0-9]*.py")]
    texts = [(ENGLISH / file).read_text(encoding="utf-8") for file in files]
    exercises = [name for text in texts for name in re.findall(r"(?m)^(?:def|class) (\w+)", text)]
    asked = re.findall(r"(?m)^\$ python -m lessons (\w+)$", session)
    assert asked == [name for name in exercises for _ in range(2)]  # a wrong answer, a right one
    wrong = re.findall(r"(?m)^Not solved yet: (\w+), ", session)
    assert wrong == exercises
    assert f"\n[{'#' * 40}] {len(exercises)}/{len(exercises)}\n" in session
