"""Values as short text, for what the study guide says."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import Dataset

from engine.dataset import Data

LONGEST = 160  # characters


def show(value: Any, full: bool = False) -> str:
    """Return a value as short text; of a tensor or array also its shape and dtype, if `full`."""
    if isinstance(value, Tensor):
        return show_tensor(value, full)
    if isinstance(value, np.ndarray):
        text = show_array(value, full)
    elif isinstance(value, Mapping):
        pairs = [f"{key!r}: {show(entry)}" for key, entry in value.items()]
        text = "{" + ", ".join(pairs) + "}"
    elif isinstance(value, torch.Size):
        text = f"Size{tuple(value)}"
    elif isinstance(value, torch.device | torch.dtype | str | bytes | bool | int | None):
        text = repr(value)
    elif isinstance(value, list):
        text = "[" + ", ".join(show(entry) for entry in value) + "]"
    elif isinstance(value, set) and value:
        text = "{" + ", ".join(show(entry) for entry in value) + "}"
    elif isinstance(value, tuple):
        comma = "," if len(value) == 1 else ""
        text = "(" + ", ".join(show(entry) for entry in value) + comma + ")"
    elif isinstance(value, float):
        text = f"{value:.5g}"
        if float(text).is_integer() and "e" not in text:
            text = f"{float(text)}"  # 6.0, for 6 would be a whole number
    elif isinstance(value, Data):
        parts = f"{len(value.train)} train, {len(value.val)} val, {len(value.test)} test"
        text = f"Data({parts}, classes {value.info.classes})"
    elif isinstance(value, nn.Module):  # with its layers, if they are few
        text = " ".join(repr(value).split())
        text = text if len(text) <= LONGEST else type(value).__name__
    elif isinstance(value, Dataset) and hasattr(value, "__len__"):
        text = f"{type(value).__name__} of {len(value)} examples"
    else:  # of a file, a function or an object only the name
        name = getattr(value, "name", None) or getattr(value, "__name__", None)
        text = name if isinstance(name, str) else type(value).__name__
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


def show_array(array: np.ndarray, full: bool) -> str:
    """Return an array of NumPy in the same way."""
    kind = f"shape {array.shape}, {array.dtype}"
    if array.size > (12 if full else 6):
        return f"array({kind})"
    text = f"array({show(array.tolist())})"
    return f"{text}, {kind}" if full else text


def show_tensor(tensor: Tensor, full: bool) -> str:
    """Return a tensor's numbers if they are few, and its shape and dtype if not, or if `full`."""
    kind = f"shape {tuple(tensor.shape)}, {tensor.dtype}"
    most = 12 if full else 6
    if tensor.numel() > most or tensor.is_meta:
        return f"tensor({kind})"
    text = " ".join(repr(tensor.detach()).split())
    return f"{text}, {kind}" if full else text
