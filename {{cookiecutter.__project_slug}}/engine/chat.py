"""Teach a chat model that has learned already to answer questions of your own.

It stays as it is. To each of its linear layers a small part is added, and only these learn: LoRA,
arxiv.org/abs/2106.09685. So a training takes little memory, and what it has learned is a file of
a few megabytes, the adapter.
"""

from collections import defaultdict
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import Dataset

from engine.backbone import WANTED, Backbone, Chat, chat_of
from engine.documents import read_as
from engine.metrics import IGNORED
from engine.settings import UserError
from engine.table import read_table
from engine.transformers_hub import refusal
from engine.writing import Draw

SCALE = 2.0  # by which what is added is multiplied: alpha / rank in the paper
MOST_PLACES = 2**10  # of conversations in a batch of evaluation: each has logits for all tokens
FILL = 32  # tokens of other text, at least, behind each conversation in training
SHOWN = 16  # tokens of the answer after an epoch
COLUMNS = ("question", "answer")


class LoRALinear(nn.Linear):
    """A linear layer that stays as it is, and a small one beside it that learns what to add.

    The small one has two matrices: `down` to a few numbers, `up` to as many as the layer gives.
    At first `up` is 0, so nothing is added.

    Args:
        layer: Whose weights stay as they are.
        rank: How many numbers are between the two matrices.
    """

    def __init__(self, layer: nn.Linear, rank: int) -> None:
        has_bias = layer.bias is not None
        super().__init__(layer.in_features, layer.out_features, has_bias, device="meta")
        self.weight = layer.weight
        self.bias = layer.bias
        self.is_resting = False  # then it gives what the layer gives alone
        self.down = nn.Parameter(torch.empty(rank, layer.in_features))
        self.up = nn.Parameter(torch.zeros(layer.out_features, rank))
        nn.init.kaiming_uniform_(self.down, a=5**0.5)  # as PyTorch begins every linear layer

    def forward(self, input: Tensor) -> Tensor:
        """Return what the layer gives, and what was learned added to it: (..., out_features)."""
        known = F.linear(input, self.weight, self.bias)
        if self.is_resting:
            return known
        few = F.linear(input, self.down)  # (..., rank)
        return known + SCALE * F.linear(few, self.up)

    def merged(self) -> Tensor:
        """Return the weight of one plain layer that gives the same."""
        return self.weight + SCALE * self.up @ self.down


class ChatModel(nn.Module):
    """A chat model whose linear layers can learn something more.

    Args:
        name: Of --base.
        config: JSON: what its layers are, and how large.
        rank: Of what is added to each layer.
    """

    def __init__(self, name: str, config: str, rank: int) -> None:
        super().__init__()
        self.backbone = Backbone(name, config)
        head = self.backbone.network.get_output_embeddings()
        for part in list(self.backbone.modules()):
            for child, layer in list(part.named_children()):
                if type(layer) is nn.Linear and layer is not head:
                    setattr(part, child, LoRALinear(layer, rank))
        if not any(weight.requires_grad for weight in self.parameters()):
            raise refusal(name, WANTED, "it has no linear layers that could learn")

    def forward(self, tokens: Tensor) -> Tensor:
        """Return logits (N, T, K): at each place, which token comes next.

        Args:
            tokens: (N, T) int64.
        """
        return self.backbone(tokens)

    def write(self, start: Tensor, count: int, draw: Draw, info: Any) -> Iterator[str]:
        """Yield the answer to a question piece by piece, until it ends.

        Args:
            start: The tokens of the question (T,), from read_input.
            count: Of tokens, at most.
            draw: How they are chosen.
            info: Has the tokenizer.
        """
        chat = chat_of(info.tokenizer, info.chat)
        written: list[int] = []
        shown = ""
        for token in self.choose_tokens(start, count, draw, chat.end):
            written.append(token)
            text = chat.read(written)
            # A letter may need several tokens: until the last one it is read as U+FFFD.
            if not text.endswith("\ufffd"):
                yield text[len(shown) :]
                shown = text

    @torch.inference_mode()
    def choose_tokens(self, start: Tensor, count: int, draw: Draw, end: int) -> Iterator[int]:
        """Yield so many tokens that come behind others, or fewer if the answer ends."""
        generator = torch.Generator().manual_seed(draw.seed)
        device = next(self.parameters()).device
        new = start.unsqueeze(0).to(device)  # (1, T)
        cache = self.backbone.new_cache()
        for _ in range(count):
            logits = self.backbone.follow(new, cache)
            token = draw.choose(logits[0].float().cpu(), generator)
            if token == end:
                return
            yield token
            new = torch.tensor([[token]], device=device)


