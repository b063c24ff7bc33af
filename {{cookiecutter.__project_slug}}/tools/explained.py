"""Why a model answers so: what is the same for pictures, rows and texts.

A model is only asked, as predict.py asks it, about inputs of which a part is hidden or changed. So
any network can be explained, and all that is needed is read_inputs of data.py.
"""

import time
from dataclasses import dataclass, field
from html import escape
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from engine.answers import answer
from engine.dataset import Inputs
from engine.plots import cut
from tools.texts import WHY

SECONDS = 1.0  # that an explanation takes about, on one slow core
AT_ONCE = 16  # inputs that go through a model together: so a large one needs little memory
LEAST_SURE = 0.05  # of log-odds that a part must be worth: as from 50 % to 49 %
LONGEST_NAME = 40  # of a class or a column, in a sentence

# How a word is shaded, and a picture is placed; the page decides on the rest.
CSS = """
.why mark {
  color: inherit;
  background: rgb(255 132 0 / calc(var(--heat) * 0.5));
  border-bottom: calc(var(--heat) * 3px) solid #c25a00;
}
.why img { display: block; max-width: 100%; margin: 0.25rem 0; }
"""


class Drawn(NamedTuple):
    """A picture in the run's folder that explains something."""

    file: str
    description: str  # for those who do not see it
    words: str  # what stands below it


@dataclass
class Explained:
    """What a report says of why a model answers so. What is not known is empty."""

    mistakes: list[str] = field(default_factory=list)  # HTML, for each of the worst ones
    beside: Drawn | None = None  # a picture of all these
    columns: Drawn | None = None  # of a table: how much each column counts


def ask(model: nn.Module, inputs: Inputs) -> Tensor:
    """Return a model's outputs on the CPU, as engine.answers does, a few inputs at a time."""
    outputs = []
    for start in range(0, len(inputs.examples), AT_ONCE):
        some = inputs.examples[start : start + AT_ONCE]
        names = inputs.names[start : start + AT_ONCE]
        outputs.append(answer(model, Inputs(names, {}, some, inputs.collate_fn)))
    return torch.cat(outputs)


def how_many(model: nn.Module, inputs: Inputs, seconds: float) -> int:
    """Return how many inputs like the first one a model answers in some seconds, at least one."""
    one = Inputs(inputs.names[:1], {}, inputs.examples[:1], inputs.collate_fn)
    ask(model, one)  # what is done once, such as choosing an algorithm, does not count
    began = time.perf_counter()
    ask(model, one)
    return max(1, int(seconds / (time.perf_counter() - began)))


def sureness(outputs: Tensor, number: int) -> Tensor:
    """Return how sure each output is of a class, (N,): its log-odds, log(p / (1 - p)).

    The probability itself hardly moves where a model is very sure.

    Args:
        outputs: Logits (N, K).
        number: Of the class.
    """
    others = outputs.clone()
    others[:, number] = -torch.inf
    log_odds = outputs[:, number] - others.logsumexp(dim=1)
    return log_odds.nan_to_num()  # with one class alone it is always infinite


def worth_of_parts(outputs: Tensor) -> Tensor:
    """Return what each hidden part is worth to the first answer: (N - 1,), 0 or more.

    A part is worth as much as the model is less sure without it; of a number, as far as it moves.

    Args:
        outputs: Of the whole input first, then of each input with a part hidden.
    """
    if outputs.dim() == 1:
        worth = (outputs[1:] - outputs[0]).abs()
        return worth * (worth > 1e-4 * outputs[0].abs())  # less is rounding
    sure = sureness(outputs, int(outputs[0].argmax()))
    worth = sure[0] - sure[1:]
    return worth * (worth > LEAST_SURE)


def effect_in_words(outputs: Tensor, hidden: int, classes: list[str]) -> str:
    """Return what becomes of an answer without a part, in words.

    Args:
        outputs: Of the whole input first, then of each input with a part hidden.
        hidden: Which part, counted from 0.
        classes: The names of the classes; empty where numbers are predicted.
    """
    if not classes:
        before, after = f"{outputs[0]:,.7g}", f"{outputs[1 + hidden]:,.7g}"
        return WHY["number_instead"].format(without=after, whole=before)
    number = int(outputs[0].argmax())
    chances = outputs.softmax(dim=1)[:, number].tolist()
    return WHY["instead"].format(
        name=html_text(classes[number], LONGEST_NAME),
        without=f"{chances[1 + hidden]:.1%}",
        whole=f"{chances[0]:.1%}",
    )


def html_text(value: Any, most: int = 500) -> str:
    """Return a value so that a page shows it, whatever it holds."""
    return escape(cut(str(value), most))
