"""An encoder that has learned language already: texts as tokens in, features out.

docs.pytorch.org/tutorials/beginner/transfer_learning_tutorial.html tells the idea with pictures.
The architectures are those of the package transformers, which does not load here before one is
asked for. Weights come from Hugging Face's cache, from huggingface.co or from a folder, and from
safetensors files alone: nothing of a repository is run.
"""

from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

import engine.transformers_hub
from engine.hub import Wanted
from engine.transformers_hub import (
    FILES,
    load_transformers,
    load_weights,
    read_config,
    read_tokenizer_of,
    refusal,
)

# It has read more than 50 languages, Korean too.
EXAMPLE = "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2"
WANTED = Wanted("--backbone", FILES, EXAMPLE)
POOLER = "pooler."  # a layer behind some encoders, which is not used here


class Encoder(NamedTuple):
    """What is known of an encoder beside its weights. A run keeps it, and needs nothing else."""

    config: str  # JSON: what its layers are, and how large
    tokenizer: str  # JSON: how a text becomes tokens, as the package tokenizers reads it
    max_tokens: int  # so many tokens of a text are read


class Backbone(nn.Module):
    """An encoder, and the mean of what it says of the tokens of a text.

    The weights are random until `load_pretrained` is called, or a checkpoint is loaded.

    Args:
        name: On huggingface.co, or a folder: where load_pretrained finds the weights.
        config: JSON, from read_encoder. The layers are made from this alone.

    Raises:
        UserError: It is no encoder that transformers can make, or none whose answer to a text is
            the same in every batch.
    """

    num_features: int  # numbers that come out for each text

    def __init__(self, name: str, config: str) -> None:
        super().__init__()
        self.name = name
        transformers = load_transformers()
        settings = read_config(name, config, WANTED)
        if settings.is_encoder_decoder:
            raise refusal(name, WANTED, "it has an encoder and a decoder")
        try:
            self.encoder = transformers.AutoModel.from_config(settings, dtype=torch.float32)
            if getattr(self.encoder, "pooler", None) is not None:
                self.encoder.pooler = None  # else it would be trained without being used
            self.num_features = int(settings.hidden_size)
            self.eval()
            check_padding(self, settings.vocab_size)
        except (AttributeError, ImportError, RuntimeError, TypeError, ValueError) as error:
            raise refusal(name, WANTED, " ".join(str(error).split())[:200]) from error
        self.train()

    def forward(self, tokens: Tensor) -> Tensor:
        """Return the features of texts (N, num_features).

        Args:
            tokens: (N, T) int64, from number_tokens: 0 behind the end of each text.
        """
        is_token = tokens > 0  # (N, T)
        numbers = (tokens - 1).clamp(min=0)  # those of the tokenizer begin with 0
        output = self.encoder(input_ids=numbers, attention_mask=is_token.long())
        states = output.last_hidden_state  # (N, T, num_features)
        total = (states * is_token.unsqueeze(2)).sum(dim=1)
        return total / is_token.sum(dim=1, keepdim=True).clamp(min=1)

    def load_pretrained(self) -> None:
        """Load the weights that the encoder has learned, from the cache, the web or a folder.

        Raises:
            UserError: They are not there, or do not fit.
        """
        load_weights(self.encoder, self.name, WANTED, unused=(POOLER,))


def is_at_hand(name: str) -> bool:
    """Return whether an encoder can be used at once: its packages and its weights are here."""
    return engine.transformers_hub.is_at_hand(name, WANTED)


@torch.no_grad()
def check_padding(backbone: Backbone, vocabulary: int) -> None:
    """Raise a ValueError if features depend on how much padding there is in a batch."""
    tokens = torch.arange(10, 26).remainder(vocabulary).add(1).reshape(2, 8)
    tokens[1, 5:] = 0
    together = backbone(tokens)
    alone = backbone(tokens[1:, :5])
    if not torch.allclose(together[1:], alone, rtol=1e-3, atol=1e-3):
        raise ValueError("its answer to a text depends on the others in the batch")


def fetch(name: str) -> Path:
    """Return the folder with the files of an encoder, which is fetched if it is not there yet.

    Args:
        name: On huggingface.co, or a folder.

    Raises:
        UserError: There is no such encoder, it cannot be fetched, or it has no safetensors.
    """
    return engine.transformers_hub.fetch(name, WANTED)


def read_encoder(name: str, max_tokens: int) -> Encoder:
    """Return what is known of an encoder beside its weights.

    Args:
        name: On huggingface.co, or a folder.
        max_tokens: So many tokens of a text are read, fewer if the encoder takes fewer.

    Raises:
        UserError: There is no such encoder, or it has no tokenizer of the fast kind.
    """
    folder = fetch(name)
    config = (folder / "config.json").read_text(encoding="utf-8")
    settings = read_config(name, config, WANTED)
    tokenizer = read_tokenizer_of(name, folder, WANTED)
    fast = tokenizer.backend_tokenizer
    most = min(max_tokens, tokenizer.model_max_length, count_positions(settings))
    fast.no_padding()
    fast.enable_truncation(most)  # the token at the end of each text is kept
    return Encoder(config, fast.to_str(), most)


def count_positions(settings: Any) -> int:
    """Return how many tokens of a text an encoder can tell the places of."""
    positions = getattr(settings, "max_position_embeddings", None) or 0
    if positions < 1:  # it counts from one token to the other, as far as one likes
        return 10**6
    # Some begin to count behind the number of the padding.
    return positions - 1 - (getattr(settings, "pad_token_id", None) or 0)
