"""The model card: a page in Markdown with lines for Hugging Face above it.

huggingface.co/docs/hub/model-cards

It holds no path, no example and nothing that is not meant for others. What is not known is said.
"""

import json
import math
import re
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from string import Template
from typing import Any

import torch

from config import Config
from data import Info
from engine.checkpoint import LoadedModel, load_model
from engine.metrics import score_text
from engine.names import is_path
from engine.terminal import in_one_line
from engine.whole_files import write_text_whole
from model import build_model
from tools.report_page import PROJECT, in_brackets, project_name
from tools.run_files import RunFiles, Scores, read_run
from tools.texts import CARD

CARD_NAME = "README.md"
PAGE = Path(__file__).with_name("card.md")
PAGE_OF_CHAT = Path(__file__).with_name("card_chat.md")  # of a model that was trained with --base
OWN_DATA = Path(__file__).with_name("card_data.md")  # the data that came with the project
NOT_STATED = CARD["not_stated"]
ONNX = "model.onnx"
MOST_NAMES = 20  # of classes or columns in a sentence
FEW_EXAMPLES = 100  # of a test say little
MARKS = re.compile(r"([\\`*_{}\[\]<>#|~])")  # what Markdown and HTML take for a command


def write_cards(folder: Path) -> list[Path]:
    """Write the card into a run's folder, and into its export if there is one; return the files.

    Raises:
        UserError: The run has no epoch yet, or best.pt is damaged.
    """
    cards = [folder / CARD_NAME]
    write_text_whole(cards[0], card_text(folder))
    if (folder / "export" / ONNX).is_file():
        cards.append(folder / "export" / CARD_NAME)
        write_text_whole(cards[1], card_text(folder, is_beside_onnx=True))
    return cards


def card_text(folder: Path, is_beside_onnx: bool = False) -> str:
    """Return the model card of a run.

    Args:
        folder: The run's.
        is_beside_onnx: Whether the card is for the folder of model.onnx, not for that of the run.

    Raises:
        UserError: The run has no epoch yet, or best.pt is damaged.
    """
    loaded = load_model(folder, torch.device("cpu"), Config, Info, build_model)
    run = read_run(folder)
    path = PAGE_OF_CHAT if getattr(loaded.config, "base", None) else PAGE
    page = path.read_text(encoding="utf-8")
    kind = "classification" if loaded.info.classes else "regression"
    tag = re.search(r"^pipeline_tag: (\S+)$", page, re.MULTILINE)
    scores_for_hub = []
    if tag is not None:  # a variant of your own may have none
        task = Template(tag[1]).substitute(kind=kind)
        scores_for_hub = model_index(run.scores, loaded.config, task)
    text = Template(page).substitute(
        front_matter="\n".join([*front_matter(run, loaded), *scores_for_hub]),
        kind=kind,
        project=plain(project_name()),
        headline=headline(run),
        answers=answers_of(loaded.info),
        columns=columns_of(loaded.info),
        network=network_of(loaded),
        not_stated=NOT_STATED,
        limits="\n".join(limits_of(loaded.info, run.scores)),
        scores=scores_of(run.scores),
        classes=classes_of(run.scores),
        mistakes=mistakes_of(run.scores),
        data=data_of(loaded.config),
        sizes=sizes_of(loaded),
        training=training_of(run, loaded),
        settings=settings_of(loaded.config),
        data_licence=data_licence_of(loaded.config),
        backbone_licence=backbone_licence_of(loaded.config),
        run=json.dumps(place_of(folder), ensure_ascii=False),
        place=place_of(folder),
        where_onnx=where_onnx(folder, is_beside_onnx),
        onnx=json.dumps(ONNX if is_beside_onnx else f"export/{ONNX}"),
    )
    return re.sub(r"\n{3,}", "\n\n", text)  # where a part has nothing to say


