"""Why a model made its worst mistakes with pictures, for tools.report."""

from pathlib import Path
from typing import Any

import torch

from config import Config
from data import Info
from engine.checkpoint import LoadedModel
from engine.dataset import Data
from engine.plots import cut, save_figure, take_dollars_as_they_are
from tools.explained import Drawn, Explained
from tools.run_files import Scores
from tools.texts import WHY
from tools.why import heat_of, paint

FILE = "why.png"
SECONDS = 0.8  # for each picture


def explain_mistakes(
    loaded: LoadedModel[Config, Info], data: Data[Info], scores: Scores, folder: Path
) -> Explained:
    """Draw what the model looked at in its worst mistakes, and return what is to be said.

    Args:
        loaded: The model.
        data: That of the run.
        scores: What eval.json says, with the mistakes.
        folder: The run's, where the picture goes.
    """
    from matplotlib.figure import Figure

    dataset: Any = getattr(data, scores.split)
    mistakes = scores.mistakes
    if not mistakes:
        return Explained()
    take_dollars_as_they_are()
    figure = Figure((1.7 * len(mistakes), 2.3), layout="constrained")
    panels = figure.subplots(1, len(mistakes), squeeze=False).flatten()
    for axes, one in zip(panels, mistakes, strict=True):
        picture = torch.as_tensor(dataset[one["index"]][0]).float()
        heat = heat_of(loaded.model, picture, loaded.info.classes, SECONDS)
        axes.imshow(paint(picture, heat.worth))
        axes.axis("off")
        axes.set_title(f"{cut(str(one['predicted']), 14)}?", fontsize=11, y=1)
    save_figure(figure, folder / FILE, margins=False)
    return Explained(beside=Drawn(FILE, WHY["heats_alt"], WHY["heats"]))
