"""The READMEs: two languages that say the same, figures with a file behind them, whole links."""

import json
import re

import pytest
from generators import ASKED, CHOICES, ROOT, TEMPLATES, with_cookiecutter

PAGES = sorted(
    path
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    if path.name != "CHANGELOG.md"  # it may name what is gone
)
ENGLISH, KOREAN = (
    (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.ko.md")
)
BLOCK = r"(?ms)^```(\w*)\n(.*?)^```$"
RESULTS = json.loads((ROOT / "docs/results/first_project.json").read_text(encoding="utf-8"))


def tables(text):
    """Return the shape of every table: the number of its rows, and of the cells in each."""
    found = re.findall(r"(?m)(?:^\|.*\|$\n?)+", text)
    return [[line.count("|") for line in table.splitlines()] for table in found]


def links(text):
    """Return where the links and pictures point, without the one to the other language."""
    prose = re.sub(r"(?ms)^```.+?^```", "", text)
    targets = re.findall(r"\]\(([^)\s]+)\)|<(https?://[^>]+)>", prose)
    return [a or b for a, b in targets if not re.fullmatch(r"README(\.ko)?\.md", a)]


def local(targets):
    """Return the targets that are files of the repository."""
    return [target.split("#")[0] for target in targets if "://" not in target and target[0] != "#"]


def test_both_languages_have_the_same_commands():
    commands = re.findall(BLOCK, ENGLISH)
    assert len(commands) > 3
    assert re.findall(BLOCK, KOREAN) == commands


def test_both_languages_have_the_same_tables_links_and_headings():
    assert len(tables(ENGLISH)) > 1
    assert tables(KOREAN) == tables(ENGLISH)
    assert len(links(ENGLISH)) > 10
    assert sorted(links(KOREAN)) == sorted(links(ENGLISH))
    levels = re.findall(r"(?m)^#+ ", ENGLISH)
    assert re.findall(r"(?m)^#+ ", KOREAN) == levels


def test_each_language_is_itself_and_names_the_other():
    assert "(README.ko.md)" in ENGLISH
    assert "(README.md)" in KOREAN
    assert len(re.findall("[가-힣]", KOREAN)) > 1000
    assert not re.findall("[가-힣]", ENGLISH.replace("[한국어]", ""))


def test_the_readmes_have_every_question_and_every_choice():
    for text in (ENGLISH, KOREAN):
        for name in [*ASKED, *(one for choices in CHOICES.values() for one in choices)]:
            assert f"`{name}`" in text


def test_every_figure_has_a_result_behind_it():
    for task, result in RESULTS["tasks"].items():
        abouts = [path.read_text(encoding="utf-8") for path in TEMPLATES.glob(f"{task}/about*.md")]
        assert len(abouts) == 2
        for text in (*abouts, ENGLISH, KOREAN):
            for name in ("mean_test", "worst_test"):
                (score,) = (value for key, value in result.items() if key.startswith(name))
                assert f"{score:.4f}" in text
            assert re.search(rf"{result['mean_training_seconds']:.1f}( s|초)", text)
            assert all(f"{score:.4f}" in text for score in result["baselines"].values())
    assert sorted(RESULTS["tasks"]) == sorted(CHOICES["task"])


@pytest.mark.parametrize("peer", ["Lightning, default", "Accelerate"])
def test_the_speed_beside_the_peers_is_the_measured_one(peer):
    speed = json.loads((ROOT / "benchmarks/results/speed.json").read_text(encoding="utf-8"))
    found = [one for one in speed["targets"] if f"ours / {peer}" in one["name"]]
    assert len(found) == 1
    for text in (ENGLISH, KOREAN):
        assert f"{found[0]['median']:.1f}" in text.split("docs/performance.md")[0]


def test_every_variant_keeps_its_promise():
    tasks = RESULTS["tasks"]
    assert tasks["image"]["mean_test_accuracy"] >= 0.99
    for task, points in (("tabular", 0.01), ("text", 0.02)):
        best_baseline = max(tasks[task]["baselines"].values())
        assert tasks[task]["worst_test_accuracy"] >= best_baseline - points
    language = tasks["language"]
    assert language["worst_test_bits_per_character"] < min(language["baselines"].values())


@pytest.mark.parametrize("task", CHOICES["task"])
def test_every_killed_run_was_exact_and_the_table_says_so(task):
    results = json.loads((ROOT / f"docs/results/torture_{task}.json").read_text(encoding="utf-8"))
    page = (ROOT / "docs/reliability.md").read_text(encoding="utf-8")
    assert len(results) == 9
    for name, one in results.items():
        assert one["exact"] == one["runs"] > 0
        assert one["unreadable"] == one["failed"] == 0
        row = f"| `{task}` | {name} | {one['kills']} | {one['exact']} of {one['runs']} |"
        assert f"{row} 0 | {one['lost_steps_per_kill']} |" in page


def test_the_kills_of_both_readmes_are_those_of_all_tasks():
    kills = 0
    for task in CHOICES["task"]:
        results = json.loads((ROOT / f"docs/results/torture_{task}.json").read_text("utf-8"))
        kills += sum(one["kills"] for one in results.values())
    assert kills >= 450
    assert f"In {kills} kills" in ENGLISH
    assert f"{kills}번 강제로" in KOREAN


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_local_link_leads_somewhere(page):
    text = page.read_text(encoding="utf-8")
    assert [one for one in local(links(text)) if not (page.parent / one).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_to_another_host_is_https(page):
    address = r"https://[\w-]+(\.[\w-]+)+(/\S*)?"
    outside = [one for one in links(page.read_text(encoding="utf-8")) if ":" in one]
    assert [one for one in outside if not re.fullmatch(address, one)] == []


@pytest.mark.parametrize("name", ["README.md", "README.ko.md"])
def test_a_readme_is_short(name):
    assert len((ROOT / name).read_text(encoding="utf-8").splitlines()) < 150


@pytest.mark.parametrize("task", CHOICES["task"])
@pytest.mark.parametrize("accelerator", ["auto", "cpu"])
@pytest.mark.parametrize("language", CHOICES["language"])
def test_the_readme_of_a_project_is_short_and_whole(
    task, accelerator, language, template, tmp_path
):
    answers = {"task": task, "accelerator": accelerator, "language": language}
    project = with_cookiecutter(template, tmp_path / "made", **answers)
    text = (project / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) < 160
    assert [one for one in local(links(text)) if not (project / one).exists()] == []
    blocks = re.findall(BLOCK, text)
    assert blocks[0] == ("console", "uv run train.py\nuv run eval.py\n")
    for language, code in blocks:
        if language == "console":  # a condition at the end of a line would eat the line's end
            assert [line for line in code.splitlines() if len(re.findall("pip|uv", line)) > 1] == []
        if language == "python":
            compile(code, "README.md", "exec")
    for name in re.findall(r"`(?:python|uv run) (\w+\.py)", text):
        assert (project / name).exists()
    for name in re.findall(r"python -m ((?:tools|lessons)[\w.]*)", text):
        path = project / name.replace(".", "/")
        assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), name
    own_files = {path.name for path in project.glob("*.py")}
    rows = re.findall(r"(?m)^\| (`\w+\.py`.*?) \|", text)
    assert own_files <= set(re.findall(r"`(\w+\.py)`", "".join(rows)))
