"""The picture of the worst mistakes: wrong answers that the model was sure of, or far off."""

from typing import Any

import torch
from torch import Tensor, nn

from data import show_examples
from showing.examples import draw_examples


@torch.inference_mode()
def find_mistakes(model: nn.Module, dataset: Any, answers: Tensor) -> tuple[Tensor, Tensor]:
    """Return which answers are wrong, the worst first, and how bad each is: (M,), (M,).

    That is the probability of the wrong class, or for numbers how far off they are.
    """
    labels, device = dataset.tensors[-1], next(model.parameters()).device
    wrong = torch.nonzero(answers != labels).flatten()
    bad = (answers - labels)[wrong].abs().float()
    if not labels.is_floating_point() and len(wrong):
        batches = ([part.to(device) for part in dataset[some][:-1]] for some in wrong.split(256))
        chances = torch.cat([model(*batch).softmax(dim=1) for batch in batches]).cpu()
        bad = chances.gather(1, answers[wrong, None]).squeeze(1)
    order = bad.argsort(descending=True, stable=True)
    return wrong[order], bad[order]


def draw_mistakes(model: nn.Module, dataset: Any, answers: Tensor, state: dict[str, Any]) -> Any:
    """Return the picture of the worst mistakes among the answers (N,) to a dataset."""
    (wrong, bad), classes = find_mistakes(model, dataset, answers), state["classes"]
    some, title = wrong[:24], f"{len(answers)} answers"
    pairs = zip(dataset.tensors[-1][some].tolist(), answers[some].tolist(), bad, strict=False)
    if classes:
        title = f"{len(wrong) or 'none'} of {title} wrong, the surest first"
        said = [[classes[true], classes[answer], f"{p:.1%}"] for true, answer, p in pairs]
    else:
        title = f"the largest errors of {title}"
        said = [[f"{true:,.7g}", f"{x:,.7g}", f"{x - true:+,.7g}"] for true, x, _ in pairs]
    names = ["true", "predicted", "probability" if classes else "off by"]
    return draw_examples(show_examples(dataset, some, state), names, said, title)
