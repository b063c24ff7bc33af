"""Whether data.py and model.py fit together: tried before a training begins.

What does not fit is answered in one line that names the function to mend, what came, and what was
expected.
"""

import copy
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from engine.answers import call
from engine.dataset import (
    Batch,
    BatchReader,
    Data,
    Info,
    first_examples,
    summary,
    to_device,
)
from engine.evaluation import ComputeLoss, measure
from engine.metrics import Metric, name_of
from engine.settings import Settings, UserError

ENGINE = Path(__file__).parent
PARTS = ("train", "val", "test")
# What a network or a loss raises for something of another form than it takes.
MISFIT = (
    RuntimeError,
    TypeError,
    ValueError,
    IndexError,
    AttributeError,
    AssertionError,
)
PLAIN = (bool, int, float, str, type(None))


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
    classes = data.info.classes
    if not isinstance(classes, list | tuple):
        raise UserError(
            f"data.py's load_data returned Data whose info.classes is {summary(classes)}: "
            "it must be a list of names, which is empty where numbers are learned"
        )
    for name in classes:
        if not isinstance(name, str):
            raise UserError(
                f"data.py's load_data returned Data whose info.classes holds {name!r}: "
                "the name of a class must be a text, so write str(...)"
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
        # The labels of other datasets are looked at batch by batch: what such a dataset keeps may
        # not be what its __getitem__ returns.
        if BatchReader(dataset).is_in_memory:
            check_labels(dataset.labels, data.info, name)
    for name, value in asdict(data.info).items():
        check_plain(value, f"info.{name}")


def check_plain(value: Any, name: str) -> None:
    """Refuse what a checkpoint could not give back: it holds numbers, text, tensors, lists, dicts.

    Args:
        value: A field of Info, or what is in it.
        name: How it is reached, for messages.
    """
    if isinstance(value, dict):
        for key, part in value.items():
            check_plain(part, f"{name}[{key!r}]")
    elif isinstance(value, list | tuple):
        for number, part in enumerate(value):
            check_plain(part, f"{name}[{number}]")
    elif type(value) not in PLAIN and not isinstance(value, Tensor):
        kind = f"{type(value).__module__}.{type(value).__name__}"
        raise UserError(
            f"data.py: {name} is a {kind}, which a checkpoint cannot hold: "
            "make it a number, a text, or a list with .tolist()"
        )


def check_labels(labels: Tensor, info: Info, part: str) -> None:
    """Refuse labels that do not fit the classes, or are not of the form that the task has.

    Args:
        labels: (N,), those of a part of the data or of a batch; (N, T) where info.is_sequence.
        info: Names the classes; there are none where numbers are learned.
        part: Where the labels are from, for messages.
    """
    where = f"data.py: the labels of {part}"
    classes = info.classes
    if info.is_sequence:
        if labels.dim() != 2 or labels.is_floating_point():
            raise UserError(
                f"{where} are {summary(labels)}: they must be (N, T), "
                "at each place of an input the number of what follows, an int"
            )
        return
    if labels.dim() != 1:
        raise UserError(
            f"{where} are of shape {tuple(labels.shape)}: a label must be one number, and with "
            "classes the number of its class (targets of another form are made in compute_loss)"
        )
    if not classes:
        if not labels.isfinite().all():
            index = int(torch.nonzero(~labels.isfinite())[0])
            raise UserError(f"{where} have {labels[index]} (example {index}): leave it out")
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
    batch = first_examples(data.val, 2)
    inputs, labels = batch
    check_labels(labels, data.info, "val")
    if data.info.is_sequence and isinstance(inputs, Tensor) and inputs.shape[:2] != labels.shape:
        raise UserError(
            f"data.py: the labels of val are {tuple(labels.shape)} for inputs "
            f"{tuple(inputs.shape)}: each place of an input must have one, what follows it"
        )
    return to_device(batch, device)


def check_network(model: Any) -> None:
    """Refuse what build_model returned if it is no network with weights."""
    if not isinstance(model, nn.Module):
        came = f"the class {model.__name__}" if isinstance(model, type) else summary(model)
        raise UserError(
            f"model.py: build_model returned {came}: it must return a network, an nn.Module"
        )
    if next(model.parameters(), None) is None:
        raise UserError("model.py: build_model returned a network without weights to learn")


@torch.no_grad()
def check_model(
    model: nn.Module,
    compute_loss: ComputeLoss,
    metrics: list[Metric],
    settings: Settings,
    info: Info,
    batch: Batch,
) -> None:
    """Try a new model on a few examples, in evaluation mode, and a copy of it in training mode.

    Raises:
        UserError: It cannot take them, or what it gives cannot be learned from or scored.
    """
    check_network(model)
    inputs, labels = batch
    model.eval()
    try:
        outputs = call(model, inputs)
    except MISFIT as error:
        raise UserError(
            f"model.py: the network of build_model cannot take {describe_inputs(inputs)}: "
            f"{reason_of(error)}"
        ) from error
    source = "the network of build_model"
    if info.is_sequence:
        check_logits_of_places(outputs, labels, source)
    else:
        check_outputs(outputs, info, labels, source)
    check_finite(outputs, inputs)
    try:
        result = compute_loss(model, batch, settings)
    except MISFIT as error:
        raise UserError(f"model.py: compute_loss fails: {reason_of(error)}") from error
    losses, outputs = two_results(result)
    check_outputs(outputs, info, labels, "compute_loss")
    check_losses(losses, outputs, labels)
    check_training(model, compute_loss, settings, batch)
    scores = try_metrics(metrics, info)
    if settings.best_by != "loss" and settings.best_by not in scores:
        known = ", ".join(["loss", *scores])
        raise UserError(
            f"--best-by, or best_by in config.py, is {settings.best_by!r}: "
            f"it must be one of {known}"
        )


def two_results(result: Any, mode: str = "") -> tuple[Any, Any]:
    """Return what compute_loss returned, if it is two things."""
    if not isinstance(result, tuple | list) or len(result) != 2:
        raise UserError(
            f"model.py: compute_loss returned {summary(result)}{mode}: "
            "it must return two tensors, (losses, outputs)"
        )
    losses, outputs = result
    return losses, outputs


@torch.enable_grad()
def check_training(
    model: nn.Module, compute_loss: ComputeLoss, settings: Settings, batch: Batch
) -> None:
    """Try a copy of a model in training mode, where it may return something else.

    An exception is no reason to refuse: a few examples may be too few for what happens there. If
    it is a mistake, the first step shows it.
    """
    _, labels = batch
    if not any(weight.requires_grad for weight in model.parameters()):
        raise UserError(
            "model.py: build_model returned a network whose weights are all frozen "
            "(requires_grad is False), so nothing can be learned"
        )
    try:
        trial = copy.deepcopy(model).train()
        result = compute_loss(trial, batch, settings)
    except Exception:
        return
    losses, outputs = two_results(result, " in training")
    check_losses(losses, outputs, labels, " in training")
    if not losses.requires_grad:
        raise UserError(
            "model.py: compute_loss gives losses without a gradient, so nothing can be learned: "
            "is the loss computed by NumPy, of detached outputs, or under no_grad?"
        )


def check_after_epoch(data: Data, model: nn.Module) -> None:
    """Try what the data say of a model after each epoch, before the first one."""
    if data.after_epoch is None:
        return
    try:
        line = data.after_epoch(model)
    except MISFIT as error:
        raise UserError(
            f"data.py: after_epoch of what load_data returned fails: {reason_of(error)}"
        ) from error
    if not isinstance(line, str):
        raise UserError(
            f"data.py: after_epoch of what load_data returned gives {summary(line)}: "
            "it must return a line of text"
        )


def try_metrics(metrics: list[Metric], info: Info) -> dict[str, float]:
    """Return the scores of made-up outputs, in which all classes occur, as in real ones.

    The few examples that a model is tried on may be of one class, for which some metrics are not
    defined.

    Args:
        metrics: From model.py.
        info: Names the classes; there are none where numbers are learned.
    """
    classes = len(info.classes)
    generator = torch.Generator().manual_seed(0)
    if classes:
        labels = torch.arange(min(max(8, 2 * classes), 1000)) % classes
        outputs = torch.randn(len(labels), classes, generator=generator)
    elif info.is_sequence:
        labels = torch.arange(32).reshape(8, 4) % 2
        outputs = 0.5 + torch.rand(8, 4, generator=generator)
    else:
        labels = 0.5 + torch.rand(8, generator=generator)
        outputs = 0.5 + torch.rand(8, generator=generator)
    if isinstance(metrics, list | tuple):
        for metric in metrics:
            try:
                measure([metric], outputs, labels)
            except UserError:
                raise
            except Exception as error:  # of the student's own function
                raise UserError(
                    f"model.py: the metric {name_of(metric)} fails: {reason_of(error)}"
                ) from error
    return measure(metrics, outputs, labels)


def check_finite(outputs: Tensor, inputs: Any) -> None:
    """Refuse outputs of a new network that are no numbers."""
    if outputs.isfinite().all():
        return
    reason = "something in forward() divides by 0, or its inputs are too large"
    parts = inputs if isinstance(inputs, tuple) else (inputs,)
    if any(isinstance(part, Tensor) and part.isnan().any() for part in parts):
        reason = "the inputs from data.py hold nan, and nothing in forward() replaces it"
    raise UserError(
        f"model.py: the network of build_model gives nan or infinity for "
        f"{describe_inputs(inputs)}: {reason}"
    )


def check_logits_of_places(outputs: Any, labels: Tensor, source: str) -> None:
    """Refuse outputs of a network for sequences that are no logits (N, T, K)."""
    places = tuple(labels.shape)
    is_right = isinstance(outputs, Tensor) and outputs.dim() == 3 and outputs.shape[:2] == places
    if not is_right:
        raise UserError(
            f"model.py: {source} gives {summary(outputs)} in evaluation: it must give one tensor, "
            f"logits (N, T, K), here ({places[0]}, {places[1]}, K): for each place what may follow"
        )


def check_outputs(outputs: Any, info: Info, labels: Tensor, source: str) -> None:
    """Refuse outputs that are no logits (N, K), or no numbers (N,) where there are no classes.

    Those of compute_loss for sequences are numbers (N, T).
    """
    expected = (len(labels), len(info.classes)) if info.classes else tuple(labels.shape)
    kind = "logits" if info.classes else "numbers"
    if info.is_sequence:
        kind = "losses of all places"
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


def check_losses(losses: Any, outputs: Any, labels: Tensor, mode: str = "") -> None:
    """Refuse losses that are not one number for each example.

    Args:
        losses: What compute_loss returned first.
        outputs: What it returned second.
        labels: (N,)
        mode: " in training" where it is that, for messages.
    """
    if not isinstance(outputs, Tensor):
        raise UserError(
            f"model.py: compute_loss returned {summary(outputs)} for its outputs{mode}: "
            "it must be one tensor, logits (N, K) or numbers (N,), of sequences (N, T)"
        )
    if not isinstance(losses, Tensor) or tuple(losses.shape) != (len(labels),):
        advice = ""
        if isinstance(losses, Tensor) and losses.dim() == 0:
            advice = ', so write reduction="none"'
        raise UserError(
            f"model.py: compute_loss gives {summary(losses)} for the losses{mode}: "
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
