"""How a language model writes: one character after the other, each drawn by its probability."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import torch
from torch import Tensor

from engine.settings import UserError

SHOWN = 70  # characters of the line after an epoch


class Cache:
    """The keys and values of the characters so far, so that each is computed only once.

    Without it a network would go through the whole text again for every character.
    """

    def __init__(self) -> None:
        self.length = 0  # characters so far
        self.kept: dict[Any, tuple[Tensor, Tensor]] = {}  # by the layer that they belong to

    def is_empty(self, layer: Any) -> bool:
        """Return whether nothing of a layer is kept yet."""
        return layer not in self.kept

    def extend(self, layer: Any, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
        """Return the keys and the values of all characters so far, the new ones behind the others.

        Args:
            layer: Whose they are.
            key: Of the new ones (N, heads, T, D).
            value: Of the new ones (N, heads, T, D).
        """
        if layer in self.kept:
            keys, values = self.kept[layer]
            key = torch.cat([keys, key], dim=2)
            value = torch.cat([values, value], dim=2)
        self.kept[layer] = key, value
        return key, value


@dataclass(frozen=True)
class Draw:
    """How the next character is chosen."""

    temperature: float = 0.8  # below 1 likely ones are drawn more often; 0 takes the likeliest
    top_k: int = 0  # only so many of the likeliest may come; 0: all may
    seed: int = 0  # the same seed, the same text

    def choose(self, logits: Tensor, generator: torch.Generator) -> int:
        """Return the number of a character.

        Args:
            logits: (K,), on the CPU.
            generator: Where the random number comes from.
        """
        if self.temperature == 0:
            return int(logits.argmax())
        if 0 < self.top_k < len(logits):
            least = logits.topk(self.top_k).values[-1]
            logits = logits.masked_fill(logits < least, -torch.inf)
        # The largest becomes 0, so that however low the temperature is, none grows out of bounds.
        logits = (logits - logits.max()).double() / self.temperature
        return int(torch.multinomial(logits.softmax(dim=0), 1, generator=generator))


@torch.inference_mode()
def write_on(model: Any, start: Tensor, draw: Draw, info: Any) -> Iterator[int]:
    """Yield the number of one character after the other, without an end.

    A network looks back `info.context` characters at most. When these are full, it begins a new
    window with the second half of them.

    Args:
        model: From build_model, in evaluation mode. If it has a method `follow`, each character is
            computed once, else the whole window for each character.
        start: What the text begins with (T,) int64, T above 0.
        draw: How characters are chosen.
        info: Has the characters and the context. Number 0 stands for characters that training has
            not seen: it is never written.
    """
    device = next(model.parameters()).device
    generator = torch.Generator().manual_seed(draw.seed)
    window = start[-info.context :].tolist()
    cache = Cache()
    new = window
    while True:
        if hasattr(model, "follow"):
            logits = model.follow(torch.tensor([new], device=device), cache)[0, -1]
        else:
            logits = foresee(model, window, info.context)
        logits = checked(logits.float().cpu(), len(info.characters))
        logits[0] = -torch.inf
        number = draw.choose(logits, generator)
        yield number
        window.append(number)
        new = [number]
        if len(window) > info.context:
            window = window[-max(1, info.context // 2) :]
            cache = Cache()
            new = window


def foresee(model: Any, window: list[int], context: int) -> Tensor:
    """Return what a network without a cache says of the character behind a window: logits (K,).

    The window is filled up to the length that the network was trained with. What stands behind a
    place changes nothing there.
    """
    filled = window + [0] * (context - len(window))
    device = next(model.parameters()).device
    return model(torch.tensor([filled], device=device))[0, len(window) - 1]


def checked(logits: Tensor, count: int) -> Tensor:
    """Return logits (K,) if one of so many characters can be drawn from them."""
    if len(logits) != count:
        raise UserError(
            f"model.py: the network of build_model gives {len(logits)} logits at each place, but "
            f"info.characters has {count:,}: the last layer needs len(info.characters) outputs"
        )
    if logits.isnan().any():
        raise UserError("model.py: the network gives nan: train a new one, with a lower --lr")
    return logits


def write_text(model: Any, start: Tensor, count: int, draw: Draw, info: Any) -> Iterator[str]:
    """Yield so many characters, one after the other, as text.

    Args:
        model: From build_model, in evaluation mode. One with a method `write`, as a chat model has
            it, writes by itself: so many tokens at most.
        start: The numbers of what the text begins with (T,); where T is 0, a new line.
        count: How many characters.
        draw: How they are chosen.
        info: Has the characters.
    """
    if hasattr(model, "write"):
        yield from model.write(start, count, draw, info)
        return
    if len(start) == 0:
        start = torch.tensor([info.characters.index("\n") if "\n" in info.characters else 0])
    for number in islice(write_on(model, start, draw, info), count):
        yield info.characters[number]


def unknown_in(texts: list[str], info: Any) -> str:
    """Return the characters of texts that training has not seen, each once, as they are shown.

    A chat model, which reads tokens, knows all.
    """
    if info.unit == "token":
        return ""
    found = sorted(set("".join(texts)) - set(info.characters))
    return " ".join(repr(character) for character in found)


def line_after_epoch(model: Any, info: Any) -> str:
    """Return a line that a model writes: train.py shows it after each epoch.

    Args:
        model: From build_model. It is put into evaluation mode.
        info: Has the characters and the context.
    """
    model.eval()
    written = "".join(write_text(model, torch.empty(0), SHOWN, Draw(), info))
    line, _, _ = written.strip().partition("\n")
    line = f"           it writes: {line.strip()}"
    if hasattr(model, "follow") and not is_cache_right(model, info):
        line += (
            "\nwarning: model.py: with a cache `follow` foresees something else than without one, "
            "so what is written is wrong: let its first place be cache.length, and each layer take "
            "its keys and values from cache.extend; or rename follow, then none is used"
        )
    return line


@torch.inference_mode()
def is_cache_right(model: Any, info: Any) -> bool:
    """Return whether a network foresees the same with a cache as without, but for rounding."""
    device = next(model.parameters()).device
    places = torch.arange(min(info.context, SHOWN), device=device)
    characters = (places % len(info.characters)).unsqueeze(0)  # (1, T)
    cache = Cache()
    model.follow(characters[:, :-1], cache)
    found = model.follow(characters[:, -1:], cache)[0, -1]
    expected = model.follow(characters, None)[0, -1]
    return torch.allclose(found.float(), expected.float(), rtol=0.01, atol=0.01)
