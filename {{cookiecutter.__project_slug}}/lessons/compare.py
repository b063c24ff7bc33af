"""Where an answer differs from what is expected."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from lessons.cases import OneOf
from lessons.show import show

RELATIVE = 1e-4  # how far apart numbers may be that are taken as equal
ABSOLUTE = 1e-5


@dataclass
class Difference:
    """The first place where two values differ."""

    where: str  # the way to it, as "[1]['bias'][0]"; empty: the value itself
    got: str
    expected: str


def difference(got: Any, expected: Any, where: str = "") -> Difference | None:
    """Return the first place where an answer is not what is expected, or None if it is right.

    Numbers may differ a little. A list may be a tuple, a dict may have another order, and whole
    numbers of any type will do where those of int64 are expected.

    Args:
        got: What came out.
        expected: What should have; `OneOf` some values, if more than one is right.
        where: The way to this place.
    """
    if isinstance(expected, OneOf):
        differences = [difference(got, value, where) for value in expected.values]
        return None if None in differences else differences[0]
    if isinstance(expected, Tensor):
        return of_tensors(got, expected, where)
    if isinstance(expected, np.ndarray):
        return of_arrays(got, expected, where)
    if isinstance(expected, Mapping):
        return of_dicts(got, expected, where)
    if isinstance(expected, list | tuple):
        return of_lists(got, expected, where)
    if equal(got, expected):
        return None
    return Difference(where, named(got, expected), show(expected))


def equal(got: Any, expected: Any) -> bool:
    """Return whether two values without parts are the same, numbers nearly."""
    if isinstance(expected, bool):
        return isinstance(got, bool | np.bool_) and bool(got) == expected
    if isinstance(got, bool | np.bool_):
        return False  # for Python, True equals 1
    if isinstance(expected, int):
        return isinstance(got, Integral) and got == expected
    if isinstance(expected, float):
        return isinstance(got, Real) and close(float(got), expected)
    if isinstance(expected, nn.Module):
        return got is expected
    return isinstance(got, type(expected)) and got == expected


def close(got: float, expected: float) -> bool:
    """Return whether two numbers are nearly the same, or both are none."""
    if math.isnan(expected):
        return math.isnan(got)
    return math.isclose(got, expected, rel_tol=RELATIVE, abs_tol=ABSOLUTE)


def named(got: Any, expected: Any) -> str:
    """Return a value as text, with its type where that is what is wrong with it."""
    text = show(got)
    if isinstance(got, Tensor) or type(got) is type(expected):
        return text
    return f"{text} ({type(got).__name__})"


def of_tensors(got: Any, expected: Tensor, where: str) -> Difference | None:
    """Return where a tensor differs: its kind, its shape, its dtype, its device, its numbers."""
    if not isinstance(got, Tensor):
        return Difference(where, f"{show(got)} ({type(got).__name__})", "a Tensor")
    if got.shape != expected.shape:
        return Difference(where, f"shape {tuple(got.shape)}", f"shape {tuple(expected.shape)}")
    whole = {torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8}
    if got.dtype != expected.dtype and not (expected.dtype == torch.int64 and got.dtype in whole):
        return Difference(where, str(got.dtype), str(expected.dtype))
    if got.device.type != expected.device.type:
        return Difference(where, f"on {got.device}", f"on {expected.device}")
    if expected.is_meta:
        return None
    return of_numbers(got.detach(), expected.detach(), where)


def of_numbers(got: Tensor, expected: Tensor, where: str) -> Difference | None:
    """Return the first number that differs in two tensors of one shape."""
    if expected.is_floating_point() or expected.is_complex():
        kind = torch.complex128 if expected.is_complex() else torch.float64
        near = {"rtol": RELATIVE, "atol": ABSOLUTE, "equal_nan": True}
        differs = ~torch.isclose(got.to(kind), expected.to(kind), **near)
    else:  # whole numbers, True and False
        differs = got.long() != expected.long()
    places = differs.nonzero()
    if len(places) == 0:
        return None
    place = tuple(places[0].tolist())
    at = f"[{', '.join(map(str, place))}]" if place else ""
    return Difference(where + at, show(got[place].item()), show(expected[place].item()))


def of_arrays(got: Any, expected: np.ndarray, where: str) -> Difference | None:
    """Return where an array of NumPy differs."""
    if not isinstance(got, np.ndarray):
        return Difference(where, f"{show(got)} ({type(got).__name__})", "an array of NumPy")
    if got.shape == expected.shape and got.dtype != expected.dtype:
        if not (got.dtype.kind in "iu" and expected.dtype == np.int64):  # as with tensors
            return Difference(where, str(got.dtype), str(expected.dtype))
    return of_tensors(torch.tensor(got), torch.tensor(expected), where)


def of_dicts(got: Any, expected: Mapping, where: str) -> Difference | None:
    """Return where a dict differs."""
    if not isinstance(got, Mapping):
        return Difference(where, f"{show(got)} ({type(got).__name__})", "a dict")
    for key, value in expected.items():
        if key not in got:
            return Difference(where, f"no {key!r}", f"{key!r}: {show(value)}")
        found = difference(got[key], value, f"{where}[{key!r}]")
        if found:
            return found
    for key, value in got.items():
        if key not in expected:
            return Difference(where, f"{key!r}: {show(value)}", f"no {key!r}")
    return None


def of_lists(got: Any, expected: list | tuple, where: str) -> Difference | None:
    """Return where a list or a tuple differs."""
    if not isinstance(got, list | tuple):
        return Difference(where, f"{show(got)} ({type(got).__name__})", type(expected).__name__)
    for place, (one, other) in enumerate(zip(got, expected, strict=False)):
        found = difference(one, other, f"{where}[{place}]")
        if found:
            return found
    if len(got) != len(expected):
        return Difference(where, f"length {len(got)}", f"length {len(expected)}")
    return None
