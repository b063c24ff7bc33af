"""Cases for exercises 3."""

import math

import torch
from torch import nn

from lessons.cases import Case
from lessons.sample import batch, inputs_of, network


def gradients_of(result, *leaves):
    """Return the gradient of a result at each leaf; None where no way leads back to it."""
    try:
        return torch.autograd.grad(result, leaves, allow_unused=True)
    except RuntimeError:  # no way at all, or no more: the answer has gone it with `backward`
        return (None,) * len(leaves)


def slope():
    def cube(x):
        return x**3 - 2 * x

    def constant(x):
        return 0 * x + 4

    def bent(x):
        return 5 * x if x < 1 else x.square()

    yield Case((torch.square, 3.0), 6.0)
    yield Case((torch.sin, 0.0), 1.0, about="function")
    yield Case((torch.exp, 1.0), math.e, about="function")
    for at in (2 * torch.randn(3)).tolist():
        yield Case((cube, at), 3 * at**2 - 2, about="function")
        yield Case((torch.square, at), 2 * at, about="place")
    yield Case((constant, 2.5), 0.0)
    yield Case((bent, -2.0), 5.0, about="branch")
    yield Case((bent, 4.0), 8.0, about="branch")


def fresh_gradients():
    weight = torch.tensor(3.0, requires_grad=True)
    losses = [torch.square, torch.relu]
    yield Case((weight, losses), [torch.tensor(6.0), torch.tensor(1.0)], about="alone")
    weight = torch.tensor(-1.0, requires_grad=True)
    expected = [torch.tensor(-2.0), torch.tensor(0.0), torch.tensor(-2.0)]
    yield Case((weight, [torch.square, torch.relu, torch.square]), expected, about="alone")

    def squares(weight):
        return (weight**2).sum()

    def double(weight):
        return 2 * weight.sum()

    weight = torch.randn(4, requires_grad=True)
    expected = [2 * weight.detach(), torch.full((4,), 2.0), 2 * weight.detach()]
    yield Case((weight, [squares, double, squares]), expected, about="alone")
    weight = torch.randn(3, requires_grad=True)
    yield Case((weight, [double]), [torch.full((3,), 2.0)])


def error_gradient():
    example = torch.ones(1), torch.tensor([[2.0], [1.0]]), torch.zeros(2)
    yield Case(example, torch.tensor([5.0]))
    for count, features in ((2, 2), (5, 3), (1, 4), (7, 1), (3, 6)):
        weight, inputs = torch.randn(features), torch.randn(count, features)
        targets = 3 * torch.randn(count)
        errors = inputs @ weight - targets
        by_hand = 2 * inputs.T @ errors / count
        yield Case((weight, inputs, targets), by_hand, about="mean")


def logits_only():
    def requires_grad(logits):
        return logits.requires_grad

    def weights_require_grad(answer):
        model = nn.Linear(3, 2)
        answer(model, (torch.randn(4, 3),))
        return [weight.requires_grad for weight in model.parameters()]

    model = network()
    inputs = inputs_of(batch())
    yield Case((model, inputs), model(*inputs).detach())
    yield Case((model, inputs), False, view=requires_grad, about="remembered")
    model = nn.Bilinear(3, 2, 4)
    inputs = torch.randn(5, 3), torch.randn(5, 2)
    yield Case((model, inputs), model(*inputs).detach(), about="inputs")
    yield Case(expected=[True, True], run=weights_require_grad, about="weights")

    inputs = torch.randn(6, 3)
    for training in (True, False):

        def logits_and_mode(answer, training=training):
            model = nn.Sequential(nn.BatchNorm1d(3), nn.Dropout(0.0)).train(training)
            return {"logits": answer(model, (inputs,)), "training": model.training}

        logits = nn.BatchNorm1d(3).train(training)(inputs).detach()
        expected = {"logits": logits, "training": training}
        yield Case(expected=expected, run=logits_and_mode, about="mode")


