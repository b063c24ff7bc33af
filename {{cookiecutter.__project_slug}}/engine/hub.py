"""Networks that have learned already: their files, from Hugging Face's cache or from the web.

huggingface.co/docs/huggingface_hub/guides/download
"""

import difflib
from collections.abc import Generator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from engine.names import as_on_disk
from engine.settings import UserError, needs

WEIGHTS = "*.safetensors"  # other files of weights can run code when they are read
PROJECT = Path(__file__).parent.parent
WHEELS = "https://download.pytorch.org/whl"


class Wanted(NamedTuple):
    """What is looked for, of whichever network."""

    option: str  # that names the network, as --backbone
    patterns: list[str]  # of the names of the files that are needed
    example: str  # the name of a network that is known to work, for messages


@contextmanager
def needs_pretrained() -> Generator[None]:
    """Say what to do where an import inside finds no package, or one for another PyTorch.

    Raises:
        UserError: A package is not installed, or torchvision does not fit torch.
    """
    try:
        with needs("pretrained"):
            yield
    except (ImportError, RuntimeError) as error:
        reason = " ".join(str(error).split())[:200]
        _, _, build = version("torch").partition("+")  # as in 2.13.0+cpu
        place = f" --index-url {WHEELS}/{build}" if build else ""
        raise UserError(
            f"torch {version('torch')} and torchvision {version('torchvision')} do not fit "
            f"together: pip install --upgrade torch torchvision{place} ({reason})"
        ) from error


def find_files(name: str, wanted: Wanted) -> Path:
    """Return the folder with the files of a network, fetched if they are not in the cache.

    Args:
        name: On huggingface.co, or a folder.
        wanted: Which of its files.

    Raises:
        UserError: There is no such network, its files cannot be had, or none is safetensors.
    """
    folder = as_on_disk(name)
    if not folder.is_dir():
        folder = find_cached(name, wanted.patterns) or download(name, wanted)
    if not (folder / "config.json").is_file():
        raise UserError(
            f"{wanted.option} {name}: there is no config.json in {folder}: is it a network?"
        )
    if not any(folder.glob(WEIGHTS)):
        raise UserError(
            f"{wanted.option} {name} has no weights as {WEIGHTS}, and other files are not read, "
            f"since they can run code: take another one, such as {wanted.example}"
        )
    return folder


def find_cached(name: str, patterns: list[str]) -> Path | None:
    """Return the folder with the files of a network if the cache has them, else None."""
    with needs("pretrained"):
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        folder = Path(snapshot_download(name, allow_patterns=patterns, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError, OSError):
        return None
    return folder if is_complete(folder) else None


def is_complete(folder: Path) -> bool:
    """Return whether a folder holds a network: what it is, and its weights."""
    return (folder / "config.json").is_file() and any(folder.glob(WEIGHTS))


def download(name: str, wanted: Wanted) -> Path:
    """Return the folder in the cache into which the files of a network were fetched."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import (
        GatedRepoError,
        HfHubHTTPError,
        HFValidationError,
        LocalEntryNotFoundError,
        RepositoryNotFoundError,
    )

    try:
        folder = Path(snapshot_download(name, allow_patterns=wanted.patterns))
        if not is_complete(folder) and not does_web_answer(name):
            raise no_network(name, wanted.option)  # what came back is the part that the cache has
        return folder
    except HFValidationError as error:
        raise UserError(
            f"{wanted.option} {name} is neither a folder nor a name on huggingface.co: "
            f"{nearest(name, wanted.example)}"
        ) from error
    except GatedRepoError as error:
        raise UserError(
            f"{wanted.option} {name}: its owners let in only those who have asked: ask on "
            f"huggingface.co/{name}, then log in with `hf auth login`"
        ) from error
    except RepositoryNotFoundError as error:
        raise UserError(
            f"{wanted.option} {name} is not on huggingface.co: {nearest(name, wanted.example)}"
        ) from error
    except (LocalEntryNotFoundError, HfHubHTTPError, OSError) as error:
        raise no_network(name, wanted.option) from error


def does_web_answer(name: str) -> bool:
    """Return whether huggingface.co answers when it is asked about a network."""
    from huggingface_hub import HfApi

    try:
        HfApi().model_info(name)
    except Exception:  # of many kinds, also those of the package that it asks with
        return False
    return True


def no_network(name: str, option: str) -> UserError:
    """Return the error for a network that is not in the cache, when there is no web.

    Args:
        name: The network's.
        option: That names it.
    """
    if (PROJECT / "tools" / "fetch.py").exists():
        advice = f"with a network, python -m tools.fetch {name} loads it ahead"
    else:
        advice = "connect to the web once, then it is kept"
    near = difflib.get_close_matches(name, cached_names(), n=1)
    if near and near[0] != name:
        advice += f"; {near[0]} is in the cache"
    return UserError(
        f"{option} {name} is not in the cache, and huggingface.co does not answer: {advice}"
    )


def damaged(name: str, folder: Path, error: Exception) -> UserError:
    """Return the error that says what to do about weights that cannot be read.

    Args:
        name: Of the network.
        folder: From find_files.
        error: What was raised.
    """
    whole = folder.parent.parent if folder.parent.name == "snapshots" else folder
    reason = " ".join(str(error).split())[:200]
    return UserError(
        f"the weights of {name} cannot be read: remove {whole}, then they are fetched anew "
        f"({reason})"
    )


def nearest(name: str, example: str) -> str:
    """Return which name may have been meant: one of the cache's, or the example."""
    known = [*cached_names(), example]
    found = difflib.get_close_matches(name, known, n=1) or [example]
    return f"take another one, such as {found[0]}"


def cached_names() -> list[str]:
    """Return the names of the networks in the cache."""
    from huggingface_hub.constants import HF_HUB_CACHE

    names = []
    for folder in sorted(Path(HF_HUB_CACHE).glob("models--*")):
        names.append(folder.name.removeprefix("models--").replace("--", "/"))
    return names
