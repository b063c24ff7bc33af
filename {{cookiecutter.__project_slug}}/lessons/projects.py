"""The projects at the end of the study guide: `python -m lessons --project NAME`.

Each has a bar, and whether it is reached is read from eval.json, which eval.py writes into the
folder of a run. The projects are described in projects.md.
"""

import http.client
import json
import math
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import UserError
from engine.metrics import lower_is_better, score_text
from engine.runs import RUNS, age, find_run, read_config, run_folders
from engine.whole_files import read_text
from lessons.own_data import OWN_DATA
from lessons.texts import PROJECTS

DEMO = Path(__file__).parent.parent / "tools" / "demo.py"

LEAST = 20  # test examples: of fewer, one lucky answer would be many points
POINT = 0.01
TIMES_SMALLER = 10
HOST, PORT = "127.0.0.1", 7860  # where tools/demo.py shows a model
NO_METRICS = ("n", "loss")  # other numbers in eval.json


@dataclass(frozen=True)
class Evaluated:
    """A run whose best model has been scored on the test data."""

    folder: Path
    config: dict[str, Any]  # the settings of the run
    scores: dict[str, Any]  # what eval.json holds
    weights: int  # how many numbers the network has

    @property
    def examples(self) -> int:
        """How many test examples there are."""
        return self.scores["n"]

    @property
    def metric(self) -> str:
        """What the run is judged by: --best-by, or the first metric where that is the loss."""
        metrics = []
        for name, value in self.scores.items():
            if isinstance(value, int | float) and name not in NO_METRICS:
                metrics.append(name)
        best_by = self.config.get("best_by", "loss")
        if best_by in metrics:
            return best_by
        return metrics[0] if metrics else "loss"

    @property
    def score(self) -> float:
        """The score that the run is judged by; nan if there is none."""
        return self.of(self.metric)

    def of(self, metric: str) -> float:
        """Return a score by its name; nan if there is none."""
        return number(self.scores.get(metric))

    @property
    def data(self) -> tuple[Any, ...]:
        """What two runs on the same data have in common."""
        per_class = self.scores.get("per_class")
        counts = []
        if isinstance(per_class, dict):
            for name, values in per_class.items():
                counts.append((name, values.get("support") if isinstance(values, dict) else None))
        return self.examples, counts, self.config.get("data"), self.config.get("target")


@dataclass(frozen=True)
class Goal:
    """A part of a bar, in words, and whether it is reached."""

    text: str
    reached: bool


def names() -> list[str]:
    """Return the names of the projects that can be done here."""
    web = ["web"] if DEMO.is_file() else []  # some projects have no tools/
    return [OWN_DATA, "small", *web]


def report(name: str, run_dir: str | None) -> bool:
    """Print the bar of a project and what a run has reached, and return whether it is the bar.

    Args:
        name: Of the project.
        run_dir: The run's folder; None for the newest run that has been evaluated.

    Raises:
        UserError: There is no such project, or no run whose scores can be read.
    """
    if name not in names():
        raise UserError(PROJECTS["unknown"].format(name=name, names=", ".join(names())))
    run = read_run(find_run(run_dir) if run_dir is not None else newest_evaluated())
    if name == "small":
        goals = goals_of_small(run)
    elif name == "web":
        goals = [enough_examples(run), as_good_as_simpler(run), page_answers()]
    else:
        goals = [own_data(run), enough_examples(run), as_good_as_simpler(run)]

    print(PROJECTS["title"].format(name=name, what=PROJECTS[name]))
    print(PROJECTS["run"].format(folder=run.folder))
    for goal in goals:
        print(f"  [{'x' if goal.reached else ' '}] {goal.text}")
    reached = all(goal.reached for goal in goals)
    print(PROJECTS["reached"] if reached else PROJECTS["not_reached"])
    return reached


def newest_evaluated() -> Path:
    """Return the folder of the newest run with an eval.json; without one, the newest of all."""
    newest = find_run(None)
    evaluated = [folder for folder in run_folders(RUNS) if (folder / "eval.json").is_file()]
    return max(evaluated, key=age, default=newest)


