"""A network that has learned from other pictures already: pictures in, features out.

docs.pytorch.org/tutorials/beginner/transfer_learning_tutorial.html
The architectures are those of the package timm, which does not load here before one is asked for:
huggingface.co/docs/timm. Weights come from Hugging Face's cache or from huggingface.co, and from
safetensors files alone: nothing of a repository is run.
"""

import difflib
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from engine.hub import Wanted, damaged, find_cached, find_files, needs_pretrained
from engine.settings import UserError

EXAMPLE = "tf_efficientnet_lite0"  # small and quick, also without a GPU
WEIGHTS = "model.safetensors"
WANTED = Wanted("--backbone", ["config.json", WEIGHTS, "README.md"], EXAMPLE)


class Backbone(nn.Module):
    """A network of timm without its last layer, which told the classes of other pictures apart.

    The weights are random until `load_pretrained` is called, or a checkpoint is loaded.

    Args:
        name: Of a network of timm, as in `timm.list_models(pretrained=True)`.

    Raises:
        UserError: timm does not know it, or is not installed.
    """

    num_features: int  # numbers that come out for each picture

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        described = describe(name)
        # Pictures must come in with the mean and the standard deviation that it has learned with.
        self.mean = nn.Buffer(torch.tensor(described.mean).view(1, -1, 1, 1))  # (1, 3, 1, 1)
        self.std = nn.Buffer(torch.tensor(described.std).view(1, -1, 1, 1))
        self.network = load_timm().create_model(timm_name(name), num_classes=0)
        self.num_features = int(self.network.num_features)

    def forward(self, pictures: Tensor) -> Tensor:
        """Return the features of pictures (N, num_features).

        Args:
            pictures: (N, 3, H, W) or (N, 1, H, W) float32 in 0..1; grey ones get three channels.
        """
        normalised = (pictures - self.mean) / self.std  # (N, 3, H, W)
        return self.network(normalised)

    def load_pretrained(self) -> None:
        """Load the weights that the network has learned, from the cache or the web.

        Raises:
            UserError: They are not there, or do not fit.
        """
        folder = fetch(self.name)
        try:
            learned = load_timm().create_model(
                timm_name(self.name),
                pretrained=True,
                pretrained_cfg_overlay={"file": str(folder / WEIGHTS), "custom_load": False},
                num_classes=0,
            )
        except Exception as error:  # of many kinds, by what is damaged in the file
            raise damaged(self.name, folder, error) from error
        self.network.load_state_dict(learned.state_dict())


def is_at_hand(name: str) -> bool:
    """Return whether a network can be used at once: timm is here, the weights are in the cache."""
    if find_spec("timm") is None or find_spec("huggingface_hub") is None:
        return False
    try:
        return find_cached(describe(name).hf_hub_id, WANTED.patterns) is not None
    except UserError:
        return False


def load_timm() -> Any:
    """Return the package timm.

    Raises:
        UserError: It is not installed, or its torchvision is for another PyTorch.
    """
    with needs_pretrained():
        import timm
    return timm


def timm_name(name: str) -> str:
    """Return a name as timm knows it: on huggingface.co the same one begins with timm/."""
    return name.removeprefix("timm/")


def describe(name: str) -> Any:
    """Return what timm knows of a network: mean, std, input_size, where its weights are.

    Raises:
        UserError: It does not know it, or there are no weights.
    """
    timm = load_timm()
    short = timm_name(name)
    try:
        described = timm.get_pretrained_cfg(short) if timm.is_model(short) else None
    except RuntimeError:  # it knows the network, but no weights of it with this name
        described = None
    if described is None:
        near = nearest_name(short, [*timm.list_models(), *timm.list_models(pretrained=True)])
        raise UserError(f"--backbone {name} is no network that timm knows: did you mean {near}?")
    if not described.hf_hub_id:
        # There may be some in another form elsewhere. Such files can run code when they are read.
        near = nearest_name(short, timm.list_models(pretrained=True))
        raise UserError(
            f"--backbone {name} has learned nothing: timm has no weights for it that are "
            f"safetensors; take another one, such as {near}"
        )
    return described


def nearest_name(name: str, known: list[str]) -> str:
    """Return which of the names may have been meant."""
    found = difflib.get_close_matches(name, known, n=1)
    return found[0] if found else EXAMPLE


def backbone_size(name: str) -> int:
    """Return the width and height, in pixels, of the pictures that a network has learned from."""
    return int(describe(name).input_size[-1])


def fetch(name: str) -> Path:
    """Return the folder with the files of a network, which is fetched if it is not there yet.

    Args:
        name: Of a network of timm.

    Raises:
        UserError: There is no such network, or it cannot be fetched.
    """
    return find_files(describe(name).hf_hub_id, WANTED)
