"""A generated project, for every two choices of any two questions."""

import ast
import json
import re
import subprocess
import sys
import tomllib

import pytest
import yaml
from generators import (
    ANSWERS_FILE,
    CHOICES,
    HANGUL,
    MARKS,
    SKELETON,
    git,
    left_out,
    read_answers,
    tree,
    with_cookiecutter,
)
from packaging.markers import Marker
from packaging.requirements import Requirement

STUDENTS = {"config", "data", "model", "train", "eval", "predict"}


def test_both_generators_write_the_same_bytes(projects):
    by_cookiecutter, by_copier = map(tree, projects)
    assert len(by_cookiecutter) > 10
    assert sorted(by_cookiecutter) == sorted(by_copier)
    assert [name for name, text in by_cookiecutter.items() if text != by_copier[name]] == []


def test_both_generators_record_the_same_answers(projects, answers):
    by_cookiecutter, by_copier = map(read_answers, projects)
    assert by_cookiecutter == by_copier == {"project_name": "My Torch Project", **answers}


def test_nothing_is_left_unrendered(project):
    for path, content in tree(project).items():
        assert not [mark for mark in MARKS if mark in path]
        if b"\0" in content:
            continue  # not a text
        text = content.decode("utf-8").replace("${{", "")  # GitHub's own marks
        assert not [mark for mark in MARKS if mark in text], path


def test_every_text_ends_with_one_newline_and_no_line_with_a_space(project):
    texts = {path: text for path, text in tree(project).items() if text and b"\0" not in text}
    assert len(texts) > 10
    for path, text in texts.items():
        assert text.endswith(b"\n"), path
        assert not text.endswith(b"\n\n"), path
        assert not re.search(rb"[ \t\r]\n", text), path


def test_every_file_can_be_read_as_what_it_is(project):
    read = {
        ".toml": tomllib.loads,
        ".yml": yaml.safe_load,
        ".yaml": yaml.safe_load,
        ".json": json.loads,
        ".py": lambda text: compile(text, "a file of the project", "exec"),
    }
    kinds = set()
    for path in project.rglob("*"):
        if path.is_file() and path.suffix in read:
            read[path.suffix](path.read_text(encoding="utf-8"))
            kinds.add(path.suffix)
    assert {".toml", ".yml", ".yaml", ".py"} <= kinds


