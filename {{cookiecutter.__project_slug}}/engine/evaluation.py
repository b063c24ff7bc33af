"""How a model does on a part of the data."""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader

from engine.dataset import BatchSampler, to_device
from engine.device import autocast
from engine.distributed import plain
from engine.metrics import Metric, name_of
from engine.processes import add_up
from engine.settings import Settings, UserError

ComputeLoss = Callable[..., tuple[Tensor, Tensor]]  # compute_loss of model.py


class Answers(NamedTuple):
    """What a model answers to a part of the data, in the order of the dataset, on the CPU."""

    losses: Tensor  # (N,)
    outputs: Tensor  # logits (N, K), or numbers (N,), of sequences (N, T)
    labels: Tensor  # (N,), of sequences (N, T)

    @property
    def predictions(self) -> Tensor:
        """The likeliest classes (N,), or the numbers themselves. Of sequences there are none."""
        if self.outputs.dim() == 1:
            return self.outputs
        return self.outputs.argmax(dim=1)


@torch.inference_mode()
def evaluate(
    model: nn.Module, loader: DataLoader, compute_loss: ComputeLoss, settings: Settings
) -> Answers:
    """Return the loss, the output and the label of every example that a loader yields.

    But for rounding the result does not depend on the size of the batches, nor on the number of
    processes.

    Args:
        model: Is put into evaluation mode: no dropout, fixed statistics of normalisation.
        loader: From make_loader.
        compute_loss: That of model.py.
        settings: Handed to compute_loss. Its `precision` decides the number format.
    """
    model = plain(model)
    model.eval()
    device = next(model.parameters()).device
    losses, outputs, labels = [], [], []
    for batch in loader:
        batch = to_device(batch, device)
        try:
            with autocast(device, settings.precision):
                batch_losses, batch_outputs = compute_loss(model, batch, settings)
        except IndexError as error:
            if "Target" not in str(error):  # so cross_entropy begins
                raise
            raise UserError(
                f"data.py: a label in the validation or test data fits no class: {error}"
            ) from error
        if outputs and batch_outputs.shape[1:] != outputs[0].shape[1:]:
            before, now = tuple(outputs[0].shape), tuple(batch_outputs.shape)
            raise UserError(
                f"model.py: compute_loss gives outputs {before} for one batch and {now} for "
                "another: fill all examples up to the same length, in __getitem__ of their Dataset"
            )
        losses.append(batch_losses.float())
        outputs.append(batch_outputs.float())
        labels.append(batch[1])

    sampler = loader.sampler
    assert isinstance(sampler, BatchSampler)
    indices = sampler.indices().to(device)  # where each example stands in the dataset
    # With --limit-batches some examples are left out: those that were seen are marked.
    seen = in_order(torch.ones_like(indices), indices, sampler.examples) > 0
    return Answers(
        in_order(torch.cat(losses), indices, sampler.examples)[seen],
        in_order(torch.cat(outputs), indices, sampler.examples)[seen],
        in_order(torch.cat(labels), indices, sampler.examples)[seen],
    )


def in_order(values: Tensor, indices: Tensor, count: int) -> Tensor:
    """Return the values of all processes in the order of the dataset, on the CPU.

    Args:
        values: (N, ...) of this process.
        indices: (N,) where each belongs.
        count: How many examples the dataset has; where a value is missing, there is a 0.
    """
    everything = values.new_zeros(count, *values.shape[1:])
    everything.index_copy_(0, indices, values)
    return add_up(everything).cpu()


def measure(metrics: list[Metric], outputs: Tensor, labels: Tensor) -> dict[str, float]:
    """Return the scores by the names of their metrics.

    Raises:
        UserError: There is no list of functions, two metrics have one name, or one of them gives
            no number.
    """
    if not isinstance(metrics, list | tuple):
        came = type(metrics).__name__
        raise UserError(f"model.py: metrics returned a {came}: it must return a list of functions")
    scores: dict[str, float] = {}
    for metric in metrics:
        if not callable(metric):
            raise UserError(
                f"model.py: metrics returned a list with {metric!r}: "
                "it must hold functions of (outputs, labels), not their results"
            )
        name = name_of(metric)
        if name in scores or name == "loss":
            raise UserError(f"model.py: metrics has two of the name {name!r}: rename one of them")
        value = metric(outputs, labels)
        try:
            scores[name] = float(value)  # a number of NumPy's or a tensor becomes a plain one
        except (TypeError, ValueError, RuntimeError) as error:
            kind = type(value).__name__
            raise UserError(
                f"model.py: the metric {name} gives a {kind}, not one number"
            ) from error
    return scores