def drift(model: nn.Module, tokens: Tensor, logits: Tensor, following: Tensor) -> Tensor:
    """Return how far a chat model has moved away from its base where nothing is taught (N,).

    It is the mean Kullback-Leibler divergence of what both expect, in nats; 0 where they agree:
    docs.pytorch.org/docs/stable/generated/torch.nn.KLDivLoss.html

    Args:
        model: From build_model, with --base.
        tokens: (N, T) int64.
        logits: Of the model, for these tokens (N, T, K).
        following: What is taught at each place (N, T) int64; IGNORED where nothing is.
    """
    with torch.no_grad(), resting(model):
        before = model(tokens).log_softmax(dim=2)  # (N, T, K)
    now = logits.log_softmax(dim=2)
    far = F.kl_div(now, before, reduction="none", log_target=True).sum(dim=2)  # (N, T)
    is_free = following == IGNORED
    return (far * is_free).sum(dim=1) / is_free.sum(dim=1)


@contextmanager
def resting(model: nn.Module) -> Generator[None]:
    """Let a model answer as its base does, as if it had been taught nothing."""
    layers = [layer for layer in model.modules() if isinstance(layer, LoRALinear)]
    for layer in layers:
        layer.is_resting = True
    try:
        yield
    finally:
        for layer in layers:
            layer.is_resting = False


class Pair(NamedTuple):
    """A question, and the answer to teach."""

    question: str
    answer: str


