"""What is said of the data before a training, and of the scores in it."""

import torch
import torch.nn.functional as F
from torch import Tensor

from engine.class_weights import FAIR, flags_for_rare_classes
from engine.dataset import Data, labels_of
from engine.distributed import plain
from engine.evaluation import measure
from engine.learned import learned_lr, learned_names, new_weights
from engine.metrics import Metric, name_of, score_text
from engine.run import Run
from engine.settings import UserError
from engine.terminal import in_one_line

SHOWN = 30  # classes that are listed with their counts
RARE = 10  # a class is rare where another one has more than so many times its examples
USUAL = 0.8  # where one class has more than this share, all others are rare


def describe(data: Data, metrics: list[Metric]) -> None:
    """Print what was understood of the data, and which score is reached without learning.

    Args:
        data: From load_data.
        metrics: From model.py.
    """
    describe_data(data, metrics)
    if data.advice:
        print(data.advice)


def describe_data(data: Data, metrics: list[Metric]) -> None:
    """Print what describe prints, without advice."""
    for note in data.notes:
        print(note)
    sizes = [len(part) for part in (data.train, data.val, data.test)]
    print("examples: {} train, {} val, {} test".format(*sizes))
    train, val, test = labels_of(data.train), labels_of(data.val), labels_of(data.test)
    if train is None or val is None or test is None:
        return  # they are known one by one, when they are read
    if len(test) < 20:
        print(f"warning: a test of {len(test)} examples says little")
    classes = data.info.classes
    are_rare = False
    if classes:
        everything = torch.cat([train, val, test])
        if not are_class_numbers(everything, len(classes)):
            return  # the dataset's __getitem__ makes other labels of them
        describe_classes(classes, everything)
        are_rare = has_rare_classes(everything, len(classes))
    if train.dim() == 1:
        line = score_to_beat(classes, train, test, metrics)
        if are_rare:
            print(
                "warning: some classes are rare, so accuracy says little: watch each class in the "
                f"table of eval.py; {flags_for_rare_classes(metrics)} finds more of them"
            )
            if FAIR in [name_of(metric) for metric in metrics]:
                line += f"; with rare classes {FAIR} is the score that matters"
        print(line)


def describe_stage(run: Run, steps: int, features_are_kept: bool) -> None:
    """Print what learns in a stage of a training, and whether its steps are few or many.

    Args:
        run: About to begin the stage, or to go on with it.
        steps: Of the optimizer in the stage.
        features_are_kept: Whether the features of the frozen part are computed once.
    """
    config = run.config
    learned = learned_names(run.model)
    if not learned:
        if steps < 200 and not config.limit_batches:
            print("note: there are few steps: try a smaller --batch-size, or more --epochs")
        if steps > 30_000 and not config.limit_batches:
            print(f"note: there are {steps:,} steps: a larger --batch-size takes fewer")
        return
    if not run.is_frozen:
        print(f"all layers learn: new ones at --lr {config.lr:g}, others at {learned_lr(config):g}")
        return
    new = sum(weight.numel() for weight in new_weights(run.model))
    epochs = run.epochs_of_stage()
    span = "1 epoch" if epochs == 1 else f"{epochs} epochs"
    text = f"frozen for {span}: {new:,} new weights learn, the others not"
    if features_are_kept:
        text += "; what the frozen layers give is computed once"
    print(text)


def are_class_numbers(labels: Tensor, count: int) -> bool:
    """Return whether labels are (N,) numbers of so many classes."""
    if labels.dim() != 1 or labels.is_floating_point():
        return False
    lowest, highest = labels.aminmax()
    return bool(lowest >= 0 and highest < count)


def describe_classes(classes: list[str], labels: Tensor) -> None:
    """Print how many examples each class has; of many classes the largest ones."""
    counts = labels.bincount(minlength=len(classes))
    largest = counts.argsort(descending=True, stable=True)[:SHOWN].sort().values.tolist()
    shown = ", ".join(f"{in_one_line(classes[number])} {counts[number]}" for number in largest)
    more = len(classes) - len(largest)
    print(f"classes: {shown} and {more} more" if more else f"classes: {shown}")


def has_rare_classes(labels: Tensor, count: int) -> bool:
    """Return whether some of so many classes are rare among the labels (N,)."""
    counts = labels.bincount(minlength=count)
    largest = int(counts.max())
    return largest > RARE * int(counts.min()) or largest > USUAL * len(labels)


def score_to_beat(classes: list[str], train: Tensor, test: Tensor, metrics: list[Metric]) -> str:
    """Return the line that says how good it is to give always the same answer."""
    if classes:
        usual = train.mode().values
        name = repr(classes[usual])
        outputs = F.one_hot(usual.expand(len(test)), len(classes)).float()  # (N, K)
    else:
        usual = train.mean()
        name = score_text(usual.item())
        outputs = usual.expand(len(test))  # (N,)
    try:
        scores = measure(metrics, outputs, test)
    except UserError:
        raise
    except Exception:  # some metrics are not defined where all answers are the same
        return f"to beat: always answering {name}"
    texts = [f"{key} of {score_text(score)}" for key, score in scores.items()]
    return f"to beat: always answering {name} has a test {', '.join(texts)}"


def format_scores(row: dict[str, float]) -> list[str]:
    """Return the losses and scores in a row of metrics.csv as text."""
    texts = []
    for name, value in row.items():
        if name.startswith(("train_", "val_")):
            texts.append(f" {name.replace('_', ' ')} {score_text(value)}")
    return texts


def describe_epoch(row: dict[str, float], run: Run) -> str:
    """Return the line of an epoch; a star marks the best one so far.

    Below it stands what the data's `after_epoch` says of the model, if there is such a function.

    Args:
        row: Of metrics.csv.
        run: The training.
    """
    words = [f"epoch {row['epoch']:3}", *format_scores(row), f" {row['seconds']:.2f} s"]
    if run.is_best(row):
        words.append("*")
    lines = [" ".join(words)]
    if run.data.after_epoch is not None:
        lines.append(run.data.after_epoch(plain(run.evaluated_model)))
    return "\n".join(lines)
