"""The report: one page with all of a run in it, whatever is written in its files."""

import csv
import json
import os
import re
from html.parser import HTMLParser

import pytest
import torch

from data import Info
from engine.checkpoint import save_checkpoint
from engine.metrics import score_text
from engine.settings import UserError
from eval import main as evaluate
from tools import report_why
from tools.report import main
from tools.report_page import headline
from tools.run_files import MEASURES, RunFiles, Scores, read_run
from tools.texts import REPORT
from train import train

HOSTILE = '</td><script src="http://evil">alert("한글")</script>'


class Page(HTMLParser):
    """What a browser would see: tags with their attributes, headings, all text."""

    def __init__(self, folder):
        super().__init__()
        self.tags = []
        self.open = []
        self.headings = []
        self.text = ""
        self.feed((folder / "report.html").read_text(encoding="utf-8"))
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "img", "br", "wbr"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data
        if self.open and self.open[-1] == "h2":
            self.headings.append(data)


@pytest.fixture
def scored(tiny):
    """The folder of a short run that eval.py has scored."""
    folder = train(tiny)
    evaluate(run_dir=str(folder), device="cpu", baseline=False)
    return folder


def report(folder):
    """Write the report of a run, and return it as a browser would see it."""
    main(str(folder))
    return Page(folder)


def test_without_scores_it_says_how_to_get_them(tiny, capsys):
    folder = train(tiny)
    (folder / "curves.png").unlink()  # as when the training was stopped
    page = report(folder)
    assert "not scored yet: python eval.py" in capsys.readouterr().out
    assert page.headings == [
        REPORT[part] for part in ("not_scored", "learning", "settings", "made_with")
    ]
    assert "limit_batches4" in page.text  # a setting that was changed, and its value


def test_a_report_has_all_of_a_run_and_needs_nothing_beside_it(scored):
    page = report(scored)
    result = json.loads((scored / "eval.json").read_text(encoding="utf-8"))
    assert page.headings[:2] == [REPORT["scores"], REPORT["learning"]]
    assert (REPORT["of_classes"] in page.headings) == ("per_class" in result)
    assert REPORT["mistakes"] in page.headings
    for name, value in result.items():
        if isinstance(value, float) and name != "loss":
            assert score_text(value) in page.text, f"the metric {name} is not in the report"
    assert REPORT["on_examples"].format(count=f"{result['n']:,}") in page.text
    assert torch.__version__ in page.text
    pictures = [attributes for tag, attributes in page.tags if tag == "img"]
    assert len(pictures) == len(list(scored.glob("*.png"))) >= 2
    assert all(one["src"].startswith("data:image/png;base64,") for one in pictures)
    assert all(one["alt"] for one in pictures)
    assert not {"script", "link", "iframe", "a"} & {tag for tag, _ in page.tags}


def test_the_headline_is_the_main_score_and_which_way_is_better(tmp_path):
    scores = Scores("test", 4000, {"accuracy": 0.9, "macro_f1": 0.475}, {}, {}, 0.3)
    row = {"epoch": 1, "val_loss": 0.3, "val_accuracy": 0.875, "val_macro_f1": 0.5}
    tested = words(headline(RunFiles(tmp_path, {"epochs": 1}, [row], scores)))
    on_examples = REPORT["on_examples"].format(count="4,000")
    assert tested == f"0.9000 {REPORT['test']} accuracy, {REPORT['higher']} {on_examples}"
    by_f1 = words(headline(RunFiles(tmp_path, {"epochs": 1, "best_by": "macro_f1"}, [row], None)))
    not_tested = REPORT["not_tested"]
    assert by_f1.startswith(f"0.5000 {REPORT['val']} macro_f1, {REPORT['higher']} {not_tested}")
    assert by_f1.endswith(REPORT["also"].format(scores="accuracy 0.8750"))
    of_loss = words(headline(RunFiles(tmp_path, {"epochs": 1}, [{"epoch": 1, "val_loss": 0.3}])))
    assert of_loss == f"0.3000 {REPORT['val']} loss, {REPORT['lower']} {not_tested}"


