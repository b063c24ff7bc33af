"""Cases for exercises 13."""

import math

import torch
import torch.nn.functional as F
from torch import nn

from lessons.cases import Case
from lessons.sample import parameters


def attend_to_text():
    query, key = torch.zeros(1, 1, 2), torch.zeros(1, 3, 2)
    value = torch.tensor([[[2.0], [4.0], [90.0]]])
    yield Case((query, key, value, torch.tensor([2])), torch.tensor([[[3.0]]]), about="filling")
    value = torch.tensor([[[1.0, 10.0], [3.0, 20.0], [5.0, 60.0]]])
    all_three = torch.tensor([[[3.0, 30.0]]])
    yield Case((query, key, value, torch.tensor([3])), all_three, about="alike")
    key = torch.tensor([[[math.log(3.0) * 2, 9.0, -9.0, 0.0], [0.0, -9.0, 9.0, 0.0]]])
    query = torch.tensor([[[1.0, 0.0, 0.0, 0.0]]])  # the weights are 3/4 and 1/4
    value = torch.tensor([[[4.0], [8.0]]])
    yield Case((query, key, value, torch.tensor([2])), torch.tensor([[[5.0]]]), about="root")
    for texts, steps, others, width, numbers in ((2, 3, 5, 8, 4), (4, 6, 2, 3, 7), (3, 1, 4, 5, 1)):
        query = 2 * torch.randn(texts, steps, width)
        key = 2 * torch.randn(texts, others, width)
        value = torch.randn(texts, others, numbers)
        lengths = torch.randint(1, others + 1, (texts,))
        rows = []
        for text in range(texts):
            known = slice(None, lengths[text].item())
            row = F.scaled_dot_product_attention(query[text], key[text, known], value[text, known])
            rows.append(row)
        yield Case((query, key, value, lengths), torch.stack(rows), about="random")


def window_mask():
    expected = torch.tensor([[1, 0, 0], [1, 1, 0], [0, 1, 1]]).bool()
    yield Case((3, 2), expected, about="back")
    for steps, width, about in ((5, 1, "itself"), (4, 9, "wide"), (1, 1, ""), (7, 3, "back")):
        rows = []
        for row in range(steps):
            rows.append([row - width < column <= row for column in range(steps)])
        yield Case((steps, width), torch.tensor(rows), about=about)


def next_characters():
    def empty(length):
        return torch.zeros(0, length, dtype=torch.long)

    expected = torch.tensor([[0, 1], [2, 0]]), torch.tensor([[1, 2], [0, 1]])
    yield Case(("abcab", 2), expected)
    expected = torch.tensor([[2, 0, 1]]), torch.tensor([[0, 1, 2]])
    yield Case(("cabca", 3), expected, about="rest")
    yield Case(("cabcab", 3), expected, about="target")
    yield Case(("banana", 1), (torch.tensor([[1], [0], [2], [0], [2]]),
                               torch.tensor([[0], [2], [0], [2], [0]])))  # fmt: skip
    yield Case(("no", 5), (empty(5), empty(5)), about="short")
    yield Case(("four", 4), (empty(4), empty(4)), about="target")


def draw_next():
    def shares(logits, temperature):
        def shares_of_600_draws(draw):
            drawn = [draw(logits, temperature) for _ in range(600)]
            if not all(type(number) is int for number in drawn):
                return type(drawn[0]).__name__
            counts = [drawn.count(number) for number in range(len(logits))]
            return [round(4 * count / 600) / 4 for count in counts]  # to the nearest quarter

        return shares_of_600_draws

    yield Case((torch.tensor([1.0, 3.0, 2.0]), 0), 1, about="zero")
    yield Case((torch.tensor([-1.0, -7.0, -3.0, -0.5]), 0.0), 3, about="zero")
    yield Case((torch.tensor([0.0, 5.0, 4.0]), 0.001), 1, about="low")
    yield Case((torch.tensor([-math.inf, 0.0, -math.inf]), 3.0), 1, about="impossible")
    logits = torch.tensor([0.0, math.log(3)])
    yield Case(expected=[0.25, 0.75], run=shares(logits, 1.0), about="one")
    yield Case(expected=[0.25, 0.75], run=shares(2 * logits, 2.0), about="two")
    logits = torch.tensor([math.log(0.25), math.log(0.5), math.log(0.25)])
    yield Case(expected=[0.25, 0.5, 0.25], run=shares(logits / 4 + 1, 0.25), about="quarter")


