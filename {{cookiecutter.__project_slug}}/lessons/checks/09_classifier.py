"""Cases for exercises 9: (arguments, what should come out)."""

from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import nn

from config import Config
from lessons.cases import Case, OneOf
from lessons.sample import batch, gradients, network, parameters
from model import compute_loss


def accuracy():
    yield Case((torch.tensor([[0.1, 2.0], [3.0, 0.2]]), torch.tensor([1, 1])), 0.5, about="number")
    for examples, classes in ((12, 3), (40, 7), (5, 11)):
        logits = torch.randn(examples, classes) - 2
        labels = logits.argmax(dim=1)
        labels[: examples // 4] = (labels[: examples // 4] + 1) % classes
        expected = 1 - (examples // 4) / examples
        yield Case((logits, labels), expected, about="random")
    yield Case((torch.tensor([[-3.0, -1.0, -2.0]]), torch.tensor([1])), 1.0, about="one")
    yield Case((torch.tensor([[-3.0, -1.0, -2.0]]), torch.tensor([0])), 0.0, about="one")


def train():
    config = Config()
    some = list(gradients(network(), batch()))  # the names of the parameters that learn

    def with_momentum(model):
        return torch.optim.SGD(model.parameters(), lr=0.03, momentum=0.9, weight_decay=0.1)

    def with_groups(model):
        """Leave the first parameter alone, if there are others."""
        half = max(1, len(some) // 2)
        first = [model.get_parameter(name) for name in some[half:]]
        second = [model.get_parameter(name) for name in some[1:half]]
        groups = [{"params": first}, {"params": second, "lr": 0.002}]
        return torch.optim.SGD([group for group in groups if group["params"]], lr=0.05)

    def trained(answer, make_optimizer):
        torch.manual_seed(0)  # in training mode, compute_loss may draw random numbers
        model = network()
        batches = [batch(8), batch(6), batch(3)]
        returned = answer(model, make_optimizer(model), batches, config)
        return returned, parameters(model)

    def right(model, optimizer, batches, config):
        history = []
        for examples in batches:
            losses, _ = compute_loss(model, examples, config)
            optimizer.zero_grad()
            losses.mean().backward()
            optimizer.step()
            history.append(losses.mean().item())
        return history

    def right_in_training_mode(model, optimizer, batches, config):
        model.train()
        return right(model, optimizer, batches, config)

    def after_one_more(model, optimizer, batches, config):
        # The line above the hole may stay: in training mode it draws random numbers, too.
        model.train()
        compute_loss(model, batches[0], config)
        return right(model, optimizer, batches, config)

    def losses_of_three_steps(answer):
        return trained(answer, with_momentum)[0]

    def parameters_after_three_steps(answer):
        return trained(answer, with_momentum)[1]

    def parameters_with_groups(answer):
        return trained(answer, with_groups)[1]

    ways = (right, right_in_training_mode, after_one_more)
    for view, about in (
        (losses_of_three_steps, "losses"),
        (parameters_after_three_steps, "parameters"),
        (parameters_with_groups, "groups"),
    ):
        if about != "groups" or len(some) > 1:
            yield Case((), OneOf(*[view(way) for way in ways]), run=view, about=about)


class Watched(nn.Module):
    """A network that remembers whether gradients were on: a copy of it remembers it here, too."""

    gradients: ClassVar[list[bool]] = []

    def __init__(self, inputs, classes):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(inputs, 8), nn.Dropout(0.5), nn.Linear(8, classes))

    def forward(self, inputs):
        self.gradients.append(torch.is_grad_enabled())
        return self.layers(inputs)


def evaluate():
    def mode_afterwards(answer):
        answer(model, batches)
        modes = {"training" if part.training else "evaluation" for part in model.modules()}
        return " and ".join(sorted(modes))

    def gradients_are_on_afterwards(answer):
        answer(model, batches)
        return torch.is_grad_enabled()

    def gradients_were_on(answer):
        model.gradients.clear()
        answer(model, batches)
        return any(model.gradients) or not model.gradients

    for sizes, about in (((5,), "dropout"), ((4, 4, 1), "sizes"), ((2, 9, 3, 1), "sizes")):
        model = Watched(3, 4).eval()
        batches = [(torch.randn(size, 3) * 3, torch.randint(4, (size,))) for size in sizes]
        inputs = torch.cat([inputs for inputs, _ in batches])
        labels = torch.cat([labels for _, labels in batches])
        expected = F.cross_entropy(model(inputs), labels).item()
        yield Case((model, batches), expected, about="sizes" if about == "sizes" else "number")
        model.train()
        yield Case((model, batches), expected, about="dropout")
        yield Case((), "training", run=mode_afterwards, about="training")
        yield Case((), False, run=gradients_were_on, about="gradients")
        yield Case((), True, run=gradients_are_on_afterwards, about="after")
        model.eval()
        yield Case((), "evaluation", run=mode_afterwards, about="evaluation")


def confusion_matrix():
    answers, labels = torch.tensor([1, 1, 0]), torch.tensor([1, 0, 0])
    yield Case((answers, labels, 2), torch.tensor([[1, 1], [0, 1]]), about="rows")
    for examples, classes, about in ((50, 3, "random"), (200, 5, "random"), (6, 9, "missing")):
        answers = torch.randint(classes, (examples,))
        labels = torch.randint(classes, (examples,))
        expected = torch.zeros(classes, classes, dtype=torch.long)
        for answer, label in zip(answers.tolist(), labels.tolist(), strict=True):
            expected[label, answer] += 1
        yield Case((answers, labels, classes), expected, about=about)
    right = torch.ones(300, dtype=torch.long)
    yield Case((right, right.clone(), 2), torch.tensor([[0, 0], [0, 300]]), about="large")
    nothing = torch.zeros(0, dtype=torch.long)
    yield Case((nothing, nothing.clone(), 3), torch.zeros(3, 3, dtype=torch.long), about="empty")


def worst_mistakes():
    # The third is right, and has a higher loss than the first, which is wrong.
    logits = torch.tensor([[1.0, 1.1, -9.0, -9.0], [5.0, 0.0, 0.0, 0.0], [1.0, 0.9, 0.9, 0.9]])
    labels = torch.tensor([0, 3, 0])
    yield Case((logits, labels, 1), torch.tensor([1]), about="order")
    yield Case((logits, labels, 2), torch.tensor([1, 0]), about="wrong")
    for examples, classes, count in ((30, 4, 5), (40, 6, 9)):
        logits = 3 * torch.randn(examples, classes)
        labels = torch.randint(classes, (examples,))
        losses = -logits.log_softmax(dim=1)[torch.arange(examples), labels]
        losses[logits.argmax(dim=1) == labels] = -1.0
        yield Case((logits, labels, count), losses.topk(count).indices, about="order")
    logits = torch.tensor([[0.0, 1.0, 0.5], [2.0, 0.0, 1.0], [1.0, 0.0, 0.0]])
    yield Case((logits, torch.tensor([1, 2, 1]), 3), torch.tensor([2, 1]), about="fewer")
    nothing = torch.zeros(0, dtype=torch.long)
    yield Case((logits, torch.tensor([1, 0, 0]), 2), nothing, about="none")
