"""An exported model as a web page that answers by itself: no server, no network."""

import base64
import csv
import json
import shutil
from pathlib import Path
from typing import Any

from config import Config
from data import Info
from engine.checkpoint import LoadedModel
from engine.settings import UserError
from tools.form_fields import describe_form
from tools.run_files import RunFiles
from tools.titles import describe_scores, project_title
from tools.web_runtime import packed, place_of_package, write_runtime

HERE = Path(__file__).parent
# What a page consists of: the name in this folder, and that in the page's.
FILES = {
    "web_page.html": "index.html",
    "web_page.css": "page.css",
    "web_page.js": "page.js",
    "web_inputs.js": "inputs.js",
}
LARGEST = 200_000_000  # bytes of a model: browsers hold no text much longer than twice that
MOST_IN_NAME = 40  # characters of an example, on its button


def check_web(loaded: LoadedModel[Config, Info]) -> None:
    """Refuse what cannot become a page, before anything is done.

    Raises:
        UserError: JavaScript cannot make the model's inputs, or this user has no home.
    """
    place_of_package()
    if getattr(loaded.info, "tokenizer", ""):
        raise UserError("--web: a page cannot make tokens of a text, which this model reads")


def write_web(
    target: Path,
    run: RunFiles,
    loaded: LoadedModel[Config, Info],
    about: dict[str, Any],
    onnx: Path,
) -> None:
    """Write the page of a model into a new folder.

    Args:
        target: The folder.
        run: What is known of the run.
        loaded: The model.
        about: model.json.
        onnx: model.onnx.

    Raises:
        UserError: onnxruntime-web cannot be fetched, or the model is too large for a browser.
    """
    size = onnx.stat().st_size
    if size > LARGEST:
        most = f"{LARGEST // 10**6} MB"
        raise UserError(f"--web: {onnx.name} has {size // 10**6} MB, a page takes at most {most}")
    target.mkdir()
    write_runtime(target)
    for name, new_name in FILES.items():
        shutil.copyfile(HERE / name, target / new_name)
    shown = {
        "title": project_title().removeprefix("# "),
        "scores": describe_scores(run),
        "takes": about["takes"],
        "gives": about["gives"],
        "classes": about["classes"],
        "inputs": in_order(about["inputs"]),
        "fields": describe_form(run.folder, loaded),
        "examples": read_examples(run.folder, about["inputs"]),
    }
    # "<\/" is "</" to JavaScript, and no end of a script to a browser.
    text = json.dumps(shown, indent=2, ensure_ascii=False).replace("</", "<\\/")
    lines = [f"const ABOUT = {text};", f'const MODEL = "{packed(onnx.read_bytes())}";']
    (target / "model.js").write_text("\n".join(lines) + "\n", encoding="utf-8")


def in_order(inputs: dict[str, Any]) -> dict[str, Any]:
    """Return what is known of the inputs, with columns as lists: JavaScript has 2024 before age."""
    known = dict(inputs)
    if "numbers" in known:
        known["numbers"] = list(known["numbers"].values())
        known["categories"] = list(known["categories"].items())
    return known


def read_examples(folder: Path, inputs: dict[str, Any]) -> list[tuple[str, Any]]:
    """Return a name and a value for each example that eval.py has left in a run's folder.

    The value is a text; of a picture its file as a data URL; of a row its cells, in the order of
    the fields.
    """
    examples: list[tuple[str, Any]] = []
    for path in sorted(folder.glob("examples/*")):
        if path.suffix == ".csv":
            with path.open(encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
            numbers = [column["column"] for column in inputs["numbers"].values()]
            names = dict.fromkeys(
                [*numbers, *inputs["categories"]]
            )  # a date is there several times
            for number, row in enumerate(rows, 1):
                examples.append((f"{number}", [row[name] for name in names]))
        elif path.name == "texts.txt":
            lines = path.read_text(encoding="utf-8").splitlines()
            examples += [(shorten(line), line) for line in lines]
        elif path.suffix == ".txt":
            text = path.read_text(encoding="utf-8").strip()
            examples.append((shorten(text), text))
        else:
            content = base64.b64encode(path.read_bytes()).decode()
            kind = path.suffix.removeprefix(".")
            examples.append((path.stem, f"data:image/{kind};base64,{content}"))
    return examples


def shorten(text: str) -> str:
    """Return a text as it fits on a button."""
    line = " ".join(text.split())
    return line if len(line) <= MOST_IN_NAME else line[: MOST_IN_NAME - 1] + "…"
