"""Why a model says so of a text: its words are left out, one after the other.

Where the model is less sure without a word, the word has spoken for the answer, beside the others:
of two words that say the same, each can be left out.
"""

import json
import re
import tempfile
from pathlib import Path
from typing import NamedTuple

from torch import Tensor

from config import Config
from data import Info, read_inputs
from engine.checkpoint import LoadedModel
from engine.dataset import Inputs
from tools.explained import SECONDS, ask, effect_in_words, how_many, html_text, worth_of_parts
from tools.texts import WHY

# Scripts that have no spaces between words (Chinese, Japanese): each letter counts as a word.
NO_SPACES = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
WORD = re.compile(rf"\s*(?:[{NO_SPACES}]|[^\s{NO_SPACES}]+)\s*")
MOST = 60  # parts of a text: of a longer one several words together are left out
FEWEST = 8  # also of a model that is slow


class Words(NamedTuple):
    """What each part of a text is worth to an answer."""

    parts: list[str]  # words with the spaces behind them; together they are the text
    worth: Tensor  # (parts,), 0 or more
    words: str  # HTML: what becomes of the answer without the part that is worth most


def explain(loaded: LoadedModel[Config, Info], path: Path, seconds: float = SECONDS) -> str:
    """Return why the model answers so to a text, as a piece of a page.

    Args:
        loaded: The model.
        path: A file for predict.py, with one text.
        seconds: About as long may it take.
    """
    (text,) = read_inputs((str(path),), loaded.info).names
    return show(worth_of_words(loaded, text, seconds))


def worth_of_words(loaded: LoadedModel[Config, Info], text: str, seconds: float = SECONDS) -> Words:
    """Return what each word of a text is worth to the model's answer.

    Args:
        loaded: The model.
        text: What is read of it is cut into words.
        seconds: About as long may it take: a slow model leaves out several words together.
    """
    text = text[: loaded.info.max_length]
    most = how_many(loaded.model, read_texts([text], loaded.info), seconds)
    parts = cut_into_parts(text, max(FEWEST, min(MOST, most)))
    texts = [text]
    for number in range(len(parts)):
        texts.append("".join(parts[:number] + parts[number + 1 :]))
    outputs = ask(loaded.model, read_texts(texts, loaded.info))
    worth = worth_of_parts(outputs)
    if not worth.any():
        return Words(parts, worth, WHY["no_word"])
    strongest = int(worth.argmax())
    effect = effect_in_words(outputs, strongest, loaded.info.classes)
    word = html_text(parts[strongest].strip(), 40)
    return Words(parts, worth, WHY["word"].format(word=word, effect=effect))


def cut_into_parts(text: str, most: int) -> list[str]:
    """Return a text in at most so many parts: words, or where there are more, several together."""
    words = WORD.findall(text)
    size = max(1, -(-len(words) // most))  # rounded up
    return ["".join(words[start : start + size]) for start in range(0, len(words), size)]


def read_texts(texts: list[str], info: Info) -> Inputs:
    """Return texts as the model is asked about them, read as predict.py reads a file of them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "texts.jsonl"
        lines = [json.dumps({info.text_column: text}) + "\n" for text in texts]
        path.write_text("".join(lines), encoding="utf-8")
        return read_inputs((str(path),), info)


def show(words: Words, most: int | None = None) -> str:
    """Return a text whose words are shaded by what they are worth, as a piece of a page.

    Args:
        words: From worth_of_words.
        most: So many parts are shown, the strongest among them; None shows all.
    """
    count = len(words.parts)
    first = 0
    if most is not None and count > most:
        strongest = int(words.worth.argmax())
        first = max(0, min(strongest - most // 2, count - most))
        count = first + most
    largest = max(words.worth.max().item(), 1e-9) if len(words.parts) else 1
    shown = []
    for part, worth in zip(
        words.parts[first:count], words.worth[first:count].tolist(), strict=True
    ):
        word = html_text(part)
        if worth > 0:
            word = f'<mark style="--heat: {worth / largest:.2f}">{word.strip()}</mark>'
            word += " " if part[-1].isspace() else ""
        shown.append(word)
    before = "\u2026 " if first > 0 else ""
    behind = " \u2026" if count < len(words.parts) else ""
    text = f"{before}{''.join(shown).strip()}{behind}"
    return f'<div class="why"><p dir="auto">{text}</p><p>{words.words}</p></div>'
