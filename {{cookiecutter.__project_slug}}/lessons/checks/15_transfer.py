"""Cases for exercises 15."""

import copy
from collections import OrderedDict

import torch
from torch import nn

from lessons.cases import Case
from lessons.sample import network


def parts():
    """Return a model with parts inside of parts, and names that begin alike."""
    body = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Sequential(nn.Linear(4, 5)))
    named = {"body": body, "head": nn.Linear(5, 2), "head2": nn.Linear(2, 3)}
    return nn.Sequential(OrderedDict(named))


def trained_names(model):
    return [name for name, weight in model.named_parameters() if weight.requires_grad]


def freeze_all_but():
    def case(name, about, before=True):
        def trained_afterwards(freeze_all_but):
            model = parts().requires_grad_(before)
            freeze_all_but(model, name)
            return trained_names(model)

        expected = [one for one, _ in parts().named_parameters() if one.startswith(name + ".")]
        return Case(expected=expected, run=trained_afterwards, about=about)

    def only_head_changes_in_a_step(freeze_all_but):
        torch.manual_seed(1)
        model = parts().eval()
        before = copy.deepcopy(model.state_dict())
        freeze_all_but(model, "head2")
        model(torch.ones(2, 3)).sum().backward()
        torch.optim.SGD(model.parameters(), lr=0.1).step()
        after = model.state_dict()
        return [name for name in before if not torch.equal(before[name], after[name])]

    yield case("head2", "alone")
    yield case("head", "alone")
    yield case("body", "inside")
    yield case("body.2", "inside")
    yield case("head2", "frozen", before=False)
    changed = ["head2.weight", "head2.bias"]
    yield Case(expected=changed, run=only_head_changes_in_a_step, about="alone")


def replace_last_linear():
    def case(model, classes, about):
        inputs = torch.randn(3, model[0].in_features if isinstance(model[0], nn.Linear) else 4)
        place = max(place for place, layer in enumerate(model) if isinstance(layer, nn.Linear))
        old = copy.deepcopy(model.state_dict())

        def what_is_where(replace_last_linear):
            before = model[place]
            new = replace_last_linear(model, classes)
            kept = {
                name: tensor
                for name, tensor in new.state_dict().items()
                if not name.startswith(f"{place}.")
            }
            is_old = model[place] is before and all(
                torch.equal(tensor, old[name]) for name, tensor in model.state_dict().items()
            )
            outer = {id(weight) for weight in model.parameters()}
            return {
                "types": [type(layer).__name__ for layer in new],
                "outputs": list(new(inputs).shape),
                "inputs of the new layer": new[place].in_features,
                "has a bias": new[place].bias is not None,
                "other weights": kept,
                "the model is as before": is_old,
                "weights shared with the model": len(
                    [1 for weight in new.parameters() if id(weight) in outer]
                ),
            }

        def right(model, classes):
            new = copy.deepcopy(model)
            bias = new[place].bias is not None
            new[place] = nn.Linear(new[place].in_features, classes, bias=bias)
            return new

        return Case(expected=what_is_where(right), run=what_is_where, about=about)

    yield case(nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 7)), 2, "last")
    model = nn.Sequential(nn.Linear(5, 3), nn.Linear(3, 6), nn.LogSoftmax(dim=1))
    yield case(model, 4, "behind")
    model = nn.Sequential(nn.Linear(2, 6, bias=False), nn.Tanh(), nn.Linear(6, 5, bias=False))
    yield case(model, 9, "bias")
    yield case(nn.Sequential(nn.Flatten(), nn.Linear(4, 2), nn.Tanh(), nn.Dropout(0)), 3, "behind")
    yield case(nn.Sequential(nn.Linear(4, 4)), 4, "last")


