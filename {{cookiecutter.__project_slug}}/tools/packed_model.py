"""A trained model as two files that hold nothing of the training: model.json, model.safetensors.

Nothing in them is ever run when they are read: huggingface.co/docs/safetensors
"""

import json
from dataclasses import asdict
from pathlib import Path, PureWindowsPath
from typing import Any, NamedTuple

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from config import Config
from data import Info
from engine.checkpoint import LoadedModel, load_state, restore_info
from engine.names import as_on_disk, is_path
from engine.settings import UserError
from model import build_model

ABOUT = "model.json"
WEIGHTS = "model.safetensors"
BEGUN_WITH = ("backbone", "base")  # settings that name a network that has learned, or its folder
OF_INFO = "info.safetensors"  # the tensors of Info, where it has some


class Packed(NamedTuple):
    """What the files hold."""

    loaded: LoadedModel[Config, Info]
    heading: str  # Markdown: what stands above a page
    form: dict[str, Any]  # from describe_form of form_fields.py


def pack(folder: Path, loaded: LoadedModel[Config, Info], heading: str, form: Any) -> None:
    """Write a model into a folder.

    Args:
        folder: An empty one.
        loaded: From load_model.
        heading: Markdown: what stands above a page.
        form: From describe_form of form_fields.py.

    Raises:
        UserError: What is known of the data holds something that these files cannot.
    """
    tensors: dict[str, Tensor] = {}

    def as_json(value: Any) -> dict[str, str]:
        """Return what stands for a tensor in model.json."""
        if not isinstance(value, Tensor):
            kind = type(value).__name__
            raise UserError(f"data.py's Info holds a {kind}, which cannot be in {ABOUT}")
        name = str(len(tensors))
        tensors[name] = value.contiguous()
        return {"tensor": name}

    about = {
        "heading": heading,
        "form": form,
        "config": settings_of_answers(loaded.config),
        "info": asdict(loaded.info),
    }
    text = json.dumps(about, indent=2, ensure_ascii=False, default=as_json)
    (folder / ABOUT).write_text(text, encoding="utf-8")
    save_file(weights_of(loaded.model), folder / WEIGHTS)
    if tensors:
        save_file(tensors, folder / OF_INFO)


def unpack(folder: Path, device: torch.device) -> Packed:
    """Return the model in a folder, in evaluation mode.

    Args:
        folder: Where pack has written it.
        device: Where the model shall be.
    """
    tensors = load_file(folder / OF_INFO) if (folder / OF_INFO).exists() else {}

    def from_json(value: dict[str, Any]) -> Any:
        """Return the tensor that stands behind its name in model.json."""
        if value.keys() == {"tensor"} and value["tensor"] in tensors:
            return tensors[value["tensor"]]
        return value

    text = (folder / ABOUT).read_text(encoding="utf-8")
    about = json.loads(text, object_hook=from_json)
    config = Config.restore(about["config"])
    info = restore_info(about["info"], Info)
    model = build_model(config, info)
    load_state(model, "model", {"model": load_file(folder / WEIGHTS)}, folder)
    loaded = LoadedModel(model.to(device).eval(), config, info, checkpoint={})
    return Packed(loaded, about["heading"], about["form"])


def settings_of_answers(config: Config) -> dict[str, Any]:
    """Return the settings of a run without those that say where files of its owner are."""
    settings = {}
    for name, value in asdict(config).items():
        if name in config.PATHS:
            continue
        if name in BEGUN_WITH and value is not None and is_path(value):  # also of one that is gone
            value = PureWindowsPath(as_on_disk(value).resolve()).name
        settings[name] = value
    return settings


def weights_of(model: nn.Module) -> dict[str, Tensor]:
    """Return copies of the weights, in the one memory format that safetensors knows."""
    weights = {}
    for name, tensor in model.state_dict().items():
        weights[name] = tensor.clone(memory_format=torch.contiguous_format)
    return weights
