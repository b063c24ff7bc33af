"""What eval.py leaves in the folder of a run: scores, pictures, and a few examples."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from engine.answers import answer
from engine.baselines import baselines
from engine.checkpoint import LoadedModel
from engine.class_weights import flags_for_rare_classes
from engine.dataset import Info, Inputs
from engine.doubt import compare, intervals
from engine.errors import WriteError
from engine.evaluation import Answers, measure
from engine.examples import save_examples
from engine.metrics import Comparison, Interval, Metric, main_metric, name_of, score_text
from engine.mistakes import confusions, draw_mistakes, worst_mistakes
from engine.plots import draw_classes, draw_numbers, draw_places, save_figure
from engine.settings import Settings
from engine.whole_files import make_folder, write_text_whole

EXAMPLES = 5
SHOWN = 5  # names of classes in a line
VERDICTS = {
    "better": "better than {model}",
    "worse": "worse than {model}",
    "unclear": "not to be told from {model} by {count} examples",
}
Scores = dict[str, float]


@dataclass
class Simpler:
    """What a simpler model reaches."""

    scores: Scores
    comparison: Comparison | None  # None where the project has no metric
    intervals: dict[str, Interval] = field(default_factory=dict)  # of the scores that have one


@dataclass
class Result:
    """What a model reaches on a part of the data, and simpler models beside it."""

    split: str  # the part of the data: test, val or train
    answers: Answers
    scores: Scores
    intervals: dict[str, Interval]  # of the scores that have one
    simpler: dict[str, Simpler] = field(default_factory=dict)  # by their names


@dataclass
class Plots:
    """The pictures that were drawn, and the scores that go with them."""

    files: list[str] = field(default_factory=list)
    scores: dict[str, Any] = field(default_factory=dict)


def draw_plots(dataset: Any, answers: Answers, info: Info, folder: Path) -> Plots:
    """Draw how the answers compare with the truth, and the worst mistakes; return what was drawn.

    Args:
        dataset: The part of the data that was answered to.
        answers: From evaluate.
        info: Names the classes.
        folder: Where the pictures go.
    """
    if info.is_sequence:
        picture = draw_places(answers.outputs, answers.labels, info.unit)
    elif info.classes:
        picture = draw_classes(answers.predictions, answers.labels, info.classes)
    else:
        picture = draw_numbers(answers.predictions, answers.labels)
    save_figure(picture.figure, folder / picture.name)
    plots = Plots([picture.name], picture.scores)
    try:
        mistakes = draw_mistakes(dataset, answers, info)
    except Exception as error:  # the examples of an own dataset may be anything
        print(f"note: no picture of the mistakes, these examples cannot be drawn: {error!r}")
        return plots
    save_figure(mistakes, folder / "mistakes.png", margins=False)
    plots.files.append("mistakes.png")
    return plots


def measure_baselines(
    train: Any, test: Any, answers: Answers, info: Info, settings: Settings, metrics: list[Metric]
) -> dict[str, Simpler]:
    """Return what simpler models reach, which learn from the same examples, by their names.

    Args:
        train: What they learn from.
        test: What they are scored on.
        answers: Of our model to test.
        info: What is known of the data.
        settings: For the loaders. Their `best_by` says which metric the models are compared by.
        metrics: From model.py.
    """
    by_name = {name_of(metric): metric for metric in metrics}
    main = by_name.get(main_metric(list(by_name), settings.best_by))
    found = {}
    try:
        for name, outputs in baselines(train, test, info, settings):
            scores = measure(metrics, outputs, answers.labels)
            comparison = None
            if main is not None:
                comparison = compare(main, answers.outputs, outputs, answers.labels)
            doubts = intervals(metrics, outputs, answers.labels)
            found[name] = Simpler(scores, comparison, doubts)
    except Exception as error:  # the examples of an own dataset may be anything
        print(f"note: no simpler models, they cannot read these examples: {error!r}")
    return found


def print_scores(result: Result) -> None:
    """Print a line of scores for each model, and which of them a test can tell from ours."""
    print(result.split, *in_words(result.scores, result.intervals), "(this model)")
    for model, simpler in result.simpler.items():
        print(result.split, *in_words(simpler.scores, simpler.intervals), f"({model})")
    count = len(result.answers.labels)
    if result.intervals:
        print(f"in brackets: 95 % intervals, as wide as {count} examples leave it open")
    for model, simpler in result.simpler.items():
        if simpler.comparison is not None:
            metric, verdict, p = simpler.comparison
            words = VERDICTS[verdict].format(model=model, count=count)
            print(f"{metric}: {words} (p = {p:.2g})")


def in_words(scores: Scores, doubts: dict[str, Interval]) -> list[str]:
    """Return a text for each score, its interval in brackets, and a space behind it."""
    texts = []
    for name, score in scores.items():
        text = f"{name} {score_text(score)}"
        if name in doubts:
            low, high = doubts[name]
            text += f" ({score_text(low)} to {score_text(high)})"
        texts.append(text + " ")
    return texts


def write_scores(folder: Path, result: Result, plots: Plots, info: Info, epoch: int) -> None:
    """Write eval.json.

    Args:
        folder: The run's.
        result: What the model reaches.
        plots: Has the scores of each class.
        info: Names the classes.
        epoch: Of the model: a training that goes on may find a better one.
    """
    comparisons = {}
    of_baselines = {}
    for name, simpler in result.simpler.items():
        of_baselines[name] = {metric: list(one) for metric, one in simpler.intervals.items()}
        if simpler.comparison is not None:
            comparisons[name] = simpler.comparison._asdict()
    content = {
        "split": result.split,
        "n": len(result.answers.labels),
        "model": {"epoch": epoch},
        "loss": result.answers.losses.double().mean().item(),
        **result.scores,
        "intervals": {name: list(interval) for name, interval in result.intervals.items()},
        "baselines": {name: simpler.scores for name, simpler in result.simpler.items()},
        "baseline_intervals": of_baselines,
        "comparisons": comparisons,
        **plots.scores,
        "mistakes": worst_mistakes(result.answers, info),
        "confusions": confusions(result.answers, info),
    }
    write_text_whole(folder / "eval.json", json.dumps(content, indent=2) + "\n")


def advise_on_classes(plots: Plots, metrics: list[Metric], settings: Settings) -> None:
    """Say what to try where no example of a class is found.

    Args:
        plots: Has the scores of each class.
        metrics: From model.py.
        settings: Of the training.
    """
    missed = []
    for name, scores in plots.scores.get("per_class", {}).items():
        if scores["support"] > 0 and scores["recall"] == 0:
            missed.append(repr(name))
    if not missed:
        return
    shown = ", ".join(missed[:SHOWN])
    if len(missed) > SHOWN:
        shown += f" and {len(missed) - SHOWN} more"
    if settings.class_weights == 1:
        advice = "it takes more examples to learn from"
    else:
        advice = f"try python train.py {flags_for_rare_classes(metrics, settings)}"
    print(f"no example is found of {shown}: {advice}")


def compare_with_predict(
    loaded: LoadedModel,
    dataset: Any,
    answers: Answers,
    read_inputs: Callable[..., Inputs],
    folder: Path,
) -> None:
    """Leave a few examples as files, and say so if predict.py would answer otherwise to them.

    Args:
        loaded: The model.
        dataset: The part of the data that was answered to.
        answers: What the model answered.
        read_inputs: That of data.py.
        folder: The run's; the examples go into `examples`.
    """
    count = min(EXAMPLES, len(answers.labels))
    indices = torch.linspace(0, len(answers.labels) - 1, count).long()
    examples = folder / "examples"
    make_folder(examples)
    try:
        files = save_examples(dataset, indices.tolist(), loaded.info, examples)
        if loaded.info.is_sequence:
            return  # predict.py writes on, which is no answer to compare
        inputs = read_inputs(tuple(str(file) for file in files), loaded.info)
        outputs = answer(loaded.model, inputs)
    except WriteError:
        raise
    except Exception as error:  # the examples of an own dataset may be anything
        print(f"note: no examples for predict.py, these cannot be written and read back: {error!r}")
        return
    expected = answers.outputs[indices]
    if loaded.info.classes:
        same = outputs.argmax(dim=1) == expected.argmax(dim=1)
    else:
        same = torch.isclose(outputs, expected, rtol=1e-3)
    different = int((~same).sum())
    if different:
        print(
            f"warning: predict.py answers otherwise to {different} of {count} examples: does the "
            "dataset in data.py make its inputs with read_input, as predict.py does?"
        )
