"""The report: one page with all of a run in it, whatever is written in its files."""

import csv
import json
import os
from html.parser import HTMLParser

import pytest
import torch

from engine.checkpoint import save_checkpoint
from engine.metrics import score_text
from engine.settings import UserError
from eval import main as evaluate
from tools.report import main
from tools.report_page import headline
from tools.run_files import MEASURES, RunFiles, Scores, read_run
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
        if tag not in ("meta", "img", "br"):
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
    assert page.headings == ["Not scored yet", "Learning", "Settings", "Made with"]
    assert "limit_batches4" in page.text  # a setting that was changed, and its value


def test_a_report_has_all_of_a_run_and_needs_nothing_beside_it(scored):
    page = report(scored)
    result = json.loads((scored / "eval.json").read_text(encoding="utf-8"))
    assert page.headings[:2] == ["Scores", "Learning"]
    assert ("Classes" in page.headings) == ("per_class" in result)
    assert "Mistakes" in page.headings
    for name, value in result.items():
        if isinstance(value, float) and name != "loss":
            assert score_text(value) in page.text, f"the metric {name} is not in the report"
    assert f" on {result['n']} examples" in page.text
    assert torch.__version__ in page.text
    pictures = [attributes for tag, attributes in page.tags if tag == "img"]
    assert len(pictures) == len(list(scored.glob("*.png"))) >= 2
    assert all(one["src"].startswith("data:image/png;base64,") for one in pictures)
    assert all(one["alt"] for one in pictures)
    assert not {"script", "link", "iframe", "a"} & {tag for tag, _ in page.tags}


def test_all_scores_stand_in_the_first_line(tmp_path):
    scores = Scores("test", 40, {"accuracy": 0.9, "macro_f1": 0.475}, {}, {}, 0.3)
    row = {"epoch": 1, "val_loss": 0.3, "val_accuracy": 0.875, "val_macro_f1": 0.5}
    tested = RunFiles(tmp_path, {"epochs": 1}, [row], scores)
    assert headline(tested) == "Test accuracy 0.9000, macro_f1 0.4750 on 40 examples"
    by_f1 = RunFiles(tmp_path, {"epochs": 1, "best_by": "macro_f1"}, [row], None)
    assert headline(by_f1) == "Validation macro_f1 0.5000, accuracy 0.8750, not tested yet"


def test_scores_stand_with_their_doubt_and_better_is_said_where_a_test_allows_it(scored):
    result = json.loads((scored / "eval.json").read_text(encoding="utf-8"))
    name = next(iter(result["intervals"]))
    result["intervals"] = {name: [0.125, 0.875]}
    result["baselines"] = {"one": {}, "two": {}}
    result["comparisons"] = {
        "one": {"metric": name, "verdict": "better", "p": 0.0123},
        "two": {"metric": name, "verdict": "unclear", "p": 0.5},
    }
    (scored / "eval.json").write_text(json.dumps(result), encoding="utf-8")
    page = report(scored)
    assert f"{score_text(result[name])} (0.1250 to 0.8750)" in page.text
    assert f"{name}: better than one (p = 0.012)." in page.text
    assert f"{name}: not to be told from two by so many examples (p = 0.5)." in page.text
    assert "better than two" not in page.text
    if name == read_run(scored).main_metric:
        assert "(95 % interval 0.1250 to 0.8750)" in page.text


def test_scores_of_an_older_model_are_left_out(scored):
    os.utime(scored / "eval.json", (0, 0))  # as a copy may have it
    assert "Not scored yet" not in report(scored).headings
    result = json.loads((scored / "eval.json").read_text(encoding="utf-8"))
    result["model"]["epoch"] += 1
    (scored / "eval.json").write_text(json.dumps(result), encoding="utf-8")
    assert "Not scored yet" in report(scored).headings


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
    assert "Scores" in page.headings


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
