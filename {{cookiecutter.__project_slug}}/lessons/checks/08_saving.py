"""Cases for exercises 8: (arguments, what should come out)."""

from fractions import Fraction
from pathlib import Path
from pickle import UnpicklingError
from tempfile import TemporaryDirectory

import torch
from torch import nn

from lessons.cases import Case
from lessons.sample import network


def plain():
    """Return a network with nothing special about it."""
    return nn.Linear(3, 2)


def small():
    """Return a network with parameters, one of them frozen, and buffers."""
    layers = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2))
    layers[0].bias.requires_grad_(False)
    return layers


class Tied(nn.Module):
    """A network that uses a weight twice, and has a buffer that is not saved."""

    def __init__(self):
        super().__init__()
        self.into = nn.Embedding(5, 3)
        self.out = nn.Linear(3, 5)
        self.out.weight = self.into.weight
        self.places = nn.Buffer(torch.arange(4), persistent=False)


def change(model):
    """Change all that a network saves, in place, and return the network."""
    with torch.no_grad():
        for tensor in model.state_dict().values():
            if tensor.is_floating_point():
                tensor += torch.rand(tensor.shape) + 0.1
            elif tensor.dtype == torch.bool:
                tensor.logical_not_()
            else:
                tensor += 3
    return model


def copied(state):
    return {name: tensor.clone() for name, tensor in state.items()}


def weight_shapes():
    yield Case((nn.Linear(3, 2),), {"weight": torch.Size([2, 3]), "bias": torch.Size([2])})
    three, none = torch.Size([3]), torch.Size([])
    running = {"running_mean": three, "running_var": three, "num_batches_tracked": none}
    expected = {"weight": three, "bias": three, **running}
    yield Case((nn.BatchNorm1d(3),), expected, about="buffers")
    yield Case((nn.Conv2d(2, 5, (1, 3), bias=False),), {"weight": torch.Size([5, 2, 1, 3])})
    table = torch.Size([5, 3])
    expected = {"into.weight": table, "out.weight": table, "out.bias": torch.Size([5])}
    yield Case((Tied(),), expected, about="tied")
    yield Case((nn.Sequential(nn.ReLU(), nn.Flatten()),), {}, about="nothing")
    model = network()
    expected = {name: part.size() for name, part in model.state_dict().items()}
    yield Case((model,), expected, about="project")


def copy_weights():
    for make, about in ((plain, "plain"), (small, "all"), (network, "project")):
        source, target = change(make()), make()
        state = copied(source.state_dict())

        def state_of_the_target(answer, source=source, target=target):
            answer(source, target)
            return target.state_dict()

        def is_the_target(answer, source=source, target=target):
            return answer(source, target) is target

        def after_the_source_has_changed(answer, source=source, target=target):
            answer(source, target)
            change(source)
            return target.state_dict()

        def source_stays_as_it_is(answer, make=make):
            source = change(make())
            before = copied(source.state_dict())
            answer(source, make())
            return all(torch.equal(source.state_dict()[name], before[name]) for name in before)

        yield Case((), state, run=state_of_the_target, about=about)
        yield Case((), True, run=is_the_target, about="target")
        yield Case((), True, run=source_stays_as_it_is, about="source")
        yield Case((), state, run=after_the_source_has_changed, about="memory")


def round_trip():
    def what_the_file_holds(answer):
        answer(state, path)
        try:
            return torch.load(path, weights_only=True)
        except (FileNotFoundError, UnpicklingError) as error:
            return type(error).__name__

    def files_in_the_folder(answer):
        answer(state, path)
        return sorted(one.name for one in path.parent.iterdir())

    def kept(answer):
        """Return what of a tensor is in a file, and what is not: its gradient."""
        read = answer({"weight": learned}, path)["weight"]
        has_gradient = read.is_leaf and read.grad is not None
        return {"requires_grad": read.requires_grad, "has a gradient": has_gradient}

    def is_refused(answer):
        try:
            answer({"weight": torch.ones(2), "share": Fraction(1, 3)}, path)
        except UnpicklingError:
            return True
        return False

    learned = torch.randn(3, 2, requires_grad=True)
    learned.square().sum().backward()
    with TemporaryDirectory() as folder:
        path = Path(folder, "state.pt")
        state = {"weight": torch.tensor([1.0, 2.0]), "epoch": 3}
        yield Case((state, path), state, about="content")
        yield Case((), state, run=what_the_file_holds, about="file")
        yield Case((), ["state.pt"], run=files_in_the_folder, about="folder")
        state = {"layers": [torch.randn(4, 3), torch.arange(5)], "lr": 0.1, "name": "second"}
        yield Case((state, path), state, about="again")
        yield Case((), state, run=what_the_file_holds, about="again")
        expected = {"requires_grad": True, "has a gradient": False}
        yield Case((), expected, run=kept, about="read")
        yield Case((), True, run=is_refused, about="unsafe")