def read_run(folder: Path) -> Evaluated:
    """Return what a run has reached.

    Raises:
        UserError: It has no scores on the test data, or they are those of an earlier model.
    """
    path = folder / "eval.json"
    again = {"path": path, "command": f'python eval.py --run-dir "{folder}"'}
    if not path.exists():
        raise UserError(PROJECTS["no_eval"].format(**again))
    try:
        scores = json.loads(read_text(path))
        split, epoch, count = scores["split"], scores["model"]["epoch"], scores["n"]
        is_whole = isinstance(count, int) and isinstance(scores["baselines"], dict)
    except (OSError, ValueError, RecursionError, KeyError, TypeError):
        is_whole = False
    if not is_whole:
        raise UserError(PROJECTS["damaged"].format(**again))
    if split != "test":
        raise UserError(PROJECTS["other_part"].format(part=split, **again))

    from engine.checkpoint import load_run_checkpoint, weights_of  # loads torch

    checkpoint = load_run_checkpoint(folder / "best.pt")
    if checkpoint["epoch"] != epoch:
        raise UserError(PROJECTS["earlier"].format(**again))
    weights = sum(tensor.numel() for tensor in weights_of(checkpoint).values())
    return Evaluated(folder, read_config(folder), scores, weights)


def own_data(run: Evaluated) -> Goal:
    """Return the goal: trained on own data."""
    data = run.config.get("data", PROJECTS["own_dataset"])  # data.py may have no such setting
    shown = PROJECTS["example_data"] if data is None else data
    return Goal(PROJECTS["own_data"].format(data=shown), data is not None)


def enough_examples(run: Evaluated) -> Goal:
    """Return the goal: so many test examples that a score says something."""
    text = PROJECTS["enough"].format(least=LEAST, count=run.examples)
    return Goal(text, run.examples >= LEAST)


def as_good_as_simpler(run: Evaluated) -> Goal:
    """Return the goal: no simpler model is more than a point better."""
    metric = run.metric
    simpler = {}
    for model, scores in run.scores["baselines"].items():
        value = number(scores.get(metric)) if isinstance(scores, dict) else math.nan
        if not math.isnan(value):
            simpler[model] = value
    if not simpler:
        return Goal(PROJECTS["no_simpler"].format(metric=metric), False)
    model = best_of(simpler, metric)
    text = PROJECTS["simpler"].format(
        metric=metric,
        score=score_text(run.score),
        model=model,
        other=score_text(simpler[model]),
        point=point_text(metric),
    )
    return Goal(text, is_near(run.score, simpler[model], metric))


def goals_of_small(run: Evaluated) -> list[Goal]:
    """Return the goals: a tenth of another run's weights, and its score within a point."""
    larger = larger_runs(run)
    enough = enough_examples(run)
    if not larger:
        text = PROJECTS["no_larger"].format(weights=run.weights, times=TIMES_SMALLER)
        return [enough, Goal(text, False)]
    metric = run.metric
    folder = best_of({name: other.of(metric) for name, other in larger.items()}, metric)
    other = larger[folder]
    size = PROJECTS["a_tenth"].format(weights=run.weights, other=other.weights, folder=folder)
    text = PROJECTS["near"].format(
        metric=metric,
        score=score_text(run.score),
        other=score_text(other.of(metric)),
        folder=folder,
        point=point_text(metric),
    )
    near = is_near(run.score, other.of(metric), metric)
    return [enough, Goal(size, True), Goal(text, near)]


def larger_runs(run: Evaluated) -> dict[str, Evaluated]:
    """Return the runs on the same data that have ten times the weights, by their folders."""
    found = {}
    for folder in run_folders(RUNS):
        with suppress(UserError):  # one without scores is no run to compare with
            other = read_run(folder)
            is_large = other.weights >= TIMES_SMALLER * run.weights
            has_score = not math.isnan(other.of(run.metric))
            if is_large and has_score and other.data == run.data:
                found[str(folder)] = other
    return found


def page_answers() -> Goal:
    """Return the goal: a web page on this machine, as tools/demo.py shows it."""
    connection = http.client.HTTPConnection(HOST, PORT, timeout=3)
    try:
        connection.request("GET", "/")
        answers = connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        answers = False
    finally:
        connection.close()
    return Goal(PROJECTS["page"].format(address=f"http://{HOST}:{PORT}"), answers)


def number(value: Any) -> float:
    """Return a score as a number; nan for what is none."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        with suppress(OverflowError):  # JSON knows whole numbers of any size
            return float(value)
    return math.nan


def best_of(scores: dict[str, float], metric: str) -> str:
    """Return the name with the best score."""
    choose = min if lower_is_better(metric) else max
    return choose(scores, key=lambda name: scores[name])


def is_near(score: float, other: float, metric: str) -> bool:
    """Return whether a score is better than another, or at most a point worse.

    Of a metric that is better the lower it is, a point is a hundredth of the other score.
    """
    rounding = 1e-9
    if lower_is_better(metric):
        return score <= other + POINT * abs(other) + rounding
    return score >= other - POINT - rounding


def point_text(metric: str) -> str:
    """Return what a point is, for this metric."""
    return "1 %" if lower_is_better(metric) else str(POINT)
