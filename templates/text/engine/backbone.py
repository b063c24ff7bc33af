"""An encoder that has learned language already: texts as tokens in, features out.

docs.pytorch.org/tutorials/beginner/transfer_learning_tutorial.html tells the idea with pictures.
The architectures are those of the package transformers, which does not load here before one is
asked for. Weights come from Hugging Face's cache, from huggingface.co or from a folder, and from
safetensors files alone: nothing of a repository is run.
"""

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from engine.hub import damaged, find_cached, find_files
from engine.names import as_on_disk
from engine.settings import UserError, needs

# It has read more than 50 languages, Korean too.
EXAMPLE = "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2"

# What is needed of a repository: no weights in other forms, no code.
FILES = [
    "README.md",
    "config.json",
    "model*.safetensors",
    "model.safetensors.index.json",
    "tokenizer*",
    "vocab*",
    "merges.txt",
    "special_tokens_map.json",
    "added_tokens.json",
    "*.model",
]
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
        settings = read_config(name, config)
        if settings.is_encoder_decoder:
            raise refusal(name, "it has an encoder and a decoder")
        try:
            self.encoder = transformers.AutoModel.from_config(settings, dtype=torch.float32)
            if getattr(self.encoder, "pooler", None) is not None:
                self.encoder.pooler = None  # else it would be trained without being used
            self.num_features = int(settings.hidden_size)
            self.eval()
            check_padding(self, settings.vocab_size)
        except (AttributeError, ImportError, RuntimeError, TypeError, ValueError) as error:
            raise refusal(name, " ".join(str(error).split())[:200]) from error
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
        folder = fetch(self.name)
        from safetensors import SafetensorError

        try:
            learned, report = type(self.encoder).from_pretrained(
                folder,
                dtype=torch.float32,
                use_safetensors=True,
                local_files_only=True,
                output_loading_info=True,
            )
        except (OSError, RuntimeError, ValueError, SafetensorError) as error:
            raise damaged(self.name, folder, error) from error
        missing = [name for name in report["missing_keys"] if not name.startswith(POOLER)]
        if missing:
            raise UserError(
                f"{self.name} lacks {len(missing)} of the encoder's weights, such as "
                f"{min(missing)}: take another --backbone"
            )
        weights = learned.state_dict()
        used = {name: value for name, value in weights.items() if not name.startswith(POOLER)}
        self.encoder.load_state_dict(used)


def is_at_hand(name: str) -> bool:
    """Return whether an encoder can be used at once: its packages and its weights are here."""
    if find_spec("transformers") is None or find_spec("huggingface_hub") is None:
        return False
    return as_on_disk(name).is_dir() or find_cached(name, FILES) is not None


def load_transformers() -> Any:
    """Return the package transformers, told to be silent."""
    with needs("pretrained"):
        import transformers

    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    return transformers


def refusal(name: str, reason: str) -> UserError:
    """Return the error that says why a network cannot be a backbone."""
    return UserError(
        f"--backbone {name} cannot be used here: {reason}; take an encoder such as {EXAMPLE}"
    )


def read_config(name: str, config: str) -> Any:
    """Return what transformers makes of the JSON that describes an encoder."""
    transformers = load_transformers()
    try:
        described = json.loads(config)
        kind = described["model_type"]
    except (ValueError, KeyError, TypeError) as error:
        raise refusal(name, "its config.json does not say what it is") from error
    if kind not in transformers.CONFIG_MAPPING:
        reason = f"the installed transformers does not know {kind!r} (code of others is not run)"
        raise refusal(name, reason)
    return transformers.CONFIG_MAPPING[kind].from_dict(described)


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
    load_transformers()  # without it nothing needs to be fetched
    return find_files(name, FILES, EXAMPLE)


def read_encoder(name: str, max_tokens: int) -> Encoder:
    """Return what is known of an encoder beside its weights.

    Args:
        name: On huggingface.co, or a folder.
        max_tokens: So many tokens of a text are read, fewer if the encoder takes fewer.

    Raises:
        UserError: There is no such encoder, or it has no tokenizer of the fast kind.
    """
    transformers = load_transformers()
    folder = fetch(name)
    config = (folder / "config.json").read_text(encoding="utf-8")
    settings = read_config(name, config)
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(
            folder, local_files_only=True, trust_remote_code=False
        )
        fast = tokenizer.backend_tokenizer
    except Exception as error:  # of many kinds, by what is missing or damaged in the folder
        raise refusal(name, "it has no tokenizer.json that can be read") from error
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
