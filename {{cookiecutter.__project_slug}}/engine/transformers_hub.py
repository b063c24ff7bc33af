"""Networks of the package transformers: their files, and what describes their layers.

The package does not load before such a network is asked for. Nothing of a repository is run.
"""

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch

from engine.hub import Wanted, damaged, find_cached, find_files
from engine.names import as_on_disk
from engine.settings import UserError, needs

# What is needed of a repository: no weights in other forms, no code.
FILES = [
    "README.md",
    "config.json",
    "model*.safetensors",
    "model.safetensors.index.json",
    "tokenizer*",
    "chat_template*",
    "vocab*",
    "merges.txt",
    "special_tokens_map.json",
    "added_tokens.json",
    "*.model",
]


def load_transformers() -> Any:
    """Return the package transformers, told to be silent."""
    with needs("pretrained"):
        import transformers

    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    return transformers


def is_at_hand(name: str, wanted: Wanted) -> bool:
    """Return whether a network can be used at once: its packages and its weights are here."""
    if find_spec("transformers") is None or find_spec("huggingface_hub") is None:
        return False
    return as_on_disk(name).is_dir() or find_cached(name, wanted.patterns) is not None


def fetch(name: str, wanted: Wanted) -> Path:
    """Return the folder with the files of a network, which is fetched if it is not there yet.

    Args:
        name: On huggingface.co, or a folder.
        wanted: Which of its files.

    Raises:
        UserError: There is no such network, it cannot be fetched, or it has no safetensors.
    """
    load_transformers()  # without it nothing needs to be fetched
    return find_files(name, wanted)


def refusal(name: str, wanted: Wanted, reason: str) -> UserError:
    """Return the error that says why a network cannot be used."""
    return UserError(
        f"{wanted.option} {name} cannot be used here: {reason}; take one such as {wanted.example}"
    )


def read_config(name: str, config: str, wanted: Wanted) -> Any:
    """Return what transformers makes of the JSON that describes a network.

    Raises:
        UserError: It does not know such a network.
    """
    transformers = load_transformers()
    try:
        described = json.loads(config)
        kind = described["model_type"]
    except (ValueError, KeyError, TypeError) as error:
        raise refusal(name, wanted, "its config.json does not say what it is") from error
    if kind not in transformers.CONFIG_MAPPING:
        reason = f"the installed transformers does not know {kind!r} (code of others is not run)"
        raise refusal(name, wanted, reason)
    return transformers.CONFIG_MAPPING[kind].from_dict(described)


def read_tokenizer_of(name: str, folder: Path, wanted: Wanted) -> Any:
    """Return the tokenizer in the folder of a network, of the kind that one JSON text describes.

    Raises:
        UserError: There is none.
    """
    try:
        tokenizer = load_transformers().AutoTokenizer.from_pretrained(
            folder, local_files_only=True, trust_remote_code=False
        )
        tokenizer.backend_tokenizer.to_str()
    except Exception as error:  # of many kinds, by what is missing or damaged in the folder
        raise refusal(name, wanted, "it has no tokenizer.json that can be read") from error
    return tokenizer


def load_weights(network: Any, name: str, wanted: Wanted, unused: tuple[str, ...] = ()) -> None:
    """Load the weights that a network has learned, from the cache, the web or a folder.

    Args:
        network: Made by transformers from its description.
        name: On huggingface.co, or a folder.
        wanted: Which of its files.
        unused: Layers whose names begin so are left out.

    Raises:
        UserError: They are not there, or do not fit.
    """
    folder = fetch(name, wanted)
    from safetensors import SafetensorError

    try:
        learned, report = type(network).from_pretrained(
            folder,
            dtype=torch.float32,
            use_safetensors=True,
            local_files_only=True,
            output_loading_info=True,
        )
    except (OSError, RuntimeError, ValueError, SafetensorError) as error:
        raise damaged(name, folder, error) from error
    missing = [one for one in report["missing_keys"] if not one.startswith(unused)]
    if missing:
        raise UserError(
            f"{name} lacks {len(missing)} of the network's weights, such as {min(missing)}: "
            f"take another {wanted.option}"
        )
    weights = learned.state_dict()
    used = {one: value for one, value in weights.items() if not one.startswith(unused)}
    network.load_state_dict(used, strict=False)  # what was added to it has not learned yet