def without_front_matter(card: str) -> str:
    """Return a card without the lines for Hugging Face above it, for a page that has its own."""
    _, _, body = card.split("---\n", 2)
    return body.lstrip("\n")


def plain(value: object) -> str:
    """Return a text as the page shows it, whatever it holds."""
    return MARKS.sub(r"\\\1", in_one_line(str(value)))


def quoted(value: object) -> str:
    """Return a text as YAML reads it: each of JSON's is one of YAML's."""
    return json.dumps(str(value), ensure_ascii=False)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table."""
    names = list(head)
    lines = []
    for row in (names, ["---"] * len(names), *rows):
        lines.append(f"| {' | '.join(row)} |")
    return "\n".join(lines)


def front_matter(run: RunFiles, loaded: LoadedModel[Config, Info]) -> list[str]:
    """Return the lines that Hugging Face reads: what the scores are, what the model began with.

    github.com/huggingface/hub-docs/blob/main/modelcard.md
    """
    lines = []
    backbone = backbone_of(loaded.config)
    if "/" in backbone:  # others are no names on Hugging Face
        lines.append(f"base_model: {quoted(backbone)}")
    if run.scores is None or not run.scores.metrics:
        return lines
    lines.append("metrics:")
    lines += [f"- {quoted(name)}" for name in run.scores.metrics]
    return lines


def model_index(scores: Scores | None, config: Config, task: str) -> list[str]:
    """Return the lines in which Hugging Face looks for scores; none where there are no scores.

    github.com/huggingface/hub-docs/blob/main/modelcard.md

    Args:
        scores: From eval.py.
        config: Says whether the data are those that came with the project.
        task: As Hugging Face calls it: image-classification and so on.
    """
    if scores is None:
        return []
    metrics = []
    for name, score in scores.metrics.items():
        if math.isfinite(score):
            metrics += [f"    - type: {quoted(name)}", f"      value: {score:.6f}"]
    if not metrics:
        return []
    data = NOT_STATED
    data_id = "own-data"
    if config.data is None:  # their first words in marks of Markdown are their name
        data = re.findall(r"[*\[]([^*\]]+)", OWN_DATA.read_text(encoding="utf-8"))[0]
        data_id = re.sub(r"[^a-z0-9]+", "-", data.lower()).strip("-") or data_id
    return [
        "model-index:",
        f"- name: {quoted(project_name())}",
        "  results:",
        "  - task:",
        f"      type: {task}",
        "    dataset:",
        f"      name: {quoted(data)}",
        f"      type: {quoted(data_id)}",
        f"      split: {quoted(scores.split)}",
        "    metrics:",
        *metrics,
    ]


def headline(run: RunFiles) -> str:
    """Return the main score, or how to get one."""
    scores = run.scores
    name = run.main_metric
    score = scores.of(name) if scores is not None else None
    if scores is None or score is None:
        return CARD["not_scored"]
    shown = f"**{plain(name)} {score_text(score)}**"
    if name in scores.intervals:
        low, high = map(score_text, scores.intervals[name])
        shown = CARD["interval"].format(score=shown, low=low, high=high)
    return CARD["scored"].format(scores=shown, count=f"{scores.examples:,}", split=scores.split)


def answers_of(info: Info) -> str:
    """Return what the model answers: one of some classes, or a number."""
    if not info.classes:
        return CARD["number"]
    return CARD["classes"].format(count=len(info.classes), names=names_of(info.classes))


def columns_of(info: Info) -> str:
    """Return which columns of a table the model needs; '' for other data."""
    names = [*getattr(info, "numbers", ()), *getattr(info, "categories", ())]
    if not names:
        return ""
    return CARD["columns"].format(names=names_of(names))


def names_of(things: list[str]) -> str:
    """Return names side by side; of many the first ones."""
    shown = [plain(name) for name in things[:MOST_NAMES]]
    if len(things) > MOST_NAMES:
        shown.append("…")
    return ", ".join(shown)


def network_of(loaded: LoadedModel[Config, Info]) -> str:
    """Return how large the network is, and with which weights it began."""
    weights = sum(weight.numel() for weight in loaded.model.parameters())
    sentences = [CARD["weights"].format(count=f"{weights:,}")]
    if began_with(loaded.config):
        backbone = backbone_of(loaded.config)
        if backbone:
            sentences.append(CARD["backbone"].format(name=plain(backbone)))
        else:
            sentences.append(CARD["local_backbone"])
    if loaded.config.init_from:
        sentences.append(CARD["earlier_run"])
    return " ".join(sentences)


def began_with(config: Config) -> str:
    """Return which network that has learned already the model began with; '' for none."""
    return getattr(config, "backbone", None) or getattr(config, "base", None) or ""


def backbone_of(config: Config) -> str:
    """Return the name of the network that the model began with; '' for none, and for a folder."""
    name = began_with(config)
    return "" if is_path(name) else name


def limits_of(info: Info, scores: Scores | None) -> list[str]:
    """Return lines about where the model is weak, as far as the scores tell."""
    lines = []
    if info.classes:
        lines.append(f"- {CARD['sureness']}")
    if scores is None:
        return lines
    if scores.examples < FEW_EXAMPLES:
        lines.append(f"- {CARD['few_examples'].format(count=scores.examples)}")
    occurring = {name: one for name, one in scores.per_class.items() if one["support"] > 0}
    if len(occurring) > 1:
        name = min(occurring, key=lambda name: occurring[name]["recall"])
        count = round(occurring[name]["support"])
        found = round(occurring[name]["recall"] * count)
        if found < count:
            text = CARD["rarely_found"]
            lines.append(f"- {text.format(name=plain(name), found=found, count=count)}")
    return lines


def scores_of(scores: Scores | None) -> str:
    """Return the scores beside those of simpler models, and which of them a test can tell apart."""
    if scores is None:
        return CARD["not_scored"]
    names = list(scores.metrics)
    rows = [[CARD["this_model"], *in_brackets(scores.metrics, scores.intervals, names)]]
    for model, metrics in scores.baselines.items():
        doubts = scores.baseline_intervals.get(model, {})
        rows.append([plain(model), *in_brackets(metrics, doubts, names)])
    lines = []
    if scores.intervals:
        lines.append(CARD["doubt"].format(count=f"{scores.examples:,}"))
    for model, (metric, verdict, p) in scores.comparisons.items():
        text = CARD[verdict]
        lines.append(text.format(metric=plain(metric), model=plain(model), p=f"{p:.2g}"))
    shown = table([f"({scores.split})", *map(plain, names)], rows)
    return "\n\n".join([shown, *lines])


def classes_of(scores: Scores | None) -> str:
    """Return a row for each class: how well it is told from the others."""
    if scores is None or not scores.per_class:
        return ""
    head = [CARD["class_head"], "precision", "recall", "f1-score", CARD["examples_head"]]
    rows = []
    for name, one in scores.per_class.items():
        measures = [f"{one[measure]:.3f}" for measure in ("precision", "recall", "f1-score")]
        rows.append([plain(name), *measures, f"{one['support']:.0f}"])
    return table(head, rows)


def mistakes_of(scores: Scores | None) -> str:
    """Return what was taken for what, and the worst single mistakes; never an example itself."""
    if scores is None:
        return CARD["not_scored"]
    if not scores.mistakes:
        return CARD["all_right"].format(count=f"{scores.examples:,}")
    lines = []
    for one in scores.confusions:
        support = scores.per_class.get(str(one["true"]), {}).get("support", scores.examples)
        lines.append(
            CARD["confusion"].format(
                true=plain(one["true"]),
                predicted=plain(one["predicted"]),
                count=one["count"],
                all=f"{support:.0f}",
            )
        )
    for one in scores.mistakes:
        if "probability" in one:
            lines.append(
                CARD["sure_mistake"].format(
                    true=plain(one["true"]),
                    predicted=plain(one["predicted"]),
                    chance=f"{one['probability']:.1%}",
                )
            )
        else:
            true, predicted = f"{one['true']:,.7g}", f"{one['predicted']:,.7g}"
            lines.append(CARD["far_mistake"].format(true=true, predicted=predicted))
    return "\n".join(f"- {line}" for line in lines)


def data_of(config: Config) -> str:
    """Return what the data are, as far as the project knows."""
    if config.data is None:
        return OWN_DATA.read_text(encoding="utf-8").strip()
    return CARD["own_data"]


def data_licence_of(config: Config) -> str:
    """Return the licence of the data, or that it is not stated."""
    return CARD["named_above"] if config.data is None else NOT_STATED


def sizes_of(loaded: LoadedModel[Config, Info]) -> str:
    """Return how many examples each part of the data has, and what keeps the parts apart."""
    fingerprint = loaded.checkpoint["fingerprint"]
    sizes = {part: f"{fingerprint[part]['size']:,}" for part in ("train", "val", "test")}
    sentences = [CARD["sizes"].format(**sizes)]
    for name in ("split_by", "split_time"):
        column = getattr(loaded.config, name, None)
        if column:
            sentences.append(CARD[name].format(column=plain(column)))
    return " ".join(sentences)


def training_of(run: RunFiles, loaded: LoadedModel[Config, Info]) -> str:
    """Return with what and how long the model was trained."""
    made_with = loaded.checkpoint["made_with"]
    device = plain(made_with.get("GPU", made_with["device"]))
    hardware = CARD["processes"].format(device=device, count=made_with["number of processes"])
    if "threads" in made_with:
        hardware = CARD["threads"].format(device=device, count=made_with["threads"])
    rows = [[CARD["hardware"], hardware], ["PyTorch", plain(made_with["PyTorch"])]]
    if run.history:  # metrics.csv may be lost
        best = f"{run.best['epoch']:.0f}"
        rows.append([CARD["time"], run.duration])
        rows.append([CARD["epochs"], CARD["best_epoch"].format(done=len(run.history), best=best)])
    return table(["", ""], rows)


def settings_of(config: Config) -> str:
    """Return the settings that are not the defaults, without those that name files."""
    defaults = asdict(Config())
    rows = []
    for name, value in asdict(config).items():
        if value == defaults[name] or name in ("run_dir", "resume", "device"):
            continue
        shown = plain(value)
        if name in config.PATHS or holds_path(value):
            shown = CARD["own_file"]
        rows.append([f"`{name}`", shown])
    return table(["", ""], rows) if rows else CARD["none"]


def holds_path(value: Any) -> bool:
    """Return whether a setting names a file or a folder."""
    if isinstance(value, list | tuple):
        return any(holds_path(one) for one in value)
    return isinstance(value, str) and is_path(value)


def backbone_licence_of(config: Config) -> str:
    """Return whose licence is to be looked up, where the network began with weights of another."""
    name = backbone_of(config)
    if not name:
        return ""
    address = f" (https://huggingface.co/{name})" if "/" in name else ""
    return f"{plain(name)}{address}: {NOT_STATED}\n"


def place_of(folder: Path) -> str:
    """Return where a run is, from the project's folder on; of one elsewhere, its name alone."""
    absolute = folder.resolve()
    if absolute.is_relative_to(PROJECT.resolve()):
        return absolute.relative_to(PROJECT.resolve()).as_posix()
    return absolute.name


def where_onnx(folder: Path, is_beside_onnx: bool) -> str:
    """Return where the lines below find model.onnx."""
    if is_beside_onnx:
        return CARD["beside"]
    command = f'python -m tools.export --run-dir "{place_of(folder)}"'
    return CARD["export_first"].format(command=command)