def filled(layer):
    """Return a layer with other weights, always the same."""
    torch.manual_seed(3)
    for weight in layer.parameters():
        weight.data = torch.randn(weight.shape)
    return layer


def Residual():  # the name of the exercise
    def output_at_first(Residual):
        return Residual(filled(nn.Linear(3, 3)))(torch.tensor([[1.0, -2.0, 3.0]]))

    def names_of_parameters(Residual):
        return sorted(name for name, _ in Residual(nn.Linear(2, 2)).named_parameters())

    def shape_of_scale(Residual):
        return list(Residual(nn.Linear(2, 2)).scale.shape)

    def output_and_x_with_scale_half(Residual):
        module = Residual(filled(nn.Linear(4, 4)))
        module.load_state_dict(module.state_dict() | {"scale": torch.tensor([0.5])})
        x = filled(nn.Linear(4, 2, bias=False)).weight.detach().clone()
        return [module(x), x]

    def parameters_after_two_steps(Residual):
        module = Residual(filled(nn.Linear(2, 2)))
        optimizer = torch.optim.SGD(module.parameters(), lr=0.1)
        for _ in range(2):
            optimizer.zero_grad()
            module(torch.tensor([[1.0, 2.0], [-1.0, 3.0]])).square().mean().backward()
            optimizer.step()
        return parameters(module)

    class Model(nn.Module):
        def __init__(self, layer):
            super().__init__()
            self.layer = layer
            self.scale = nn.Parameter(torch.zeros(1))

        def forward(self, x):
            return torch.add(x, torch.mul(self.layer(x), self.scale))

    def output_around_relu_with_scale_two(Residual):
        module = Residual(nn.ReLU())
        module.load_state_dict({"scale": torch.tensor([2.0])})
        return module(torch.tensor([-1.0, 0.0, 3.0]))

    x = torch.tensor([[1.0, -2.0, 3.0]])
    yield Case(expected=x, run=output_at_first, about="first")
    yield Case(expected=["layer.bias", "layer.weight", "scale"], run=names_of_parameters,
               about="parameters")  # fmt: skip
    yield Case(expected=[1], run=shape_of_scale)
    expected = output_and_x_with_scale_half(Model)
    yield Case(expected=expected, run=output_and_x_with_scale_half, about="half")
    expected = torch.tensor([-1.0, 0.0, 9.0])
    yield Case(expected=expected, run=output_around_relu_with_scale_two, about="half")
    expected = parameters_after_two_steps(Model)
    yield Case(expected=expected, run=parameters_after_two_steps, about="trained")


def many_heads():
    for texts, steps, width, heads, about in (
        (2, 4, 6, 1, "one"), (1, 3, 4, 2, "two"), (2, 5, 6, 3, "cut"), (3, 4, 8, 4, "cut"),
        (2, 1, 4, 4, "cut"), (2, 4, 4, 4, "cut"),
    ):  # fmt: skip
        query, key, value = 2 * torch.randn(3, texts, steps, width)
        results = []
        for part in range(heads):
            numbers = slice(part * width // heads, (part + 1) * width // heads)
            tensors = [tensor[:, :, numbers] for tensor in (query, key, value)]
            results.append(F.scaled_dot_product_attention(*tensors, is_causal=True))
        yield Case((query, key, value, heads), torch.cat(results, dim=2), about=about)
