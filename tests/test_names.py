"""Any name of a project is either refused, with one line, or gives a valid project."""

import re
import tomllib

import copier.errors
import pytest
import yaml
from generators import read_answers, tree, with_cookiecutter, with_copier
from markdown_it import MarkdownIt

RULE = "write 1 to 80 printable characters, no space at either end, and none of {{ {% {#"

USABLE = [
    "파이토치 실험",
    "torch",
    "../evil",
    "/etc/passwd",
    "C:\\Users\\evil",
    "CON",
    "nul.txt",
    "numpy",
    "class",
    "test",
    "1.5 Net",
    "1.50",
    "0x10",
    "yes",
    "null",
    "~",
    "[1, 2]",
    "{a: 1}",
    "- item",
    "a: b",
    "a #b",
    "# C#",
    "C #",
    "!tag &anchor *alias",
    "2026-01-01",
    'Kim\'s "net"',
    '"""',
    "'''",
    "it''s",
    "\\",
    "back\\slash\\",
    "\\n \\x41 \\u0041",
    "}} %} #}",
    "{ {",
    "{",
    "${x} %s %(x)s {0}",
    "$x^2$",
    "$(touch evil) `touch evil`",
    "&& rm -rf ; | > x",
    "<b>bold</b> & <script>",
    "&amp; &lt;",
    "*a* _b_ `c` ~~d~~ [e](f) ![g](h)",
    "two  spaces",
    "🔥 fire",
    "김철수 🇰🇷 Ünïcödé",
    "e\u0301 (combining)",
    "\U0001d54f",
    "...",
    "-",
    "--help",
    "@file",
    "x" * 80,
    "가" * 80,
    "\u0130" * 80,
]
REFUSED = [
    "",
    " ",
    " in front",
    "behind ",
    "x" * 81,
    "x" * 1000,
    "two\nlines",
    "ends\n",
    "return\r",
    "tab\there",
    "null\0byte",
    "bell\a",
    "escape\x1b[31m",
    "delete\x7f",
    "next line\x85",
    "line\u2028separator",
    "right\u202eto left",
    "zero\u200bwidth",
    "no\u00a0break",
    "\ufeffmark",
    "private\ue000",
    "lone\ud800",
    "halves\ud83d\udd25",
    "{{ 7 * 7 }}",
    "{{",
    "{% raw %}",
    "{%",
    "{# comment #}",
]


def assert_valid(project, name):
    """Check whatever holds the name of a project: it can be read, and says the name."""
    assert re.fullmatch("[a-z][a-z0-9]*(-[a-z0-9]+)*", project.name)
    assert read_answers(project)["project_name"] == name
    settings = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings["project"]["name"] == project.name
    assert settings["project"]["description"] == name
    licence = project / "LICENSE"
    if read_answers(project)["license"] != "none":
        assert f"The {name} authors" in licence.read_text(encoding="utf-8")
    for path in project.rglob("*.py"):
        compile(path.read_text(encoding="utf-8"), path, "exec")
    for path in [*project.rglob("*.yml"), *project.rglob("*.yaml")]:
        yaml.safe_load(path.read_text(encoding="utf-8"))
    readme = MarkdownIt("commonmark").enable("strikethrough")
    tokens = readme.parse((project / "README.md").read_text(encoding="utf-8"))
    assert [token.type for token in tokens[:2]] == ["heading_open", "inline"]
    assert {token.type for token in tokens[1].children or []} == {"text"}
    assert "".join(token.content for token in tokens[1].children or []) == name


@pytest.mark.parametrize("name", USABLE)
def test_a_usable_name_gives_a_valid_project(name, reached, tmp_path):
    project = with_cookiecutter(reached, tmp_path / "a", project_name=name)
    other = with_copier(reached, tmp_path / "b", project_name=name)
    assert tree(project) == tree(other)
    assert read_answers(project) == read_answers(other)
    assert project.parent == tmp_path / "a"
    assert_valid(project, name)


@pytest.mark.parametrize("name", REFUSED, ids=ascii)
def test_a_name_that_cannot_be_used_is_refused_and_leaves_nothing(name, reached, tmp_path, capfd):
    with pytest.raises(Exception, match="Hook script failed"):
        with_cookiecutter(reached, tmp_path / "a", project_name=name)
    assert capfd.readouterr().err == f"project_name: {RULE}\n"
    assert list((tmp_path / "a").iterdir()) == []

    with pytest.raises(copier.errors.UserMessageError) as refusal:  # one line, no traceback
        with_copier(reached, tmp_path / "b", project_name=name)
    assert str(refusal.value).endswith(f"'project_name: {RULE}'")
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize(
    ("name", "folder"),
    {
        "My Torch Project": "my-torch-project",
        "파이토치 실험": "my-project",
        "토치 Lab 2": "lab-2",
        "../evil": "evil",
        "1.5 Net": "my-1-5-net",
        "torch": "my-torch",
        "Scikit Learn": "my-scikit-learn",
        "nvidia_cublas": "my-nvidia-cublas",
        "class": "my-class",
        "json": "my-json",
        "Test": "my-test",
        "CON": "my-con",
        "lpt1": "my-lpt1",
        "Digits": "digits",
    }.items(),
)
def test_the_folder_is_named_after_the_project(name, folder, reached, tmp_path):
    assert with_cookiecutter(reached, tmp_path / "a", project_name=name).name == folder
