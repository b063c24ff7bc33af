"""A chat model that was taught something, as files that the packages peft and transformers read."""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from config import Config
from data import Info
from engine.chat import SCALE, ChatModel, LoRALinear, chat_of
from engine.checkpoint import LoadedModel, load_model
from engine.settings import UserError
from model import build_model
from tools.fresh_folder import written_whole


def load_chat_model(folder: Path) -> tuple[LoadedModel[Config, Info], ChatModel]:
    """Return the best model of a run, and the same as a chat model.

    Raises:
        UserError: It is none.
    """
    loaded = load_model(folder, torch.device("cpu"), Config, Info, build_model)
    if not isinstance(loaded.model, ChatModel):
        raise UserError(f"{folder} was trained without --base: it has no adapter")
    return loaded, loaded.model


def taught_layers(model: ChatModel) -> dict[str, LoRALinear]:
    """Return the layers that have learned something, by their names in the base."""
    layers = {}
    for name, layer in model.backbone.network.named_modules():
        if isinstance(layer, LoRALinear):
            layers[name] = layer
    return layers


def write_adapter(folder: Path) -> Path:
    """Write what was added to the layers of the base into adapter/ of a run; return that folder.

    Its form is that of peft: huggingface.co/docs/peft/developer_guides/checkpoint
    """
    loaded, model = load_chat_model(folder)
    weights: dict[str, Tensor] = {}
    for name, layer in taught_layers(model).items():
        weights[f"base_model.model.{name}.lora_A.weight"] = layer.down.detach().contiguous()
        weights[f"base_model.model.{name}.lora_B.weight"] = layer.up.detach().contiguous()
    described = {
        "peft_type": "LORA",
        "task_type": "CAUSAL_LM",
        "base_model_name_or_path": loaded.config.base,
        "r": loaded.config.rank,
        "lora_alpha": SCALE * loaded.config.rank,  # which peft divides by r
        "target_modules": sorted(taught_layers(model)),
        "bias": "none",
        "inference_mode": True,
    }
    target = folder / "adapter"
    with written_whole(target) as new:
        save_file(weights, new / "adapter_model.safetensors", {"format": "pt"})
        text = json.dumps(described, indent=2, ensure_ascii=False) + "\n"
        (new / "adapter_config.json").write_text(text, encoding="utf-8")
    return target


@torch.no_grad()
def write_merged(folder: Path) -> Path:
    """Write the whole model, what it was taught in its weights, into merged/ of a run.

    Its form is that of transformers: huggingface.co/docs/transformers/main_classes/model

    Returns:
        That folder.
    """
    loaded, model = load_chat_model(folder)
    network = model.backbone.network
    weights = network.state_dict()
    for name, layer in taught_layers(model).items():
        del weights[f"{name}.down"]
        del weights[f"{name}.up"]
        weights[f"{name}.weight"] = layer.merged()
    whole = type(network)(network.config)
    whole.load_state_dict(weights)
    chat = chat_of(loaded.info.tokenizer, loaded.info.chat)
    whole.generation_config.eos_token_id = chat.end  # there an answer ends
    target = folder / "merged"
    with written_whole(target) as new:
        whole.save_pretrained(new)
        chat.template.save_pretrained(new)
    return target