def words(html):
    """Return what a reader sees of a piece of a page."""
    return " ".join(re.sub("<[^>]*>", " ", html).split())


def test_scores_stand_with_their_doubt_and_better_is_said_where_a_test_allows_it(scored):
    result = json.loads((scored / "eval.json").read_text(encoding="utf-8"))
    name = next(iter(result["intervals"]))
    result["intervals"] = {name: [0.125, 0.875]}
    result["baselines"] = {"one": {name: 0.25}, "two": {}}
    result["baseline_intervals"] = {"one": {name: [0.0625, 0.5]}}
    result["comparisons"] = {
        "one": {"metric": name, "verdict": "better", "p": 0.0123},
        "two": {"metric": name, "verdict": "unclear", "p": 0.5},
        "three": {"metric": name, "verdict": "worse", "p": 0.01},
    }
    (scored / "eval.json").write_text(json.dumps(result), encoding="utf-8")
    page = report(scored)
    shown = {"score": score_text(result[name]), "low": "0.1250", "high": "0.8750"}
    assert REPORT["score_and_interval"].format(**shown) in page.text
    of_one = {"score": "0.2500", "low": "0.0625", "high": "0.5000"}
    assert REPORT["score_and_interval"].format(**of_one) in page.text
    whose = REPORT["whose_score"].format(metric=name, score="0.2500")
    assert REPORT["better"].format(model="one", whose_score=whose, p="0.012") in page.text
    assert REPORT["unclear"].format(model="two", whose_score="", p="0.5") in page.text
    assert REPORT["worse"].format(model="three", whose_score="", p="0.01") in page.text
    assert [tag for tag in page.tags if tag[1].get("class") == "better"] == [
        ("li", {"class": "better"})
    ]


def test_a_reader_sees_the_score_its_interval_and_the_comparison_before_all_else(scored):
    run = read_run(scored)
    name = run.main_metric
    result = json.loads((scored / "eval.json").read_text(encoding="utf-8"))
    result["intervals"] = {name: [0.125, 0.875]}
    result["comparisons"] = {"one": {"metric": name, "verdict": "better", "p": 0.01}}
    (scored / "eval.json").write_text(json.dumps(result), encoding="utf-8")
    page = report(scored)
    tags = [tag for tag, _ in page.tags]
    assert [attributes.get("class") for _, attributes in page.tags].index("learned") < tags.index(
        "strong"
    )
    interval = REPORT["interval"].format(low="0.1250", high="0.8750")
    better = REPORT["better"].format(model="one", whose_score="", p="0.01")
    seen = [page.text.index(part) for part in (score_text(result[name]), interval, better)]
    seen += [page.text.index(f"\n{heading}\n") for heading in page.headings]
    assert seen == sorted(seen)
    assert tags.count("h1") == tags.count("main") == 1
    assert tags.index("strong") < tags.index("h2") < tags.index("img")


def test_mistakes_are_said_in_words(scored):
    result = json.loads((scored / "eval.json").read_text(encoding="utf-8"))
    result["mistakes"] = [
        {"true": "5", "predicted": "9", "probability": 0.98},
        {"true": 1234.5, "predicted": 7.25},
    ]
    result["confusions"] = [
        {"true": "5", "predicted": "9", "count": 3},
        {"true": "7", "predicted": "1", "count": 1},
    ]
    (scored / "eval.json").write_text(json.dumps(result), encoding="utf-8")
    page = report(scored)
    sure = REPORT["mistake"].format(true="5", predicted="9") + REPORT["sure"].format(chance="98.0%")
    assert sure in page.text
    assert REPORT["mistake"].format(true="1,234.5", predicted="7.25") in page.text
    assert REPORT["confused"].format(true="5", predicted="9", count=3) in page.text
    assert REPORT["confused_once"].format(true="7", predicted="1") in page.text


def test_scores_of_an_older_model_are_left_out(scored):
    os.utime(scored / "eval.json", (0, 0))  # as a copy may have it
    assert REPORT["not_scored"] not in report(scored).headings
    result = json.loads((scored / "eval.json").read_text(encoding="utf-8"))
    result["model"]["epoch"] += 1
    (scored / "eval.json").write_text(json.dumps(result), encoding="utf-8")
    assert REPORT["not_scored"] in report(scored).headings


