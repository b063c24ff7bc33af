"""docs/lessons/: the lessons on the site and as notebooks are those of the projects."""

import re

import pytest
import write_lessons  # it lies in docs/
from generators import ROOT, TEMPLATES

PAIRS = [
    pytest.param(path, language, id=f"{language}-{path.stem}")
    for language in ("en", "ko")
    for path in sorted((TEMPLATES / f"_{language}" / "lessons").glob("[0-9]*.py"))
]
MADE_ANEW = "make it anew: docs/write_lessons.py"


@pytest.mark.parametrize(("lesson", "language"), PAIRS)
def test_a_notebook_is_its_lesson(lesson, language):
    notebook = write_lessons.FOLDERS[language] / f"{lesson.stem}.ipynb"
    made = write_lessons.notebook(lesson.read_text(encoding="utf-8"), language)
    assert notebook.read_text(encoding="utf-8") == made, MADE_ANEW


@pytest.mark.parametrize(("lesson", "language"), PAIRS)
def test_a_page_has_every_cell_of_its_lesson_and_its_pictures(lesson, language):
    page = write_lessons.FOLDERS[language] / f"{lesson.stem}.md"
    text = page.read_text(encoding="utf-8")
    position = 0
    for cell in write_lessons.cells(lesson.read_text(encoding="utf-8")):
        found = text.find(cell.source, position)
        assert found >= 0, f"{MADE_ANEW}\n{cell.source}"
        position = found + len(cell.source)
    assert f"/{lesson.stem}.ipynb)" in text  # the link to Colab
    drawn = re.findall(r'(?m)^ *show\(\w+, "(.+)"\)$', lesson.read_text(encoding="utf-8"))
    pictures = re.findall(r"!\[.+?\]\((.+?)\)", text)
    assert [name.rpartition("/")[2] for name in pictures] == drawn
    assert all((page.parent / name).is_file() for name in pictures)


def test_there_is_no_page_notebook_or_picture_of_a_lesson_that_is_gone():
    lessons = {path.stem for path in TEMPLATES.glob("_en/lessons/[0-9]*.py")}
    assert lessons
    numbers = {name.partition("_")[0] for name in lessons}
    for folder in write_lessons.FOLDERS.values():
        for path in folder.glob("[0-9]*"):
            if path.suffix == ".png":
                assert path.stem.partition("_")[0] in numbers, path
            else:
                assert path.stem in lessons, path


def test_the_site_leads_to_every_lesson():
    page = (ROOT / "docs" / "study-guide.md").read_text(encoding="utf-8")
    for path in TEMPLATES.glob("_en/lessons/[0-9]*.py"):
        assert f"lessons/{path.stem}\n" in page
        assert f"lessons/ko/{path.stem}\n" in page
