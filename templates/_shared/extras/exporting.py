"""A run's best model as files for programs without PyTorch, all in one folder."""

import ast
import inspect
import json
import shutil
from itertools import compress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
import torch.nn.functional as F
from safetensors.torch import save
from torch import Tensor

from checkpoint import check_data, load_model
from data import load_splits
from extras.answering import Answering, to_onnx
from extras.comparing import compare, show_comparison

WHOLE = torch.contiguous_format  # the only one that safetensors knows
SCRIPT = Path(__file__).with_name("infer_onnx.py")


def export(folder: Path) -> None:
    """Write `export/` into a run's folder, whole or not at all, and say what it is worth."""
    model, config, state = load_model(folder, torch.device("cpu"))
    splits = load_splits(config)
    check_data(splits, state, folder)
    test = splits["test"]
    used = [0 not in tensor.shape[1:] for tensor in test[torch.arange(1)][:-1]]
    answering = Answering(model, used, state["classes"]).eval()

    def take(rows: Tensor) -> tuple[Tensor, ...]:
        return tuple(compress(test[rows % len(test)], used))

    print(f"exporting the best model of {folder}: this takes a while")
    names = compress(inspect.signature(model.forward).parameters, used)
    inputs, axes = dict(zip(names, take(torch.arange(3)), strict=True)), {0: "batch"}
    if hasattr(test, "sizes"):  # of texts the length varies, too
        inputs = {name: F.pad(one, (0, 8)) for name, one in inputs.items()}  # not only 1
        axes[1] = "length"
    about = describe_model(state, inputs, axes)
    target = folder / "export"
    with TemporaryDirectory(prefix="export.", dir=folder) as place:
        new = Path(place, "export")  # others may read it, which they may not the one around it
        new.mkdir()
        text = json.dumps(about, indent=2, ensure_ascii=False)
        (new / "model.json").write_text(text, encoding="utf-8")
        weights = {name: one.clone(memory_format=WHOLE) for name, one in model.state_dict().items()}
        (new / "model.safetensors").write_bytes(save(weights, {"model.json": text}))
        program = to_onnx(answering, inputs, about["gives"], axes)
        program.model.metadata_props["model.json"] = text
        program.save(new / "model.onnx")
        result = compare(answering, new / "model.onnx", take, test.tensors[-1])
        shutil.copyfile(SCRIPT, new / SCRIPT.name)
        result["bytes"] = {path.name: path.stat().st_size for path in sorted(new.iterdir())}
        (new / "export.json").write_text(json.dumps(result, indent=2), encoding="utf-8")
        if target.exists():
            target.rename(Path(place, "earlier"))  # and back, were there an error
        new.rename(target)
    show_comparison(result)
    print(f"written to {target}: {', '.join(result['bytes'])}, export.json")
    print(f'next: python "{target / SCRIPT.name}" INPUT')


def describe_model(
    state: dict[str, Any], inputs: dict[str, Tensor], axes: dict[int, str]
) -> dict[str, Any]:
    """Return model.json: what goes in and how it is made, what comes out and what it means."""
    takes = {}
    for name, tensor in inputs.items():
        shape = [axes.get(axis, size) for axis, size in enumerate(tensor.shape)]
        takes[name] = {"type": str(tensor.dtype).removeprefix("torch."), "shape": shape}
    script = ast.get_docstring(ast.parse(SCRIPT.read_text(encoding="utf-8"))) or ""
    return {
        "takes": takes,
        "how": " ".join(script.split("\n\n")[-1].split()),
        "inputs": state["inputs"],
        "gives": "probabilities" if state["classes"] else "predictions",
        "classes": state["classes"],
    }
