"""What one example is, and how examples become batches."""

from collections import Counter
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import numpy as np
import torch
import yaml
from torch import Tensor
from torch.utils.data import TensorDataset

from commands.settings import UserError
from config import Config
from loading.splits import fingerprint, number_classes, split_indices
from loading.table import read_table, read_texts, take_column


class Texts(TensorDataset):
    """Texts and labels; a batch is characters (N, T) int64, 0 behind the end, and labels (N,)."""

    def __init__(self, texts: list[str], labels: Tensor, max_length: int) -> None:
        self.texts = [text.replace("\0", " ")[:max_length] for text in texts]
        self.sizes = torch.tensor([len(text) for text in self.texts])  # to batch like with like
        super().__init__(self.sizes.cumsum(0) - self.sizes, self.sizes, labels)
        codes = "".join(self.texts).encode("utf-32-le", errors="replace")  # 4 bytes a character
        self.characters = torch.from_numpy(np.frombuffer(codes, np.int32).copy())

    def __getitem__(self, index: Any) -> tuple[Tensor, ...]:
        starts, sizes, labels = super().__getitem__(index)
        place = torch.arange(int(sizes.max()))  # (T,)
        where = (starts[:, None] + place).clamp(max=len(self.characters) - 1)  # (N, T)
        return self.characters[where].long() * (place < sizes[:, None]), labels


def load_splits(config: Config) -> dict[str, Any]:
    """Return `train`, `val`, `test`, and what is saved with a model: the `classes` and `inputs`."""
    if config.data is None:
        texts, names = load_languages()
    else:
        columns = read_table(Path(config.data))
        names = take_column(columns, config.label_column, "--label-column")
        texts = take_column(columns, config.text_column, "--text-column")
    kept = {text: name for text, name in zip(texts, names, strict=True) if text and name}
    if not kept:
        raise UserError(f"{config.data} has no row with both a text and a label")
    labels, classes = number_classes(list(kept.values()), config.data)
    sentences = list(kept)
    train, val, test = (
        Texts([sentences[i] for i in part], labels[part], config.max_length)
        for part in split_indices(labels)
    )
    notes = [f"texts: {len(kept)}, of {sum(map(len, kept)) // len(kept)} characters on average"]
    if cut := sum(len(text) > config.max_length for text in kept):
        notes.append(f"cut: {cut} are longer than --max-length {config.max_length}")
    if len(kept) < len(texts):
        notes.append(f"left out: {len(texts) - len(kept)} rows, empty or with a text that recurs")
    inputs = {"max_length": config.max_length, "text_column": config.text_column}
    splits = {"train": train, "val": val, "test": test, "notes": notes}
    return {**splits, "classes": classes, "inputs": inputs, "fingerprint": fingerprint(kept)}


def load_languages() -> tuple[list[str], list[str]]:
    """Return 11,915 sentences of small talk, and in which of 14 languages each is."""
    # By the contributors of chatterbot-corpus, BSD licence.
    folder = Path(str(distribution("chatterbot-corpus").locate_file("chatterbot_corpus/data")))
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the first is ten times faster
    lines, twice = set(), set(folder.glob("traditional*/*.yml"))  # Chinese once more
    for path in set(folder.glob("*/*.yml")) - twice:
        talks = yaml.load(path.read_text(encoding="utf-8"), loader)["conversations"]
        lines |= {(str(line).strip(), path.parent.name) for talk in talks for line in talk}
    lines = {line for line in lines if line[0] and "\n" not in line[0]}  # long answers have code
    uses = Counter(text for text, _ in lines)
    lines = {line for line in lines if uses[line[0]] == 1}  # "OK" is in many languages
    sizes = Counter(language for _, language in lines)
    texts, languages = zip(*sorted(line for line in lines if sizes[line[1]] >= 200), strict=True)
    return list(texts), list(languages)


def read_inputs(names: tuple[str, ...], state: dict[str, Any]) -> tuple[Any, ...]:
    """Return sentences, typed or in files: what to call them, columns, and a batch."""
    inputs = state["inputs"]
    texts, columns = read_texts(names, inputs["text_column"])
    if not any(texts):
        raise UserError(f"no text in {', '.join(names)}")
    padded = Texts([text or " " for text in texts], torch.zeros(len(texts)), inputs["max_length"])
    return texts, columns, [padded[:][0]]


def save_examples(dataset: Texts, state: dict[str, Any], folder: Path) -> None:
    """Write a few texts, to try predict.py on."""
    some = torch.linspace(0, len(dataset) - 1, min(5, len(dataset))).long()
    lines = "".join(text + "\n" for text in show_examples(dataset, some, state)["text"])
    (folder / "texts.txt").write_text(lines, encoding="utf-8")


def show_examples(dataset: Texts, rows: Tensor, _: dict[str, Any]) -> dict[str, list[str]]:
    """Return some examples as a table: the texts, each in one line."""
    return {"text": [" ".join(dataset.texts[i].split()) for i in rows]}
