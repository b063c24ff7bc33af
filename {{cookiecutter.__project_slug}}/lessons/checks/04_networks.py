"""Cases for exercises 4."""

import torch
import torch.nn.functional as F
from torch import nn

from lessons.cases import Case, OneOf
from lessons.sample import batch, inputs_of, network, project_data


def linear():
    yield Case(
        (torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0, 4.0]]), torch.tensor([0.5])),
        torch.tensor([[11.5]]),
    )
    for examples, features, outputs in ((5, 4, 2), (1, 3, 6), (4, 3, 3), (2, 1, 1)):
        layer = nn.Linear(features, outputs)
        inputs = torch.randn(examples, features)
        arguments = (inputs, layer.weight.detach(), layer.bias.detach())
        yield Case(arguments, layer(inputs).detach(), about="rows")


def convolution_size():
    simple = (8, 3, 0, 1), (9, 1, 0, 1), (5, 5, 0, 1), (12, 4, 0, 1)
    padded = (8, 3, 1, 1), (8, 5, 2, 1), (7, 4, 3, 1)
    strided = (8, 2, 0, 2), (10, 1, 0, 3), (8, 3, 1, 2), (9, 4, 2, 3), (5, 5, 0, 2), (11, 2, 0, 4)
    for about, sizes in (("places", simple), ("padding", padded), ("stride", strided)):
        for size, kernel, padding, stride in sizes:
            layer = nn.Conv1d(1, 1, kernel, padding=padding, stride=stride)
            width = layer(torch.zeros(1, size)).shape[1]
            yield Case((size, kernel, padding, stride), width, about=about)


def read():
    network = nn.RNN(input_size=2, hidden_size=3, bias=False)
    inputs = torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0], [1.0, 1.0]])
    yield Case((inputs, *network.state_dict().values()), network(inputs)[0].detach())
    for steps, features, states, about in (
        (1, 3, 2, "one"),
        (6, 1, 4, "memory"),
        (5, 4, 4, "memory"),
    ):
        network = nn.RNN(features, states, bias=False)
        inputs = torch.randn(steps, features)
        expected = network(inputs)[0].detach()
        yield Case((inputs, *network.state_dict().values()), expected, about=about)


def cross_entropy():
    logits, labels = torch.tensor([[0.0, 0.0], [2.0, 0.0]]), torch.tensor([1, 0])
    yield Case((logits, labels), F.cross_entropy(logits, labels, reduction="none"))
    for examples, classes in ((6, 3), (1, 4), (3, 3), (3, 7)):
        logits = 3 * torch.randn(examples, classes)
        labels = torch.randint(classes, (examples,))
        expected = F.cross_entropy(logits, labels, reduction="none")
        yield Case((logits, labels), expected, about="each")
    if project_data().info.classes:  # the project may have been made to learn numbers
        examples = batch()
        _, labels = examples
        logits = network()(*inputs_of(examples)).detach()
        expected = F.cross_entropy(logits, labels, reduction="none")
        yield Case((logits, labels), expected, about="project")


def count_weights():
    yield Case((nn.Linear(3, 2),), 8)
    yield Case((nn.Linear(2, 5, bias=False),), 10)
    yield Case((nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Linear(6, 2)),), 40 + 14)
    yield Case((nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4)),), 16 + 8, about="buffers")
    layer = nn.Linear(3, 3)
    yield Case((nn.Sequential(layer, nn.ReLU(), layer),), 12, about="twice")
    tied = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    tied[1].weight = tied[0].weight
    yield Case((tied,), 4 + 2 + 2, about="tied")
    # PyTorch's usual order of the numbers, so that `view` works, too.
    model = network().to(memory_format=torch.contiguous_format)
    weights = list(model.parameters())
    every = sum(len(weight.flatten()) for weight in weights)
    learned = sum(len(weight.flatten()) for weight in weights if weight.requires_grad)
    yield Case((model,), OneOf(every, learned), about="project")  # a part of it may be frozen


def dropout():
    inputs = torch.randn(3, 4)
    for p in (0.0, 0.5, 0.9):
        yield Case((inputs, p, False), inputs.clone(), about="evaluation")
    yield Case((inputs, 0.0, True), inputs.clone(), about="nothing")

    def shape_of(result):
        return result.shape

    for shape in ((5,), (2, 3, 4)):
        yield Case((torch.ones(shape), 0.3, True), torch.Size(shape), view=shape_of, about="shape")

    def zeros_of_10000(answer):
        zeros = answer(torch.ones(100, 100), p, True) == 0
        return {"p": p, "share of zeros": round(zeros.float().mean().item(), 1)}

    def values_made_of_minus_3(answer):
        return {"p": p, "values": answer(torch.full((50, 40), -3.0), p, True).unique()}

    for p in (0.2, 0.6):
        yield Case((), {"p": p, "share of zeros": p}, run=zeros_of_10000, about="share")
        values = torch.tensor([-3.0 / (1 - p), 0.0])
        yield Case((), {"p": p, "values": values}, run=values_made_of_minus_3, about="rest")

    def rows_and_columns_with_zeros_and_others(answer):
        zeros = answer(torch.ones(60, 80), 0.5, True) == 0
        mixed = [(zeros.any(dim) & ~zeros.all(dim)).sum().item() for dim in (1, 0)]
        return {"rows": mixed[0], "columns": mixed[1]}

    def always_as_many_zeros(answer):
        counts = {(answer(torch.ones(500), 0.5, True) == 0).sum().item() for _ in range(9)}
        return len(counts) == 1

    def two_calls_are_equal(answer):
        return answer(torch.ones(500), 0.5, True).equal(answer(torch.ones(500), 0.5, True))

    expected = {"rows": 60, "columns": 80}
    yield Case((), expected, run=rows_and_columns_with_zeros_and_others, about="each")
    yield Case((), False, run=two_calls_are_equal, about="anew")
    yield Case((), False, run=always_as_many_zeros, about="chance")


def TwoLayers():
    def is_prepared(answer):
        return "_parameters" in vars(answer(4, 8, 3))

    yield Case((), True, run=is_prepared, about="prepared")

    def shapes_of_the_parameters(answer):
        model = answer(*sizes)
        return sorted(list(parameter.shape) for parameter in model.parameters())

    def outputs_with_known_weights(answer):
        model = answer(*sizes)
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.copy_(weights[tuple(parameter.shape)])
        return model(inputs)

    def parameters_without_a_gradient(answer):
        model = answer(*sizes)
        model(inputs).square().sum().backward()
        return sum(parameter.grad is None for parameter in model.parameters())

    for features, hidden, classes, examples in ((4, 8, 3, 5), (6, 2, 5, 1), (1, 7, 2, 9)):
        sizes = (features, hidden, classes)
        shapes = [(hidden, features), (hidden,), (classes, hidden), (classes,)]
        weights = {shape: torch.randn(shape) for shape in shapes}
        inputs = 5 * torch.randn(examples, features)
        middle = F.linear(inputs, weights[shapes[0]], weights[shapes[1]]).relu()
        outputs = F.linear(middle, weights[shapes[2]], weights[shapes[3]])
        expected = sorted(list(shape) for shape in shapes)
        yield Case((), expected, run=shapes_of_the_parameters, about="registered")
        yield Case((), outputs, run=outputs_with_known_weights, about="forward")
        yield Case((), 0, run=parameters_without_a_gradient, about="gradient")