@pytest.mark.parametrize("command", ["check", "format --check"])
def test_ruff_finds_nothing(project, command):
    command = [sys.executable, "-m", "ruff", *command.split(), "--no-cache", "."]
    result = subprocess.run(
        command, cwd=project, capture_output=True, encoding="utf-8", timeout=300
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_pyproject_asks_for_the_chosen_build_of_torch(project, answers):
    settings = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    indexes = settings["tool"]["uv"].get("index", [])
    sources = settings["tool"]["uv"].get("sources", {})
    if answers["accelerator"] == "auto":
        assert not indexes
        assert not sources
        return
    (index,) = indexes
    assert index["url"] == f"https://download.pytorch.org/whl/{answers['accelerator']}"
    assert index["explicit"] is True  # everything else comes from the default index
    assert {source["index"] for source in sources.values()} == {index["name"]}
    systems = {
        system
        for system in ("linux", "win32", "darwin")
        if Marker(sources["torch"]["marker"]).evaluate({"sys_platform": system})
    }
    kind = answers["accelerator"].rstrip("0123456789.")
    # What PyTorch builds it for; elsewhere the default index has the only build there is.
    assert systems == {"cpu": {"linux", "win32"}, "cu": {"linux", "win32"}, "rocm": {"linux"}}[kind]
    assert ("triton-rocm" in sources) is (kind == "rocm")
    # One that was built for another torch does not even import.
    assert sources.get("torchvision", sources["torch"]) == sources["torch"]
    assert ("torchvision" in sources) is (answers["task"] == "image")


def test_pretrained_networks_are_an_extra_of_the_tasks_that_have_them(project, answers):
    settings = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    extra = settings["project"]["optional-dependencies"].get("pretrained", [])
    packages = {Requirement(one).name for one in extra}
    loaders = {"huggingface-hub", "safetensors"}
    expected = {"image": {"timm", "torchvision", *loaders}}
    expected["text"] = expected["language"] = {"transformers", *loaders}
    assert packages == expected.get(answers["task"], set())
    # uv takes the index of [tool.uv.sources] only for packages that are named here.
    assert "torchvision" not in str(settings["project"]["dependencies"])


def test_wherever_torch_comes_from_an_index_torchvision_comes_with_it_for_pictures(
    project, answers
):
    lines = []
    for name in ("README.md", "Dockerfile"):  # the workflow installs no pretrained network
        if (project / name).exists():
            text = (project / name).read_text(encoding="utf-8")
            found = [line for line in text.splitlines() if "--index-url" in line]
            assert found, name
            lines += found
    packages = "torch torchvision" if answers["task"] == "image" else "torch"
    for line in lines:
        assert f"pip install {packages} --index-url" in line


def test_the_licence_is_the_chosen_one(project, answers):
    path = project / "LICENSE"
    if answers["license"] == "none":
        assert not path.exists()
        return
    text = path.read_text(encoding="utf-8")
    title = {"MIT": "MIT License", "Apache-2.0": "Apache License"}[answers["license"]]
    assert text.split("\n", 1)[0].strip() == title
    assert "2026 The My Torch Project authors\n" in text


def test_a_project_has_all_of_the_skeleton_but_what_its_answers_leave_out(
    template, projects, answers
):
    skeleton = template / SKELETON.name
    expected = {ANSWERS_FILE}
    for path in skeleton.rglob("*"):
        name = path.relative_to(skeleton)
        parts = {name.as_posix(), *(parent.as_posix() for parent in name.parents)}
        if path.is_file() and not parts & {*left_out(answers)}:
            expected.add(name.as_posix())
    expected.remove("{{cookiecutter.__answers_file}}")
    for project in projects:
        assert set(tree(project)) == expected
        folders = [path for path in project.rglob("*") if path.is_dir()]
        assert [path for path in folders if not any(path.iterdir())] == []


@pytest.mark.parametrize("name", ["lessons", "tools"])
def test_a_folder_is_there_and_in_the_readme_if_it_is_wanted(name, projects, answers):
    wanted = answers[name] == "yes"
    for project in projects:
        assert (project / name).exists() is wanted
        assert (project / "tests" / name).exists() is wanted
        readme = (project / "README.md").read_text(encoding="utf-8")
        assert (f"{name}/" in readme) is wanted
        assert (f"python -m {name}" in readme) is wanted


def test_the_texts_are_in_the_chosen_language(project, answers):
    texts = [
        *project.glob("README.md"),
        *project.glob("lessons/*.md"),
        *project.glob("lessons/[0-9]*"),
    ]
    assert len(texts) == (18 if answers["lessons"] == "yes" else 1)
    for path in texts:
        letters = len(HANGUL.findall(path.read_text(encoding="utf-8")))
        assert (letters > 100) is (answers["language"] == "ko"), path


@pytest.fixture(scope="module", params=CHOICES["task"])
def variant(request, template, tmp_path_factory):
    """Make the default project of a task."""
    folder = tmp_path_factory.mktemp("variant") / request.param
    return with_cookiecutter(template, folder, task=request.param)


def test_git_would_take_every_file_but_a_run(variant):
    (variant / "runs" / "a").mkdir(parents=True)
    (variant / "runs" / "a" / "last.pt").write_text("weights", encoding="utf-8")
    git("init", "--quiet", cwd=variant)
    taken = git("ls-files", "-z", "--others", "--exclude-standard", cwd=variant)
    there = {path.relative_to(variant).as_posix() for path in variant.rglob("*") if path.is_file()}
    expected = {path for path in there if not path.startswith((".git/", "runs/"))}
    assert ANSWERS_FILE in expected
    assert set(taken) == expected


def imported(path):
    """Return the names of all modules that a file imports, as `engine.settings`."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, path  # each import says the whole name
            names.add(node.module)
    return names


def test_no_file_imports_what_the_answers_leave_out(project):
    seen = 0
    for path in project.rglob("*.py"):
        for name in imported(path):
            if name.split(".")[0] in ("engine", "tools", "lessons"):
                module = project / name.replace(".", "/")
                assert module.with_suffix(".py").exists() or module.is_dir(), (path, name)
                seen += 1
    assert seen > 50


def test_the_engine_and_its_tests_import_nothing_that_a_student_changes(variant):
    files = [*variant.glob("engine/*.py"), *variant.glob("tests/engine/*.py")]
    assert len(files) > 20
    for path in files:
        roots = {name.split(".")[0] for name in imported(path)}
        assert roots & (STUDENTS | {"tools", "lessons"}) == set(), path
