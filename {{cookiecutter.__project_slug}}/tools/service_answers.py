"""What tools.serve answers where there are classes or numbers: what predict.py would."""

from typing import Any

from config import Config
from data import Info, read_inputs
from engine.answers import answer
from engine.checkpoint import LoadedModel
from engine.settings import UserError


def answer_files(
    loaded: LoadedModel[Config, Info], files: list[str], count: int, parameters: dict[str, Any]
) -> list[Any]:
    """Return for each input its classes, the likeliest first, or the number that is predicted.

    Args:
        loaded: The model.
        files: What predict.py would be given.
        count: So many inputs are in them.
        parameters: "top_k" says how many classes are named; without it all are.
    """
    info = loaded.info
    top_k = whole_number(parameters, "top_k", len(info.classes) or 1, 1, len(info.classes) or 1)
    inputs = read_inputs(tuple(files), info)
    if len(inputs.examples) != count:
        raise UserError(f"{count} inputs were sent, {len(inputs.examples)} of them can be read")
    outputs = answer(loaded.model, inputs)
    if not info.classes:
        return [{"prediction": number} for number in outputs.tolist()]
    probabilities, order = outputs.softmax(dim=1).sort(descending=True)
    answers = []
    for numbers, chances in zip(order.tolist(), probabilities.tolist(), strict=True):
        named = []
        for number, chance in zip(numbers[:top_k], chances[:top_k], strict=True):
            named.append({"label": info.classes[number], "score": chance})
        answers.append(named)
    return answers


def whole_number(parameters: dict[str, Any], name: str, default: int, least: int, most: int) -> int:
    """Return a parameter, or its default.

    Raises:
        UserError: It is no whole number from the least to the most.
    """
    value = parameters.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise UserError(f"{name} must be a whole number from {least} to {most}")
    return value
