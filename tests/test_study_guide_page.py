"""docs/study-guide.md: what the nine sections say is taught and exercised where the page says."""

import re

import pytest
from generators import ROOT, TEMPLATES

PAGE = (ROOT / "docs" / "study-guide.md").read_text(encoding="utf-8")
LESSONS = TEMPLATES / "_en" / "lessons"
# The sections of the club's "PyTorch Study Guide for Beginners".
SECTIONS = [
    "What PyTorch is",
    "Tensors",
    "Autograd",
    "Neural networks",
    "Optimizers",
    "Data loading",
    "GPU",
    "Saving and loading",
    "From a classifier to distributed training",
]
ROW = r"(?m)^\| ([^|]*) \| ([^|]+) \| \[\d+\]\(lessons/(\w+)\.md\): ([^|]+) \| ([^|]+) \|$"
ROWS = re.findall(ROW, PAGE)


def words(cell: str) -> list[str]:
    """Return what stands between backticks."""
    return re.findall("`([^`]+)`", cell)


def exercises(lesson: str) -> list[str]:
    """Return the names of the exercises of a lesson."""
    text = (LESSONS / "exercises" / f"{lesson}.py").read_text(encoding="utf-8")
    return re.findall(r"(?m)^(?:def|class) (\w+)", text)


def test_all_sections_are_there_in_their_order():
    assert [section for section, *_ in ROWS if section.strip()] == SECTIONS


@pytest.mark.parametrize(("section", "what", "lesson", "taught", "exercised"), ROWS)
def test_what_a_row_names_is_in_the_lesson_and_its_exercises(
    section, what, lesson, taught, exercised
):
    text = (LESSONS / f"{lesson}.py").read_text(encoding="utf-8")
    assert words(taught)
    assert [word for word in words(taught) if word not in text] == []
    everywhere = [name for path in LESSONS.glob("[0-9]*.py") for name in exercises(path.stem)]
    assert words(exercised)
    assert [name for name in words(exercised) if name not in everywhere] == []


def test_every_exercise_of_the_first_ten_lessons_belongs_to_a_row():
    named = {name for *_, cell in ROWS for name in words(cell)}
    lessons = [path.stem for path in sorted(LESSONS.glob("[0-9]*.py"))][:10]
    assert [name for lesson in lessons for name in exercises(lesson) if name not in named] == []


def test_every_lesson_is_named():
    for path in LESSONS.glob("[0-9]*.py"):
        assert f"](lessons/{path.stem}.md)" in PAGE