def count_trainable():
    yield Case((nn.Linear(3, 2),), 8)
    model = nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3), nn.Linear(3, 2))
    yield Case((model,), 15 + 6 + 8, about="buffers")
    frozen = copy.deepcopy(model)
    frozen[0].requires_grad_(False)
    yield Case((frozen,), 6 + 8, about="frozen")
    half = copy.deepcopy(model)
    half[2].bias.requires_grad_(False)
    yield Case((half,), 15 + 6 + 6, about="frozen")
    yield Case((copy.deepcopy(model).requires_grad_(False),), 0, about="frozen")
    tied = nn.Sequential(nn.Embedding(7, 3), nn.Linear(3, 7))
    tied[1].weight = tied[0].weight
    yield Case((tied,), 21 + 7, about="shared")
    model = network()
    expected = sum(weight.numel() for weight in model.parameters() if weight.requires_grad)
    yield Case((model,), expected)


def two_rates():
    def case(new, frozen, about, lr=0.01, old_lr=0.0002):
        def names_and_rates(two_rates):
            model = parts()
            for name in frozen:
                model.get_parameter(name).requires_grad_(False)
            names = {id(weight): name for name, weight in model.named_parameters()}
            groups = two_rates(model, model.get_submodule(new), lr, old_lr)
            optimizer = torch.optim.SGD(groups, lr=9.0)  # refuses what is in two groups
            found = []
            for group in optimizer.param_groups:
                params = sorted(names[id(weight)] for weight in group["params"])
                found.append({"params": params, "lr": group["lr"]})
            return found

        names = sorted(name for name, _ in parts().named_parameters() if name not in frozen)
        first = [name for name in names if name.startswith(new + ".")]
        second = [name for name in names if not name.startswith(new + ".")]
        expected = [{"params": first, "lr": lr}, {"params": second, "lr": old_lr}]
        return Case(expected=expected, run=names_and_rates, about=about)

    yield case("head2", [], "rates")
    yield case("head", [], "rates", 0.5, 0.5)
    yield case("body", [], "inside", 1e-3, 1e-2)
    yield case("body.2", ["body.0.weight", "head.bias"], "frozen")
    yield case("head2", ["head2.bias"], "frozen")
    alike = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    alike[1].load_state_dict(alike[0].state_dict())

    def sizes_of_groups_of_equal_layers(two_rates):
        groups = two_rates(alike, alike[1], 0.1, 0.01)
        inside = {id(weight) for weight in alike[1].parameters()}
        return [[id(weight) in inside for weight in group["params"]] for group in groups]

    expected = [[True, True], [False, False]]
    yield Case(expected=expected, run=sizes_of_groups_of_equal_layers, about="equal")


def load_what_fits():
    def case(state, about, make=parts):
        torch.manual_seed(5)
        fresh = make()

        def names_and_state(load_what_fits):
            model = copy.deepcopy(fresh)
            given = {name: tensor.clone() for name, tensor in state.items()}
            names = load_what_fits(model, given)
            return [names, dict(model.state_dict()), sorted(given)]

        own = {name: tensor.clone() for name, tensor in fresh.state_dict().items()}
        missing = []
        for name, tensor in own.items():
            if name in state and state[name].shape == tensor.shape:
                own[name] = state[name]
            else:
                missing.append(name)
        expected = [sorted(missing), own, sorted(state)]
        return Case(expected=expected, run=names_and_state, about=about)

    torch.manual_seed(8)
    other = parts()
    for buffer in other.buffers():
        buffer += 3
    state = dict(other.state_dict())
    yield case(state, "all")
    yield case(state | {"head2.weight": torch.ones(7, 2), "head2.bias": torch.ones(7)}, "shape")
    yield case(state | {"head.weight": torch.ones(5, 2)}, "turned")
    yield case(state | {"tail.weight": torch.ones(2, 2), "body": torch.ones(1)}, "more")
    # load_state_dict does not tell that the count of batches is missing: here it never is.
    some = ("body.1.num_batches_tracked", "head.bias", "body.1.running_mean", "body.0.weight")
    yield case({name: state[name] for name in some}, "less")

    def two_layers():
        return nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 4))

    yield case({"1.bias": torch.ones(1), "0.bias": torch.ones(2)}, "shape", two_layers)
    yield case({}, "less", two_layers)
