"""Exercises 11: ten mistakes. Each program here runs and is broken: find the mistake and mend it.

There is no hole to fill. The first part of a description says what the program should do, the
part after "Symptom" what someone sees who uses it.
"""

from collections.abc import Callable

import torch
from torch import nn


def squared_error(predictions: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Return the mean squared difference of predictions (N, 1) and their targets (N,).

    Symptom: predictions that are all right still get a loss, and training ends at a network that
    answers the same number to everything.

    >>> squared_error(torch.tensor([[1.0], [3.0]]), torch.tensor([1.0, 3.0]))
    tensor(0.)
    """
    return ((predictions - targets) ** 2).mean()


class PointClassifier(nn.Module):
    """A network of two layers, which is trained with `functional.cross_entropy`.

    Its inputs are points (N, features), its outputs have the shape (N, classes). Keep the
    arguments of `__init__`.

    Symptom: with two classes the loss never falls below 0.31, not even when all answers are right.
    """

    def __init__(self, features: int, classes: int) -> None:
        super().__init__()
        self.hidden = nn.Linear(features, 32)
        self.output = nn.Linear(32, classes)

    def forward(self, points: torch.Tensor) -> torch.Tensor:
        hidden = self.hidden(points).relu()
        return self.output(hidden).softmax(dim=1)


def walk_downhill(
    function: Callable[[torch.Tensor], torch.Tensor], start: torch.Tensor, lr: float, steps: int
) -> torch.Tensor:
    """Return the point where plain gradient descent is after `steps` steps down from `start`.

    `function` takes a point and returns one number. A step is `lr` times the gradient at the
    point. `start` stays as it is, and what is returned does not require a gradient.

    Symptom: the point runs through the lowest place, far up the other side, and back again; the
    first step is right.
    """
    point = start.clone().requires_grad_()
    for _ in range(steps):
        function(point).backward()
        with torch.no_grad():
            point -= lr * point.grad
    return point.detach()


def predicted_classes(model: nn.Module, inputs: torch.Tensor) -> torch.Tensor:
    """Return the likeliest class of each input (N,), as int64, as the trained model sees it.

    Afterwards the model is as it was before: its tensors, and the mode (training or not) that it
    came in.

    Symptom: the same model answers the same inputs now this way, now that; and one input gets
    another answer when it comes in other company.
    """
    with torch.no_grad():
        return model(inputs).argmax(dim=1)


def standardize_parts(train: torch.Tensor, val: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return training inputs (N, features) and validation inputs (M, features), standardized.

    Each feature less a mean, divided by a standard deviation (`std(dim=0)`), with the same numbers
    for both. Afterwards the training inputs have mean 0 and standard deviation 1.

    Symptom: the training inputs change with the validation data that come with them, and the score
    on the validation data is better than that on the data of next year.
    """
    everything = torch.cat([train, val])
    mean, std = everything.mean(dim=0), everything.std(dim=0)
    return (train - mean) / std, (val - mean) / std


def clipped_step(
    model: nn.Module, optimizer: torch.optim.Optimizer, loss: torch.Tensor, limit: float
) -> None:
    """Take one step of the optimizer against the gradient of `loss`, which the model has made.

    If all the gradients of the model together have a norm above `limit`, they are scaled down to
    it first. Gradients of a step before have no part in it.

    Symptom: although the gradients are limited, the loss leaps after a few steps and ends at nan.
    """
    optimizer.zero_grad()
    nn.utils.clip_grad_norm_(model.parameters(), limit)
    loss.backward()
    optimizer.step()


def shuffle_examples(
    inputs: torch.Tensor, labels: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return all examples, inputs (N, ...) and labels (N,), in a new random order.

    Symptom: the loss stays at log(classes), and the network does not get better than chance.
    """
    inputs = inputs[torch.randperm(len(inputs))]
    labels = labels[torch.randperm(len(labels))]
    return inputs, labels


def movement(before: torch.Tensor, after: torch.Tensor) -> torch.Tensor:
    """Return how much each pixel of two pictures differs: never negative, of dtype uint8.

    Both pictures have the dtype uint8 and the same shape.

    Symptom: where hardly anything changes, the difference is as bright as can be.

    >>> movement(torch.tensor([5], dtype=torch.uint8), torch.tensor([3], dtype=torch.uint8))
    tensor([2], dtype=torch.uint8)
    """
    return (after - before).abs()


def with_positions(sequences: torch.Tensor) -> torch.Tensor:
    """Return sequences (N, length, features) with one feature more: the number of the step.

    The steps are numbered 0, 1, 2, ... from the first. The result (N, length, features + 1) has
    the dtype and the device of the sequences.

    Symptom: all is well on the CPU; on a GPU it ends with "Expected all tensors to be on the same
    device".
    """
    count, length, _ = sequences.shape
    steps = torch.arange(length, dtype=sequences.dtype)
    return torch.cat([sequences, steps.expand(count, length)[:, :, None]], dim=2)


def mean_of_losses(
    compute_loss: Callable[[torch.Tensor], torch.Tensor], batches: list[torch.Tensor]
) -> float:
    """Return the mean of the losses of all batches, as a float. There is at least one batch.

    `compute_loss` runs a network on one batch and returns a loss: a tensor of one number.

    Symptom: each batch takes some memory, which does not come back before the end; with many
    batches it is "out of memory".
    """
    total = torch.zeros(())
    for batch in batches:
        total = total + compute_loss(batch)
    return total.item() / len(batches)