def test_a_metric_that_was_added_or_renamed_breaks_no_report(scored):
    result = json.loads((scored / "eval.json").read_text(encoding="utf-8"))
    result["baselines"] = {"a simpler model": {}}
    result["top3"] = 0.75
    (scored / "eval.json").write_text(json.dumps(result), encoding="utf-8")
    with (scored / "metrics.csv").open(newline="", encoding="utf-8") as file:
        first, *others = list(csv.DictReader(file))
    metrics = [name for name in first if name.startswith("val_") and name != "val_loss"]
    with (scored / "metrics.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, first)
        writer.writeheader()
        writer.writerow(first | dict.fromkeys(metrics, ""))
        writer.writerows(others)
    page = report(scored)
    assert "0.7500" in page.text
    assert REPORT["scores"] in page.headings


def test_why_is_said_of_each_of_the_worst_mistakes(scored):
    if Info.is_sequence:
        return  # each place of a text has an answer of its own
    page = report(scored)
    mistakes = json.loads((scored / "eval.json").read_text(encoding="utf-8"))["mistakes"]
    explained = [tag for tag, attributes in page.tags if attributes.get("class") == "why"]
    is_drawn = (scored / "why.png").exists()
    assert mistakes
    assert len(explained) == len(mistakes) or is_drawn


@pytest.mark.parametrize("missing", ["index", "data"])
def test_why_is_not_said_where_it_cannot_be_found_out(scored, capsys, monkeypatch, missing):
    if Info.is_sequence:
        return
    if missing == "index":  # as in what an older eval.py has written
        result = json.loads((scored / "eval.json").read_text(encoding="utf-8"))
        result["mistakes"] = [{"true": "a", "predicted": "b", "probability": 0.5}]
        (scored / "eval.json").write_text(json.dumps(result), encoding="utf-8")
    else:

        def refuse(config):
            raise UserError("the data are gone")

        monkeypatch.setattr(report_why, "load_data", refuse)
    page = report(scored)
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "note: " in line]
    assert line.startswith("note: not said why it answers so: ")
    assert REPORT["mistakes"] in page.headings
    assert not [tag for tag, attributes in page.tags if attributes.get("class") == "why"]


def test_a_network_that_cannot_be_asked_is_one_line_and_no_reason(scored, capsys, monkeypatch):
    def fail(*_):
        raise RuntimeError("sizes of tensors")

    monkeypatch.setattr(report_why, "explain_mistakes", fail)
    page = report(scored)
    printed = capsys.readouterr().out
    assert ("cannot be changed: RuntimeError('sizes of tensors')" in printed) != Info.is_sequence
    assert REPORT["mistakes"] in page.headings


def test_what_a_file_says_stays_text(scored):
    checkpoint = torch.load(scored / "best.pt", weights_only=True)
    checkpoint["config"]["data"] = HOSTILE
    checkpoint["made_with"]["PyTorch"] = HOSTILE
    save_checkpoint(scored / "best.pt", checkpoint)
    result = json.loads((scored / "eval.json").read_text(encoding="utf-8"))
    of_class = dict.fromkeys(MEASURES, 0.5)
    result["per_class"] = result.get("per_class", {}) | {HOSTILE + "\ud800\x1b": of_class}
    result["baselines"][HOSTILE] = {"accuracy": 0.5}
    (scored / "eval.json").write_text(json.dumps(result), encoding="utf-8")
    page = report(scored)
    assert page.text.count(HOSTILE) == 4
    assert not [tag for tag, _ in page.tags if tag == "script"]
    assert "\x1b" not in page.text


def test_a_run_without_an_epoch_says_what_to_do(tmp_path):
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(UserError, match=r"let `python train.py` finish an epoch"):
        main(str(tmp_path / "new"))


def test_a_run_with_damaged_metrics_says_what_to_do(tiny):
    folder = train(tiny)
    (folder / "metrics.csv").write_text("epoch\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"metrics.csv is missing or damaged"):
        main(str(folder))
    assert not (folder / "report.html").exists()
