"""Whether data.py and model.py fit together: tried before a training begins.

What does not fit is answered in one line that names the function to mend, what came, and what was
expected.
"""

import traceback
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from engine.answers import call
from engine.dataset import (
    Batch,
    BatchReader,
    BatchRequest,
    Data,
    Info,
    labels_of,
    summary,
    to_device,
)
from engine.evaluation import ComputeLoss, measure
from engine.metrics import Metric
from engine.settings import Settings, UserError

ENGINE = Path(__file__).parent
PARTS = ("train", "val", "test")


def check_loaded(data: Any) -> None:
    """Refuse what load_data returned if it cannot be trained on.

    Raises:
        UserError: It is no Data, a part is empty, or a label does not fit the classes.
    """
    if not isinstance(data, Data):
        raise UserError(
            f"data.py's load_data returned {summary(data)}: it must return engine.dataset.Data"
        )
    if not isinstance(data.info, Info):
        raise UserError(
            f"data.py's load_data returned Data whose info is {summary(data.info)}: "
            "it must be an engine.dataset.Info, or the class Info of data.py"
        )
    for name in PARTS:
        dataset = getattr(data, name)
        if not hasattr(dataset, "__getitem__") or not hasattr(dataset, "__len__"):
            raise UserError(
                f"data.py's load_data returned Data whose {name} is {summary(dataset)}: "
                "it must be a Dataset with __len__ and __getitem__"
            )
        if len(dataset) == 0:
            raise UserError(f"data.py's load_data returned no examples for {name}: its length is 0")
        labels = labels_of(dataset)
        if labels is not None:
            check_labels(labels, data.info.classes, name)


def check_labels(labels: Tensor, classes: list[str], part: str) -> None:
    """Refuse labels that do not fit the classes.

    Args:
        labels: (N,), those of a part of the data or of a batch.
        classes: Their names; empty where numbers are learned.
        part: Where the labels are from, for messages.
    """
    where = f"data.py: the labels of {part}"
    if labels.dim() != 1 or not classes:
        return
    if labels.is_floating_point():
        raise UserError(
            f"{where} are {labels.dtype}, but info.classes has {len(classes)} names: "
            "a label must be the number of its class, an int"
        )
    lowest, highest = labels.aminmax()
    if lowest < 0 or highest >= len(classes):
        wrong = lowest if lowest < 0 else highest
        index = torch.nonzero(labels == wrong)[0].item()
        raise UserError(
            f"{where} have {wrong} (example {index}), but info.classes has {len(classes)} names: "
            f"a label must be from 0 to {len(classes) - 1}"
        )


def example_batch(data: Data, device: torch.device) -> Batch:
    """Return the first two validation examples as a batch on the device."""
    count = min(2, len(data.val))
    request = BatchRequest(torch.arange(count), seed=None)
    batch = BatchReader(data.val)[request]
    check_labels(batch[1], data.info.classes, "val")
    return to_device(batch, device)


@torch.no_grad()
def check_model(
    model: nn.Module,
    compute_loss: ComputeLoss,
    metrics: list[Metric],
    settings: Settings,
    info: Info,
    batch: Batch,
) -> None:
    """Try a new model on a few examples, in evaluation mode.

    Raises:
        UserError: It cannot take them, or what it gives cannot be learned from or scored.
    """
    if not isinstance(model, nn.Module):
        raise UserError(f"model.py's build_model returned {summary(model)}: it must be a network")
    inputs, labels = batch
    model.eval()
    try:
        outputs = call(model, inputs)
    except (RuntimeError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise UserError(
            f"model.py: the network of build_model cannot take {describe_inputs(inputs)}: "
            f"{reason_of(error)}"
        ) from error
    check_outputs(outputs, info, len(labels), "the network of build_model")
    try:
        result = compute_loss(model, batch, settings)
    except (RuntimeError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise UserError(f"model.py: compute_loss fails: {reason_of(error)}") from error
    if not isinstance(result, tuple) or len(result) != 2:
        raise UserError(
            f"model.py: compute_loss returned {summary(result)}: "
            "it must return two tensors, (losses, outputs)"
        )
    losses, outputs = result
    check_outputs(outputs, info, len(labels), "compute_loss")
    check_losses(losses, outputs, labels)
    scores = measure(metrics, outputs.float().cpu(), labels.cpu())
    if settings.best_by != "loss" and settings.best_by not in scores:
        known = ", ".join(["loss", *scores])
        raise UserError(f"--best-by is {settings.best_by!r}: it must be one of {known}")


def check_outputs(outputs: Any, info: Info, count: int, source: str) -> None:
    """Refuse outputs that are no logits (N, K), or no numbers (N,) where there are no classes."""
    expected = (count, len(info.classes)) if info.classes else (count,)
    kind = "logits" if info.classes else "numbers"
    if not isinstance(outputs, Tensor):
        raise UserError(
            f"model.py: {source} gives {summary(outputs)} in evaluation: "
            f"it must give one tensor, {kind} {expected} (model.training tells which mode it is)"
        )
    if tuple(outputs.shape) == expected:
        return
    advice = ""
    if info.classes:
        advice = (
            f", since the data have {len(info.classes)} classes: "
            "the last layer needs len(info.classes) outputs"
        )
    elif outputs.dim() == 2 and outputs.shape[1] == 1:
        advice = ": add .squeeze(1)"
    raise UserError(
        f"model.py: {source} gives outputs {tuple(outputs.shape)} "
        f"where {kind} {expected} are expected{advice}"
    )


def check_losses(losses: Any, outputs: Any, labels: Tensor) -> None:
    """Refuse losses that are not one number for each example."""
    if not isinstance(outputs, Tensor):
        raise UserError(
            f"model.py: compute_loss returned {summary(outputs)} for its outputs: "
            "it must be one tensor, logits (N, K) or numbers (N,)"
        )
    if not isinstance(losses, Tensor) or tuple(losses.shape) != (len(labels),):
        advice = ""
        if isinstance(losses, Tensor) and losses.dim() == 0:
            advice = ', so write reduction="none"'
        raise UserError(
            f"model.py: compute_loss gives {summary(losses)} for the losses: "
            f"it must be the loss of each example, ({len(labels)},){advice}"
        )


def describe_inputs(inputs: Any) -> str:
    """Return what a model was called with."""
    if isinstance(inputs, tuple):
        return "the inputs " + " and ".join(summary(part) for part in inputs)
    return f"the input {summary(inputs)}"


def reason_of(error: BaseException) -> str:
    """Return what an error says, and in which line of the student's own files it arose."""
    what = " ".join(str(error).split())[:200] or type(error).__name__
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.parent == ENGINE.parent:
            return f"{what} ({path.name}, line {frame.lineno})"
    return what
