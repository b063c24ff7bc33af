"""What a trained model answers to new inputs, and how this is put into words."""

from decimal import Decimal
from typing import Any

import torch
from torch import Tensor, nn

from engine.dataset import Inputs, collate, to_device
from engine.terminal import in_one_line

BATCH = 256  # so many inputs go through the model at once


def call(model: nn.Module, inputs: Any) -> Any:
    """Return what a model gives for inputs: several parts are several arguments."""
    if isinstance(inputs, tuple):
        return model(*inputs)
    if isinstance(inputs, dict):
        return model(**inputs)
    return model(inputs)


@torch.inference_mode()
def answer(model: nn.Module, inputs: Inputs) -> Tensor:
    """Return a model's outputs on the CPU: logits (N, K), or numbers (N,).

    Args:
        model: In evaluation mode.
        inputs: From data.py's read_inputs.
    """
    device = next(model.parameters()).device
    outputs = []
    for start in range(0, len(inputs.examples), BATCH):
        some = inputs.examples[start : start + BATCH]
        unlabelled = [(example, 0) for example in some]
        batch = collate(unlabelled, "read_inputs", inputs.collate_fn)
        on_device, _ = to_device(batch, device)
        outputs.append(call(model, on_device).float().cpu())
    return torch.cat(outputs)


def put_into_words(
    outputs: Tensor, classes: list[str], top: int
) -> tuple[list[str], dict[str, list[str]]]:
    """Return a line for each answer, and the columns that --output adds to its table.

    Args:
        outputs: Logits (N, K), or numbers (N,) where there are no classes.
        classes: The names of the classes.
        top: How many classes a line names, the likeliest first.
    """
    if not classes:
        numbers = [plain_number(number) for number in outputs.tolist()]
        return numbers, {"prediction": numbers}
    probabilities, order = outputs.softmax(dim=1).sort(descending=True)  # (N, K) both
    lines, predictions, certainties = [], [], []
    for row, chances in zip(order.tolist(), probabilities.tolist(), strict=True):
        named = [
            f"{in_one_line(classes[number])} {chance:.1%}"
            for number, chance in zip(row[:top], chances[:top], strict=True)
        ]
        lines.append(", ".join(named))
        predictions.append(classes[row[0]])
        certainties.append(f"{chances[0]:.4f}")
    return lines, {"prediction": predictions, "probability": certainties}


def plain_number(number: float) -> str:
    """Return a number with the 7 digits that float32 has, and without an exponent."""
    return f"{Decimal(f'{number:.7g}'):f}"
