"""A chat model that has learned already: what describes it, its tokenizer, its weights.

The architectures are those of the package transformers, which does not load here before one is
asked for. Weights come from Hugging Face's cache, from huggingface.co or from a folder, and from
safetensors files alone: nothing of a repository is run.
"""

import json
from functools import lru_cache
from inspect import signature
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

import engine.transformers_hub
from engine.hub import Wanted
from engine.settings import needs
from engine.transformers_hub import (
    FILES,
    load_transformers,
    load_weights,
    read_config,
    read_tokenizer_of,
    refusal,
)

EXAMPLE = "HuggingFaceTB/SmolLM2-135M-Instruct"  # small enough to be taught without a GPU
WANTED = Wanted("--base", FILES, EXAMPLE)
ANSWER = "ANSWER"  # stands where an answer will be


class Base(NamedTuple):
    """What is known of a chat model beside its weights. A run keeps it, and needs nothing else."""

    config: str  # JSON: what its layers are, and how large
    tokenizer: str  # JSON: how a text becomes tokens, as the package tokenizers reads it
    chat: str  # JSON: how a conversation is written as one text (chat_template), and its marks


class Backbone(nn.Module):
    """A chat model: tokens in, logits out.

    The weights are random until `load_pretrained` is called, or a checkpoint is loaded. None of
    them is trained: what teaches it something is added to its layers, in chat.py.

    Args:
        name: On huggingface.co, or a folder: where load_pretrained finds the weights.
        config: JSON, from read_base. The layers are made from this alone.

    Raises:
        UserError: It is none that writes on, or transformers cannot make it.
    """

    def __init__(self, name: str, config: str) -> None:
        super().__init__()
        self.name = name
        settings = read_config(name, config, WANTED)
        try:
            self.network = load_transformers().AutoModelForCausalLM.from_config(
                settings, dtype=torch.float32
            )
        except (AttributeError, ImportError, RuntimeError, TypeError, ValueError) as error:
            raise refusal(name, WANTED, " ".join(str(error).split())[:200]) from error
        self.requires_grad_(False)
        # What this argument is called depends on the release of transformers.
        arguments = signature(self.network.forward).parameters
        self.cache_name = "cache" if "cache" in arguments else "past_key_values"

    def forward(self, tokens: Tensor) -> Tensor:
        """Return logits (N, T, K): at each place, which of K tokens comes next.

        Args:
            tokens: (N, T) int64. What fills up a short text stands behind it, where it changes
                nothing: no place looks at those behind it.
        """
        return self.network(input_ids=tokens, use_cache=False).logits

    def follow(self, tokens: Tensor, cache: Any) -> Tensor:
        """Return logits (N, K) of what comes behind tokens.

        Args:
            tokens: (N, T) int64, those that follow on what the cache knows.
            cache: From new_cache; it takes them in.
        """
        known = {self.cache_name: cache}
        return self.network(input_ids=tokens, use_cache=True, **known).logits[:, -1]

    def new_cache(self) -> Any:
        """Return what keeps the keys and values of all tokens so far; at first of none."""
        return load_transformers().DynamicCache(config=self.network.config)

    def load_pretrained(self) -> None:
        """Load the weights that the model has learned, from the cache, the web or a folder.

        Raises:
            UserError: They are not there, or do not fit.
        """
        load_weights(self.network, self.name, WANTED)


def fetch(name: str) -> Path:
    """Return the folder with the files of a chat model, which is fetched if it is not there yet.

    Args:
        name: On huggingface.co, or a folder.

    Raises:
        UserError: There is no such model, it cannot be fetched, or it has no safetensors.
    """
    return engine.transformers_hub.fetch(name, WANTED)


def is_at_hand(name: str) -> bool:
    """Return whether a chat model can be used at once: its packages and its weights are here."""
    return engine.transformers_hub.is_at_hand(name, WANTED)


def read_base(name: str) -> Base:
    """Return what is known of a chat model beside its weights.

    Args:
        name: On huggingface.co, or a folder.

    Raises:
        UserError: There is no such model, or it was not taught to chat.
    """
    folder = fetch(name)
    config = (folder / "config.json").read_text(encoding="utf-8")
    read_config(name, config, WANTED)  # refuses one that transformers does not know
    tokenizer = read_tokenizer_of(name, folder, WANTED)
    if not isinstance(tokenizer.chat_template, str):
        raise refusal(name, WANTED, "it has no chat_template, so it was not taught to answer")
    marks = {"chat_template": tokenizer.chat_template}
    for mark, text in tokenizer.special_tokens_map.items():
        if isinstance(text, str):
            marks[mark] = text
    fast = tokenizer.backend_tokenizer
    fast.no_padding()
    fast.no_truncation()
    base = Base(config, fast.to_str(), json.dumps(marks, ensure_ascii=False))
    try:
        Chat(base.tokenizer, base.chat)
    except Exception as error:  # of many kinds: the template is a program of its own
        reason = " ".join(str(error).split())[:200]
        raise refusal(name, WANTED, f"its chat_template does not work: {reason}") from error
    return base


class Chat:
    """Writes questions and answers as the tokens that a chat model knows, and reads its tokens.

    huggingface.co/docs/transformers/chat_templating

    Args:
        tokenizer: Of a Base.
        chat: Of a Base.
    """

    def __init__(self, tokenizer: str, chat: str) -> None:
        transformers = load_transformers()
        with needs("pretrained"):
            from tokenizers import Tokenizer

        self.tokenizer = Tokenizer.from_str(tokenizer)
        self.template = transformers.PreTrainedTokenizerFast(
            tokenizer_object=self.tokenizer, **json.loads(chat)
        )
        _, behind = self.around_answer("a question")
        self.end = self.number(behind)[0]  # the token that ends an answer

    def prompt(self, question: str) -> list[int]:
        """Return the tokens of a question, and of what opens an answer."""
        before, _ = self.around_answer(question)
        return self.number(before)

    def answer(self, answer: str) -> list[int]:
        """Return the tokens of an answer, and the one that ends it."""
        return [*self.number(answer), self.end]

    def read(self, tokens: list[int]) -> str:
        """Return the text of an answer's tokens."""
        return self.tokenizer.decode(tokens)

    def around_answer(self, question: str) -> tuple[str, str]:
        """Return what is written before an answer to a question, and behind it."""
        conversation = [
            {"role": "user", "content": question},
            {"role": "assistant", "content": ANSWER},
        ]
        text = self.template.apply_chat_template(conversation, tokenize=False)
        before, _, behind = text.rpartition(ANSWER)
        return before, behind

    def number(self, text: str) -> list[int]:
        """Return the numbers of a text's tokens. The marks of a template count as one token."""
        text = text.encode("utf-8", errors="replace").decode("utf-8")  # half a letter becomes "?"
        return self.tokenizer.encode(text, add_special_tokens=False).ids


@lru_cache(maxsize=2)  # reading one takes as long as many questions
def chat_of(tokenizer: str, chat: str) -> Chat:
    """Return the Chat of a Base."""
    return Chat(tokenizer, chat)