def double_until():
    for at, limit, factor, about in (
        (3.0, 20.0, 8, ""),
        (1.5, 2.0, 2, ""),
        (5.0, 5.0, 1, "enough"),
        (40.0, 7.0, 1, "enough"),
        (0.25, 4.0, 16, "equal"),
        (0.375, 1000.0, 4096, ""),
    ):
        x = torch.tensor(at, requires_grad=True)

        def gradient_at_x(doubled, x=x):
            return gradients_of(doubled, x)[0]

        # Whether x was changed is told only with the gradient: without it the answer is wrong.
        changed = torch.tensor(at, requires_grad=True)
        yield Case((changed, limit), torch.tensor(at * factor), about=about, changes=(0,))
        expected = torch.tensor(float(factor))
        yield Case((x, limit), expected, view=gradient_at_x, about="gradient")


def teacher_loss():
    for count, features, answers in ((4, 3, 2), (1, 2, 5), (6, 1, 3)):
        weight = torch.randn(features, answers, requires_grad=True)
        other = torch.randn(features, answers, requires_grad=True)
        inputs = torch.randn(count, features)

        def student(inputs, weight=weight):
            return inputs @ weight

        def teacher(inputs, other=other):
            return inputs @ other

        def gradients(loss, weight=weight, other=other):
            of_student, of_teacher = gradients_of(loss, weight, other)
            return {"of the student": of_student, "of the teacher": of_teacher}

        errors = (inputs @ weight - inputs @ other).detach()
        arguments = student, teacher, inputs
        yield Case(arguments, (errors**2).mean())
        gradient = 2 * inputs.T @ errors / errors.numel()
        expected = {"of the student": gradient, "of the teacher": None}
        yield Case(arguments, expected, view=gradients, about="constant")

    weight = torch.randn(3, requires_grad=True)
    inputs = torch.randn(4, 3)

    def half(inputs):
        return inputs @ weight / 2

    def whole(inputs):
        return inputs @ weight

    def gradient_of_the_shared_weight(loss):
        return gradients_of(loss, weight)[0]

    errors = (half(inputs) - whole(inputs)).detach()
    expected = inputs.T @ errors / len(errors)
    arguments = half, whole, inputs
    yield Case(arguments, expected, view=gradient_of_the_shared_weight, about="shared")


def walk_back():
    tape = [("y", "w", 2.0), ("loss", "y", 3.0), ("loss", "w", 5.0)]
    yield Case((tape,), {"loss": 1.0, "y": 3.0, "w": 11.0}, about="added")
    tape = [("a", "w", 2.0), ("b", "a", -3.0), ("c", "b", 0.5)]
    yield Case((tape,), {"c": 1.0, "b": 0.5, "a": -1.5, "w": -3.0}, about="multiplied")
    tape = [("y", "w", 3.0), ("loss", "y", 7.0), ("loss", "y", 7.0)]  # y * y
    yield Case((tape,), {"loss": 1.0, "y": 14.0, "w": 42.0}, about="added")
    tape = [("aside", "w", 4.0), ("loss", "w", 2.0)]
    yield Case((tape,), {"loss": 1.0, "w": 2.0, "aside": 0.0}, about="aside")
    for count in (3, 5, 7):
        tape, expected = random_tape(count)
        yield Case((tape,), expected, about="added")


def random_tape(count):
    """Return the tape of so many results, and the gradients that PyTorch finds."""
    tensors = [torch.randn((), requires_grad=True) for _ in range(2)]
    tape = []
    for number in range(2, 2 + count):
        parents = [number - 1, *torch.randint(0, number, (2,)).tolist()]
        slopes = [round(slope, 2) for slope in torch.randn(3).tolist()]
        pairs = list(zip(parents, slopes, strict=True))
        tensors.append(sum(slope * tensors[parent] for parent, slope in pairs))
        tape += [(f"v{number}", f"v{parent}", slope) for parent, slope in pairs]
    found = torch.autograd.grad(tensors[-1], tensors, allow_unused=True)
    on_tape = {name for entry in tape for name in entry[:2]}
    gradients = {f"v{number}": float(gradient or 0) for number, gradient in enumerate(found)}
    return tape, {name: gradients[name] for name in gradients if name in on_tape}
