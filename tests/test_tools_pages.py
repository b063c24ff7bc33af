"""Each tool is in every list that names the tools, and has its section in both languages."""

import ast
import re

import pytest
from generators import ROOT, SKELETON, TEMPLATES

MAIN = (SKELETON / "tools" / "__main__.py").read_text(encoding="utf-8")
(LISTED,) = [
    ast.literal_eval(node.value)
    for node in ast.parse(MAIN).body
    if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "ALL"
]


def test_the_list_has_every_command_that_is_there():
    commands = set()
    for path in (SKELETON / "tools").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        if re.search(r"(?m)^    run_command\(main\)$|parse_settings\(Sweep\)", text):
            commands.add(path.stem)
    assert len(commands) > 5
    assert set(LISTED) == commands - {"space_app"}  # which a Space runs as its app.py


@pytest.mark.parametrize("name", LISTED)
def test_a_tool_has_a_line_about_it(name):
    text = (SKELETON / "tools" / f"{name}.py").read_text(encoding="utf-8")
    line = (ast.get_docstring(ast.parse(text)) or "").partition("\n")[0]
    assert line.endswith(".")
    assert len(line.split()) > 4


@pytest.mark.parametrize("name", LISTED)
@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_tool_has_a_section_in_the_project(name, language):
    page = (TEMPLATES / f"_{language}" / "tools" / "README.md").read_text(encoding="utf-8")
    title = rf"(?m)^## tools\.{name}: \w"
    assert len(re.findall(title, page)) == 1
    assert f"python -m tools.{name}" in page


@pytest.mark.parametrize("name", LISTED)
@pytest.mark.parametrize("page", ["project.md", "questions.md"])
def test_a_tool_has_a_row_on_the_site(name, page):
    assert f"`python -m tools.{name}`" in (ROOT / "docs" / page).read_text(encoding="utf-8")
