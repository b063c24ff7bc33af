"""What simpler models reach on the same text: eval.py prints them beside ours."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from tqdm import tqdm

from engine.backbone import is_at_hand
from engine.chat import ChatModel
from engine.settings import Settings

ORDERS = (1, 3, 5)  # an n-gram is a character and the n - 1 before it
MOST = 2_000_000  # characters to count, which take a few seconds


def baselines(train: Any, test: Any, info: Any, settings: Settings) -> Iterator[tuple[str, Tensor]]:
    """Yield the name of a simpler model, and its loss at each place of the test windows (N, T).

    With --base it is that chat model as it was before, if its weights are at hand. Else they are
    n-grams: how often a character came behind those before it, in the training text. In a
    window they know what the network knows: what stands before it in the window.
    """
    base = getattr(settings, "base", None)
    if base is not None:
        if is_at_hand(base):
            yield f"{base} as it was", losses_of_base(base, test, info)
        return
    text = read_text(train)[:MOST]
    windows = [read_window(test, index) for index in range(len(test))]
    for order in ORDERS:
        model = NGrams(text, order, len(info.characters))
        losses = []
        for window in tqdm(windows, f"{order}-grams", leave=False, disable=None):
            losses.append([model.loss(window, place) for place in range(1, len(window))])
        yield f"{order}-grams", torch.tensor(losses)


@torch.inference_mode()
def losses_of_base(base: str, test: Any, info: Any) -> Tensor:
    """Return the losses (N, T) of a chat model that has not been taught anything."""
    model = ChatModel(base, info.base_config, rank=1)  # what is added to its layers is 0
    model.backbone.load_pretrained()
    model.eval()
    losses = []
    for index in range(len(test)):
        tokens, following = test[index]
        logits = model(tokens.unsqueeze(0))[0]  # (T, K)
        losses.append(F.cross_entropy(logits, following, reduction="none"))
    return torch.stack(losses)


def read_window(dataset: Any, index: int) -> list[int]:
    """Return the characters of a window, and the one behind it: (T + 1,)."""
    characters, following = dataset[index]
    return [*characters.tolist(), int(following[-1])]


def read_text(dataset: Any) -> list[int]:
    """Return the characters of all windows, one behind the other."""
    text: list[int] = []
    for index in range(len(dataset)):
        text += read_window(dataset, index)[:-1]
    return text


class NGrams:
    """Foresees a character by how often it came behind the same ones, with Witten-Bell smoothing.

    Where these were seen rarely, or never, more weight is given to what came behind fewer of them:
    "Speech and Language Processing" by Jurafsky and Martin, chapter 3, tells of such models.

    Args:
        text: The numbers of its characters.
        order: How many characters count, with the one that is foreseen.
        characters: How many different ones there are.
    """

    def __init__(self, text: list[int], order: int, characters: int) -> None:
        self.order = order
        self.characters = characters
        # For each number of known characters: what came behind them, and how often.
        self.counts: list[dict[tuple[int, ...], Counter[int]]] = []
        self.totals: list[dict[tuple[int, ...], int]] = []
        for known in range(order):
            counts: dict[tuple[int, ...], Counter[int]] = defaultdict(Counter)
            for place in range(known, len(text)):
                counts[tuple(text[place - known : place])][text[place]] += 1
            self.counts.append(counts)
            self.totals.append({before: found.total() for before, found in counts.items()})

    def loss(self, window: list[int], place: int) -> float:
        """Return the loss of a character in nats, by those that stand before it in the window."""
        probability = 1 / self.characters
        for known in range(min(self.order, place + 1)):
            before = tuple(window[place - known : place])
            if before not in self.totals[known]:
                break
            found = self.counts[known][before]
            total = self.totals[known][before]
            # So often something new came: so much weight is left to fewer known characters.
            doubt = len(found)
            probability = (found[window[place]] + doubt * probability) / (total + doubt)
        return -math.log(probability)