class Conversations(Dataset):
    """Questions with their answers, as a chat model takes them.

    An input (T,) is a conversation as tokens, a label (T,) the token that follows at each place of
    the answer, and IGNORED at all others. All are filled up to the same length.

    Args:
        pairs: Questions with their answers; they are kept, to be shown.
        chat: Makes tokens of them.
        size: How many places each has, T: enough for the longest one.
        other: Tokens of other text (L,) to fill up with, each time from another place. None: 0.
    """

    def __init__(
        self, pairs: list[Pair], chat: Chat, size: int, other: Tensor | None = None
    ) -> None:
        self.pairs = pairs
        self.other = other
        self.inputs = torch.zeros(len(pairs), size, dtype=torch.long)
        self.labels = torch.full((len(pairs), size), IGNORED)
        self.ends: list[int] = []  # where what fills up begins
        for row, pair in enumerate(pairs):
            question = chat.prompt(pair.question)
            answer = chat.answer(pair.answer)
            tokens = torch.tensor(question + answer)
            end = len(tokens) - 1  # behind the last token comes none
            self.inputs[row, :end] = tokens[:-1]
            self.labels[row, len(question) - 1 : end] = torch.tensor(answer)
            self.ends.append(end)
        self.evaluation_batch_size = max(1, MOST_PLACES // size)

    def __len__(self) -> int:
        return len(self.pairs)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        """Return one example: a conversation (T,) and what follows at each place (T,)."""
        tokens = self.inputs[index].clone()
        if self.other is not None:
            end = self.ends[index]
            begin = torch.randint(len(self.other), (1,))
            places = begin + torch.arange(len(tokens) - end)
            tokens[end:] = self.other[places % len(self.other)]
        return tokens, self.labels[index]


class Split(NamedTuple):
    """The pairs of each part of the data."""

    train: list[Pair]
    val: list[Pair]
    test: list[Pair]


def read_pairs(path: Path, encoding: str | None) -> tuple[list[Pair], list[str]]:
    """Return the questions and answers of a table, each pair once, and lines for the user.

    Args:
        path: A table (.csv, .tsv, .jsonl) with the columns question and answer, or with two
            columns of other names: the first one holds the questions.
        encoding: Of the file; None: it is found out.

    Raises:
        UserError: There is no such table, or no pair in it.
    """
    table = read_table(path, encoding)
    names = list(table)
    notes = []
    if set(COLUMNS) <= set(names):
        names = list(COLUMNS)
    elif len(names) != 2:
        raise UserError(
            f"{path} has the columns {', '.join(map(repr, names))}: "
            f"call one of them {COLUMNS[0]!r} and one {COLUMNS[1]!r}"
        )
    else:
        notes.append(f"  questions: the column {names[0]!r}; answers: the column {names[1]!r}")
    found = []
    for question, answer in zip(table[names[0]], table[names[1]], strict=True):
        found.append(Pair(read_as(str(question)).strip(), read_as(str(answer)).strip()))
    pairs = list(dict.fromkeys(pair for pair in found if pair.question and pair.answer))
    if not pairs:
        raise UserError(f"{path} has no row with a question and an answer")
    left_out = len(found) - len(pairs)
    if left_out:
        notes.append(f"  {left_out} rows left out: without a question or an answer, or twice there")
    answers = defaultdict(set)
    for pair in pairs:
        answers[pair.question].add(pair.answer)
    torn = [question for question, several in answers.items() if len(several) > 1]
    if torn:
        notes.append(f"  {len(torn)} questions have several answers, such as {torn[0]!r}")
    return pairs, notes


def keep_short(pairs: list[Pair], chat: Chat, most: int) -> tuple[list[Pair], list[str]]:
    """Return the pairs that have so many tokens at most, and a line for the user if not all have.

    Raises:
        UserError: None is so short.
    """
    short = [pair for pair in pairs if length(pair, chat) <= most]
    if not short:
        raise UserError(f"every question with its answer has more than {most} tokens: --context")
    left_out = len(pairs) - len(short)
    if left_out == 0:
        return short, []
    reason = f"with their answers they have more than {most} tokens (--context)"
    return short, [f"  {left_out} questions left out: {reason}"]


def length(pair: Pair, chat: Chat) -> int:
    """Return how many tokens a question and its answer have together."""
    return len(chat.prompt(pair.question)) + len(chat.answer(pair.answer))


def split_pairs(pairs: list[Pair]) -> tuple[Split, list[str]]:
    """Return the pairs of each part of the data, and lines for the user.

    Every answer is taught: of one that nobody has told the model it can know nothing. What can be
    held back is another wording of a question, so of each answer with several questions the last
    one is for the test and the one before it for validation, if one is left to train with.
    """
    by_answer = defaultdict(list)
    for pair in pairs:
        by_answer[pair.answer].append(pair)
    train, val, test = [], [], []
    for wordings in by_answer.values():
        held_back = min(2, len(wordings) - 1)
        taught = len(wordings) - held_back
        train += wordings[:taught]
        val += wordings[taught : taught + 1]
        test += wordings[taught + 1 :]
    if not val:
        note = (
            f"{len(train)} to train with, the same ones to validate and test: where an answer has "
            "a second and a third question, these show whether it understands"
        )
        return Split(train, train, train), [f"  questions: {note}"]
    note = f"train {len(train)}, val {len(val)}, test {len(test)}"
    if not test:
        note = f"train {len(train)}, val {len(val)}, the same ones to test: no answer has three"
    return Split(train, val, test or val), [f"  questions: {note}"]


def line_of_answer(model: Any, question: str, info: Any) -> str:
    """Return what a chat model answers to a question: train.py shows it after each epoch.

    Args:
        model: From build_model. It is put into evaluation mode.
        question: One that is taught.
        info: Has the tokenizer.
    """
    model.eval()
    start = torch.tensor(chat_of(info.tokenizer, info.chat).prompt(question))
    likeliest = Draw(temperature=0)
    answer = "".join(model.write(start, SHOWN, likeliest, info))
    return f"           it answers {question!r}: {' '.join(answer.split())}"
