"""Cases for exercises 11: programs that are broken as they come."""

import weakref

import torch
from torch import nn
from torch.nn import functional

from lessons.cases import Case


def squared_error():
    right = torch.randn(7)
    yield Case((right[:, None].clone(), right), torch.tensor(0.0), about="all_right")
    for count in (5, 12, 1):
        predictions, targets = torch.randn(count, 1), torch.randn(count)
        total = 0.0
        for prediction, target in zip(predictions.flatten(), targets, strict=True):
            total += (prediction - target).item() ** 2
        yield Case((predictions, targets), torch.tensor(total / count), about="pairs")


def loss_after_training(classifier):
    """Return the loss after a training; 0 where it is low enough."""
    points = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    labels = torch.tensor([0, 1, 1, 0])  # no straight line keeps the two classes apart
    model = classifier(2, 2)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
    for _ in range(150):
        loss = functional.cross_entropy(model(points), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss.item() if loss.item() > 0.1 else 0.0


def shape_of_the_outputs(classifier):
    return classifier(5, 3)(torch.randn(4, 5)).shape


def difference_of_a_point_alone(classifier):
    """Return how far the output of a point depends on what comes with it."""
    points = torch.randn(6, 3)
    model = classifier(3, 4).eval()
    return (model(points)[:1] - model(points[:1])).abs().max().item()


def PointClassifier():
    yield Case(run=loss_after_training, expected=0.0, about="floor")
    yield Case(run=shape_of_the_outputs, expected=torch.Size([4, 3]))
    yield Case(run=difference_of_a_point_alone, expected=0.0, about="alone")


def bowl(point):
    return (point**2).sum()


def valley(point):
    return point[0] ** 2 + 3 * point[1] ** 2 + point[0] * point[1]


def requires_grad_of(point):
    return point.requires_grad


def walk_downhill():
    yield Case((bowl, torch.tensor([1.0]), 0.25, 1), torch.tensor([0.5]), about="one_step")
    yield Case((bowl, torch.tensor([1.0]), 0.25, 3), torch.tensor([0.125]), about="more_steps")
    for function, sizes, steps in ((valley, (2,), 6), (bowl, (2, 3), 4), (bowl, (), 2)):
        start = torch.randn(sizes)
        point = start.clone()
        for _ in range(steps):
            leaf = point.clone().requires_grad_()
            point = point - 0.1 * torch.autograd.grad(function(leaf), leaf)[0]
        yield Case((function, start, 0.1, steps), point, about="more_steps")
    yield Case((valley, torch.tensor([3.0, -1.0]), 0.1, 0), torch.tensor([3.0, -1.0]))
    yield Case((bowl, torch.ones(2), 0.1, 2), False, view=requires_grad_of)


def shaky():
    """Return a network with dropout and batch normalisation that has seen some data."""
    layers = [nn.BatchNorm1d(4), nn.Linear(4, 16), nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 5)]
    model = nn.Sequential(*layers)
    for _ in range(5):
        model(3 * torch.randn(20, 4) + 2)
    return model


def mode_before_and_after(training):
    """Return a function that tries an answer on a model which is in this mode."""

    def mode_afterwards(answer):
        model = shaky().train(training)
        answer(model, torch.randn(6, 4))
        return "training" if model.training else "evaluation"

    return mode_afterwards


def predicted_classes():
    for training, count in ((True, 50), (False, 9), (True, 1)):
        model = shaky()
        inputs = torch.randn(count, 4)
        with torch.no_grad():
            expected = model.eval()(inputs).argmax(dim=1)
        about = "alone" if count == 1 else "twice"
        yield Case((model.train(training), inputs), expected, about=about)
    yield Case(run=mode_before_and_after(True), expected="training", about="mode")
    yield Case(run=mode_before_and_after(False), expected="evaluation", about="mode")


def standardize_parts():
    for sizes, shift in (((8, 3), 0.0), ((20, 2), 100.0), ((5, 4), -3.0)):
        train = 4 * torch.randn(sizes) + 2
        for count in (1, 6):
            val = torch.randn(count, sizes[1]) + shift
            mean = torch.stack([column.mean() for column in train.T])
            std = torch.stack([column.std() for column in train.T])
            expected = [(train - mean) / std, (val - mean) / std]
            yield Case((train, val), expected, about="alone" if count == 1 else "parts")


def two_steps(limit, left_over=False, momentum=0.0):
    """Return a function that takes two steps of a small network.

    Args:
        limit: Of the norm of the gradients.
        left_over: Whether the network has gradients of a step before.
        momentum: Of the optimizer.
    """

    def parameters_after_two_steps(answer):
        torch.manual_seed(1)
        model = nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 2))
        model.register_parameter("unused", nn.Parameter(torch.ones(2)))  # has no gradient
        optimizer = torch.optim.SGD(model.parameters(), lr=0.5, momentum=momentum)
        steps = torch.randn(2, 4, 3)
        if left_over:
            model(torch.randn(9, 3)).exp().sum().backward()
        for inputs in steps:
            answer(model, optimizer, (model(inputs) - 3).square().mean(), limit)
        return {name: weights.detach() for name, weights in model.named_parameters()}

    return parameters_after_two_steps


def limited_step(model, optimizer, loss, limit):
    """Do what clipped_step should do, by hand."""
    parameters = list(model.parameters())
    found = torch.autograd.grad(loss, parameters, allow_unused=True)
    norm = sum(gradient.square().sum() for gradient in found if gradient is not None).sqrt()
    for weights, gradient in zip(parameters, found, strict=True):
        weights.grad = None if gradient is None else gradient * min(1.0, limit / norm.item())
    optimizer.step()


