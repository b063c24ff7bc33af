"""The report: one page with all of a run in it, whatever is written in its files."""

import json
import os
from html.parser import HTMLParser

import pytest
import torch

from commands.settings import UserError
from eval import main as evaluate
from report import main
from train import train

HOSTILE = '</td><script src="http://evil">alert("한글")</script>'


class Page(HTMLParser):
    """What a browser would see: tags with their attributes, headings, all text."""

    def __init__(self, folder):
        super().__init__()
        self.tags, self.open, self.headings, self.text = [], [], [], ""
        self.feed((folder / "report.html").read_text(encoding="utf-8"))
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.open += [tag] if tag not in ("meta", "img", "br") else []

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data
        self.headings += [data] if self.open and self.open[-1] == "h2" else []


def test_a_report_needs_nothing_beside_it(tiny, capsys):
    folder = train(tiny)
    (folder / "curves.png").unlink()  # as when the training was stopped
    main(str(folder))
    assert "not scored yet: python eval.py" in capsys.readouterr().out
    page = Page(folder)
    assert page.headings == ["Not scored yet", "Learning", "Settings", "Made with"]
    assert "limit_batches4" in page.text  # a setting that was changed, and its value

    evaluate(run_dir=str(folder), device="cpu", baseline=False)
    main(str(folder))
    page = Page(folder)
    assert page.headings[:3] == ["Scores", "Learning", "Classes"]
    assert "Mistakes" in page.headings
    accuracy = json.loads((folder / "eval.json").read_text(encoding="utf-8"))["accuracy"]
    assert f"Test accuracy {accuracy:.4f} on " in page.text
    assert torch.__version__ in page.text
    pictures = [attrs for tag, attrs in page.tags if tag == "img"]
    assert len(pictures) == 3
    assert all(one["src"].startswith("data:image/png;base64,") for one in pictures)
    assert all(one["alt"] for one in pictures)
    assert not {"script", "link", "iframe", "a"} & {tag for tag, _ in page.tags}

    os.utime(folder / "eval.json", (0, 0))  # of an older model
    main(str(folder))
    assert "Not scored yet" in Page(folder).headings


def test_what_a_file_says_stays_text(tiny):
    folder = train(tiny)
    evaluate(run_dir=str(folder), device="cpu", baseline=False)
    state = torch.load(folder / "best.pt", weights_only=True)
    state["config"]["data"] = state["made_with"]["PyTorch"] = HOSTILE
    torch.save(state, folder / "best.pt")
    result = json.loads((folder / "eval.json").read_text(encoding="utf-8"))
    result["per_class"][HOSTILE + "\ud800\x1b"] = next(iter(result["per_class"].values()))
    result["baselines"][HOSTILE] = {"accuracy": 0.5}
    (folder / "eval.json").write_text(json.dumps(result), encoding="utf-8")
    main(str(folder))
    page = Page(folder)
    assert page.text.count(HOSTILE) == 4
    assert not [tag for tag, _ in page.tags if tag == "script"]
    assert "\x1b" not in page.text


def test_a_run_without_an_epoch_says_what_to_do(tiny, tmp_path):
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(UserError, match=r"let `python train.py` finish an epoch"):
        main(str(tmp_path / "new"))
    folder = train(tiny)
    (folder / "metrics.csv").write_text("epoch\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"metrics.csv is missing or damaged"):
        main(str(folder))
    assert not (folder / "report.html").exists()


@pytest.mark.parametrize("name", ["report.py", "runs.py"])
def test_help_answers_before_torch_is_loaded(command, without, name):
    answer = command(name, "--help", env=without("torch"))
    assert answer.returncode == 0, answer.stderr
    assert "usage: " in answer.stdout
