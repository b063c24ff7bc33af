"""A run's best model as files for programs without PyTorch, all in one folder."""

import ast
import json
import math
import os
import shutil
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from torch import Tensor

from config import Config
from data import Info, load_data, read_inputs
from engine.answers import answer, put_into_words
from engine.checkpoint import LoadedModel, load_model, load_same_data
from engine.settings import UserError
from model import build_model
from tools.card_text import CARD_NAME, card_text
from tools.export_data import TestInputs
from tools.fresh_folder import written_whole
from tools.onnx_check import compare, show_comparison
from tools.onnx_model import Answering, InputForm, to_onnx
from tools.packed_model import weights_of
from tools.run_files import read_run
from tools.web_files import check_web, write_web

TOKENIZER = "tokenizer.json"  # how a text becomes what the network takes, where it takes tokens
SCRIPT = Path(__file__).with_name("infer_onnx.py")  # answers with model.onnx, is copied beside it
PREDICT = SCRIPT.parents[1] / "predict.py"
# With temperature 0 both take the likeliest character: random numbers they draw from others.
WRITE = ("--tokens", "40", "--temperature", "0")


def export(folder: Path, data: str | None = None, web: bool = False) -> None:
    """Write export/ into a run's folder, whole or not at all, and print what it is worth.

    Args:
        folder: The run's.
        data: Where the run's data are now; None where they have not moved.
        web: Also write a web page that answers by itself, in web/.

    Raises:
        UserError: The network cannot be written as ONNX, or answers otherwise there.
    """
    loaded = load_model(folder, torch.device("cpu"), Config, Info, build_model, data)
    if web:
        check_web(loaded)
    model = loaded.model
    info = loaded.info
    if getattr(loaded.config, "base", None) is not None:
        raise UserError(
            f"{folder} has a chat model, which other programs read in another form: "
            "python -m tools.adapter --merge"
        )
    parts = load_same_data(load_data, loaded, folder)
    test = TestInputs(parts.test, loaded.config, info.is_sequence)
    print("exporting it takes a while")
    forms = test.forms(model)
    answering = Answering(model, forms, info).eval()
    about = describe_model(info, forms)
    text = json.dumps(about, indent=2, ensure_ascii=False)

    target = folder / "export"
    with written_whole(target) as new:
        (new / "model.json").write_text(text, encoding="utf-8")
        if tokenizer_of(info):
            (new / TOKENIZER).write_text(tokenizer_of(info), encoding="utf-8")
        (new / "model.safetensors").write_bytes(save(weights_of(model), {"model.json": text}))
        program = to_onnx(answering, test.to_follow(forms), about["gives"])
        program.model.metadata_props["model.json"] = text
        program.save(new / "model.onnx")
        comparison = compare(answering, new / "model.onnx", test)
        shutil.copyfile(SCRIPT, new / SCRIPT.name)
        sizes = {path.name: path.stat().st_size for path in sorted(new.iterdir())}
        copy_engine(new)
        result = json.dumps(asdict(comparison) | {"bytes": sizes}, indent=2)
        (new / "export.json").write_text(result, encoding="utf-8")
        card = card_text(folder, is_beside_onnx=True)
        (new / CARD_NAME).write_text(card, encoding="utf-8")
        if web:
            write_web(new / "web", read_run(folder), loaded, about, new / "model.onnx")
    show_comparison(comparison, sizes, info.is_sequence)
    try_script(target / SCRIPT.name, loaded, folder)
    print(f"written to {target}: {', '.join(sizes)}, export.json, {CARD_NAME}")
    if web:
        print(f"a page that answers by itself: {target / 'web' / 'index.html'}")
    print(f'next: python "{target / SCRIPT.name}" INPUT')


def copy_engine(folder: Path) -> None:
    """Copy beside the script the files of engine/ that it imports. They need nothing else of it."""
    for node in ast.walk(ast.parse(SCRIPT.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("engine."):
            name = Path(*str(node.module).split(".")).with_suffix(".py")
            (folder / "engine").mkdir(exist_ok=True)
            (folder / "engine" / "__init__.py").touch()
            shutil.copyfile(SCRIPT.parent.parent / name, folder / name)


def try_script(script: Path, loaded: LoadedModel, folder: Path) -> None:
    """Say so if the script that answers without PyTorch answers otherwise than predict.py.

    It reads its inputs by itself. So after a change of read_input in data.py it must change too.

    Args:
        script: infer_onnx.py in its new place.
        loaded: The model that was exported.
        folder: The run's; eval.py leaves examples there.
    """
    paths = tuple(str(path) for path in sorted(folder.glob("examples/*")))
    if not paths:
        return
    if loaded.info.is_sequence:
        run = ("--run-dir", str(folder), "--device", "cpu")
        is_right = said_by(script, *WRITE, *paths) == said_by(PREDICT, *run, *WRITE, *paths)
    else:
        inputs = read_inputs(paths, loaded.info)
        lines, _ = put_into_words(answer(loaded.model, inputs), loaded.info.classes, top=1)
        expected = [f"{name}: {line}" for name, line in zip(inputs.names, lines, strict=True)]
        got = said_by(script, *paths).splitlines()
        is_right = len(got) == len(expected) and all(map(agree, got, expected))
    if is_right:
        return
    print(
        f"warning: {SCRIPT.name} answers otherwise than predict.py to the examples of {folder}: "
        "it reads inputs by itself, so make it read them as read_input in data.py does"
    )


def said_by(script: Path, *words: str) -> str:
    """Return what a script prints, or nothing if it fails."""
    said = subprocess.run(
        [sys.executable, str(script), *words],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    return said.stdout if said.returncode == 0 else ""


def agree(line: str, other: str) -> bool:
    """Return whether two lines "NAME: CLASS 97.3%" have one class, or two of numbers one number."""
    name, _, last = line.rpartition(" ")
    other_name, _, other_last = other.rpartition(" ")
    if name != other_name:
        return False
    if last.endswith("%"):  # how sure it is may differ in the last digit
        return True
    return math.isclose(float(last), float(other_last), rel_tol=1e-3)


def tokenizer_of(info: Info) -> str:
    """Return the JSON text of the tokenizer that a network of texts needs; '' without one."""
    return getattr(info, "tokenizer", "")


def describe_model(info: Info, forms: list[InputForm]) -> dict[str, Any]:
    """Return model.json: what goes in and how it is made, what comes out and what it means."""
    takes = {}
    for form in forms:
        if form.is_empty:
            continue
        shape = [form.axes.get(axis, size) for axis, size in enumerate(form.shape)]
        takes[form.name] = {"type": str(form.dtype).removeprefix("torch."), "shape": shape}
    # Tensors are for the network alone, which holds what it makes of them.
    inputs = {name: value for name, value in asdict(info).items() if not isinstance(value, Tensor)}
    classes = inputs.pop("classes")
    inputs.pop("tokenizer", None)  # it is a file of its own
    docstring = ast.get_docstring(ast.parse(SCRIPT.read_text(encoding="utf-8"))) or ""
    how = docstring.split("\n\n")[-1]
    return {
        "takes": takes,
        "how": " ".join(how.split()),
        "inputs": inputs,
        "gives": "probabilities" if classes or info.is_sequence else "predictions",
        "classes": classes,
    }