def clipped_step():
    for limit, momentum, about in ((0.05, 0.0, "large"), (1000.0, 0.0, "small"), (0.5, 0.9, "")):
        expected = two_steps(limit, momentum=momentum)(limited_step)
        yield Case(run=two_steps(limit, momentum=momentum), expected=expected, about=about)
    expected = two_steps(0.5)(limited_step)
    yield Case(run=two_steps(0.5, left_over=True), expected=expected, about="left_over")


def numbered(sizes):
    """Return inputs of these sizes and their labels: both hold the number of the example."""
    numbers = torch.arange(sizes[0])
    inputs = numbers.float().view(-1, *[1] * (len(sizes) - 1)).expand(sizes).clone()
    return inputs, numbers + 1000


def pairs_that_belong_together(answer):
    """Return the share of examples that have their own label."""
    inputs, labels = answer(*numbered((40, 3)))
    return (inputs[:, 0] + 1000 == labels).float().mean().item()


def labels_in_order(answer):
    return sorted(answer(*numbered((30, 2, 4)))[1].tolist())


def inputs_in_order(answer):
    return answer(*numbered((30, 2, 4)))[0].sort(dim=0).values


def inputs_by_label(answer):
    inputs, labels = answer(*numbered((9, 2, 2)))
    return inputs[labels.argsort()]


def two_calls_give_the_same_order(answer):
    orders = [answer(*numbered((60,)))[1] for _ in range(2)]
    return torch.equal(*orders)


def order_is_the_old_one(answer):
    return torch.equal(answer(*numbered((60,)))[1], numbered((60,))[1])


def shuffle_examples():
    yield Case(run=pairs_that_belong_together, expected=1.0, about="pairs")
    yield Case(run=labels_in_order, expected=sorted(numbered((30,))[1].tolist()), about="all")
    yield Case(run=inputs_in_order, expected=numbered((30, 2, 4))[0], about="all")
    yield Case(run=inputs_by_label, expected=numbered((9, 2, 2))[0], about="pairs")
    yield Case(run=order_is_the_old_one, expected=False, about="order")
    yield Case(run=two_calls_give_the_same_order, expected=False, about="order")
    yield Case(numbered((1, 3)), numbered((1, 3)))


def movement():
    def uint8(values):
        return torch.tensor(values, dtype=torch.uint8)

    yield Case((uint8([5]), uint8([3])), uint8([2]), about="darker")
    yield Case((uint8([3, 0]), uint8([5, 255])), uint8([2, 255]), about="brighter")
    for sizes in ((4, 7), (3, 5, 6)):
        before = torch.randint(256, sizes, dtype=torch.uint8)
        after = torch.randint(256, sizes, dtype=torch.uint8)
        pairs = zip(before.flatten().tolist(), after.flatten().tolist(), strict=True)
        expected = uint8([abs(one - other) for one, other in pairs]).view(sizes)
        yield Case((before, after), expected, about="darker")


def device_and_shape(result):
    return [result.device.type, list(result.shape)]


def with_positions():
    for sizes, dtype in (((2, 3, 4), torch.float32), ((1, 5, 2), torch.float64),
                         ((3, 1, 1), torch.float32), ((4, 6, 2), torch.bfloat16)):  # fmt: skip
        sequences = torch.randn(sizes).to(dtype)
        expected = torch.zeros(sizes[0], sizes[1], sizes[2] + 1, dtype=dtype)
        expected[:, :, :-1] = sequences
        for step in range(sizes[1]):
            expected[:, step, -1] = step
        yield Case((sequences,), expected, about="" if dtype == torch.float32 else "dtype")
    elsewhere = torch.empty(2, 3, 4, device="meta")
    yield Case((elsewhere,), ["meta", [2, 3, 5]], view=device_and_shape, about="device")


class Held:
    """A tensor that a graph holds."""

    def __init__(self, tensor):
        self.tensor = tensor


def graphs_held_at_once(answer):
    """Return how many graphs of losses there were at once, above the one that is worked on."""
    held = weakref.WeakSet()
    counts = []

    def pack(tensor):
        box = Held(tensor)
        held.add(box)
        return box

    def compute_loss(batch):
        counts.append(len(held))  # the graph of the batch before may still be there
        with torch.autograd.graph.saved_tensors_hooks(pack, lambda box: box.tensor):
            return (weight * batch).square().mean()

    weight = torch.ones(4, requires_grad=True)
    answer(compute_loss, list(torch.randn(6, 3, 4)))
    return max(0, max(counts) - max(1, counts[1]))


def calls_for_five_batches(answer):
    calls = []

    def compute_loss(batch):
        calls.append(batch)
        return batch.mean()

    answer(compute_loss, list(torch.randn(5, 2)))
    return len(calls)


def mean_of_losses():
    weight = torch.tensor(2.0, requires_grad=True)

    def compute_loss(batch):
        return (weight * batch).mean()

    two = [torch.tensor([1.0, 3.0]), torch.tensor([6.0])]
    yield Case((compute_loss, two), 8.0, about="mean")
    batches = [torch.randn(size) for size in (3, 1, 7, 2)]
    expected = sum(2 * batch.mean().item() for batch in batches) / 4
    yield Case((compute_loss, batches), expected, about="mean")
    yield Case((compute_loss, [torch.tensor([-0.5])]), -1.0)
    yield Case(run=calls_for_five_batches, expected=5)
    yield Case(run=graphs_held_at_once, expected=0, about="graph")
