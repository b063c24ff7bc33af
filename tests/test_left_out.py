"""What the answers leave out is not in a project, and what its owner wrote there stays."""

import os

import pytest
from cookiecutter.main import cookiecutter
from generators import tree, with_cookiecutter, with_copier
from releases import FIRST, commit, make_releases, put_under_git, update

# They share what takes long to make, so one process runs them.
pytestmark = pytest.mark.xdist_group("left_out")

TOOLS = ["Dockerfile", "start.ipynb", "tools", "tests/tools"]
ANSWERS = {"task": "text", "lessons": "no", "tools": "no"}


def make_again(template, project, **answers):
    """Do what `cookiecutter --overwrite-if-exists` does."""
    cookiecutter(
        str(template),
        no_input=True,
        default_config=True,
        extra_context=answers,
        output_dir=str(project.parent),
        overwrite_if_exists=True,
    )


def test_a_project_is_made_again_with_the_same_answers(template, tmp_path):
    project = with_cookiecutter(template, tmp_path / "made", **ANSWERS)
    before = tree(project)
    (project / "model.py").write_text("", encoding="utf-8")
    make_again(template, project, **ANSWERS)
    assert tree(project) == before


@pytest.mark.parametrize("name", ["tools/mine.py", "Dockerfile", "engine/pictures.py"])
def test_what_the_owner_wrote_in_such_a_place_is_never_touched(name, template, tmp_path, capfd):
    project = with_cookiecutter(template, tmp_path / "made", **ANSWERS)
    (project / name).parent.mkdir(exist_ok=True)
    (project / name).write_text("mine", encoding="utf-8")
    before = tree(project)
    with pytest.raises(Exception, match="Hook script failed"):
        make_again(template, project, **ANSWERS)
    place = "tools" if name.startswith("tools/") else name
    said = capfd.readouterr().err
    assert said == f"{place}: your answers leave it out, but it is there: move it away first\n"
    assert tree(project) == before


@pytest.mark.skipif(os.name == "nt", reason="Windows asks who may make a link")
def test_a_link_that_leads_out_of_the_project_is_never_followed(template, tmp_path):
    project = with_cookiecutter(template, tmp_path / "made", **ANSWERS)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "mine.py").write_text("mine", encoding="utf-8")
    (project / "tools").symlink_to(outside, target_is_directory=True)
    with pytest.raises(Exception, match="Hook script failed"):
        make_again(template, project, **ANSWERS)
    assert [path.name for path in outside.iterdir()] == ["mine.py"]


@pytest.fixture(scope="module")
def releases(tmp_path_factory):
    return make_releases(tmp_path_factory.mktemp("releases") / "template", small=True)


def test_a_folder_can_be_left_out_later_and_come_back(releases, tmp_path):
    project = with_copier(releases, tmp_path / "made", FIRST)
    before = tree(project)
    put_under_git(project)
    update(project, vcs_ref=FIRST, data={"tools": "no"})
    assert [name for name in TOOLS if (project / name).exists()] == []
    expected = with_copier(releases, tmp_path / "without", FIRST, tools="no")
    assert tree(project) == tree(expected)
    commit(project, "without tools")
    update(project, vcs_ref=FIRST, data={"tools": "yes"})
    assert tree(project) == before