def without_prefix():
    yield Case(({"module.weight": 1, "module.bias": 2}, "module."), {"weight": 1, "bias": 2})
    names = {"module.dense.weight": 1, "module.my_module.bias": 2}
    expected = {"dense.weight": 1, "my_module.bias": 2}
    yield Case((names, "module."), expected, about="middle")
    names = {"module.module.weight": 1, "module.bias": 2}
    yield Case((names, "module."), {"module.weight": 1, "bias": 2}, about="twice")
    names = {"_orig_mod.weight": torch.randn(2, 3), "head.weight": torch.randn(3)}
    expected = {"weight": names["_orig_mod.weight"], "head.weight": names["head.weight"]}
    yield Case((names, "_orig_mod."), expected, about="other")
    names = {"module.model.weight": 1, "module.dem.bias": 2}
    yield Case((names, "module."), {"model.weight": 1, "dem.bias": 2}, about="letters")
    yield Case(({"weight": 1}, ""), {"weight": 1}, about="other")
    names = {"module.body.weight": 1, "head.module.weight": 2}
    expected = {"body.weight": 1, "head.module.weight": 2}
    yield Case((names, "module."), expected, about="middle")
    names = {"module.weight": 1, "modules.weight": 2, "module_weight": 3}
    expected = {"weight": 1, "modules.weight": 2, "module_weight": 3}
    yield Case((names, "module."), expected, about="other")


def snapshot():
    for make, about in ((small, "all"), (Tied, "tied"), (network, "project")):
        model = change(make())
        state = copied(model.state_dict())

        def after_a_change(answer, model=model):
            taken = answer(model)
            change(model)
            return taken

        def missing_names(answer, model=model):
            return sorted(set(model.state_dict()) - set(answer(model)))

        yield Case((), [], run=missing_names, about=about)
        yield Case((model,), state, about=about)
        yield Case((), state, run=after_a_change, about="later")


def resume():
    inputs, targets = torch.randn(20, 3), torch.randn(20, 2)

    def train(model, optimizer, steps):
        for _ in range(steps):
            optimizer.zero_grad()
            (model(inputs) - targets).square().mean().backward()
            optimizer.step()

    def momentum(model, lr=0.05):
        return torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)

    def adam(model, lr=0.02):
        return torch.optim.Adam(model.parameters(), lr=lr)

    with TemporaryDirectory() as folder:
        path = Path(folder, "last.pt")
        for make_optimizer, epoch in ((momentum, 7), (adam, 1)):
            model = small()
            optimizer = make_optimizer(model)
            train(model, optimizer, 5)
            parts = {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
            torch.save({**parts, "epoch": epoch}, path)
            before = copied(model.state_dict())
            train(model, optimizer, 4)
            after = copied(model.state_dict())

            def number(answer, make_optimizer=make_optimizer):
                model = small()
                return answer(path, model, make_optimizer(model))

            def state_of_the_model(answer, make_optimizer=make_optimizer):
                model = small()
                answer(path, model, make_optimizer(model))
                return model.state_dict()

            def state_after_four_steps_more(answer, make_optimizer=make_optimizer):
                model = small()
                optimizer = make_optimizer(model)
                answer(path, model, optimizer)
                train(model, optimizer, 4)
                return model.state_dict()

            def learning_rate(answer, make_optimizer=make_optimizer):
                model = small()
                optimizer = make_optimizer(model, lr=0.5)
                answer(path, model, optimizer)
                return optimizer.param_groups[0]["lr"]

            yield Case((), epoch + 1, run=number, about="epoch")
            yield Case((), before, run=state_of_the_model, about="model")
            yield Case((), after, run=state_after_four_steps_more, about="optimizer")
            yield Case((), optimizer.param_groups[0]["lr"], run=learning_rate, about="rate")
