"""Answers to the exercises of lesson 15: unusual right ones, and plausible wrong ones."""

RIGHT = {
    "freeze_all_but": [
        """
for weights, parameter in model.named_parameters():
    parameter.requires_grad = weights.startswith(name + ".")
""",
        """
chosen = {id(weight) for weight in model.get_submodule(name).parameters()}
for weight in model.parameters():
    weight.requires_grad_(id(weight) in chosen)
""",
        """
part = model
for step in name.split("."):
    part = getattr(part, step)
for weight in model.parameters():
    weight.requires_grad = False
for weight in part.parameters():
    weight.requires_grad = True
return model
""",
    ],
    "replace_last_linear": [
        """
import copy
layers = copy.deepcopy(list(model))
for place in reversed(range(len(layers))):
    old = layers[place]
    if type(old) is nn.Linear:
        layers[place] = nn.Linear(old.weight.shape[1], classes, bias=old.bias is not None)
        break
return nn.Sequential(*layers)
""",
        """
from copy import deepcopy
new = deepcopy(model)
name = [name for name, layer in new.named_children() if isinstance(layer, nn.Linear)][-1]
old = getattr(new, name)
has_bias = "bias" in dict(old.named_parameters())
setattr(new, name, nn.Linear(old.in_features, classes, has_bias))
return new
""",
        """
import copy
twin = copy.deepcopy(model)
place = max(i for i in range(len(twin)) if isinstance(twin[i], nn.Linear))
layer = twin[place]
layer.out_features = classes
layer.weight = nn.Parameter(torch.randn(classes, layer.in_features) / 10)
if layer.bias is not None:
    layer.bias = nn.Parameter(torch.zeros(classes))
return twin
""",
    ],
    "count_trainable": [
        """
count = 0
for name, weight in model.named_parameters():
    if not weight.requires_grad:
        continue
    size = 1
    for length in weight.shape:
        size *= length
    count += size
return count
""",
        """
distinct = {id(w): w for layer in model.modules() for w in layer.parameters(recurse=False)}
return sum(w.nelement() for w in distinct.values() if w.requires_grad)
""",
        """
trained = filter(lambda weight: weight.requires_grad, model.parameters())
return int(sum(torch.tensor(weight.shape).prod() for weight in trained))
""",
    ],
    "two_rates": [
        """
ids = [id(weight) for weight in new.parameters()]
groups = [{"params": [], "lr": lr}, {"params": [], "lr": old_lr}]
for weight in model.parameters():
    if weight.requires_grad:
        groups[0 if id(weight) in ids else 1]["params"].append(weight)
return groups
""",
        """
prefix = next(name for name, part in model.named_modules() if part is new) + "."
named = [(name, weight) for name, weight in model.named_parameters() if weight.requires_grad]
first = [weight for name, weight in named if name.startswith(prefix)]
second = [weight for name, weight in named if not name.startswith(prefix)]
return [dict(params=first, lr=lr), dict(params=second, lr=old_lr)]
""",
        """
learns = lambda weight: weight.requires_grad
inside = list(filter(learns, new.parameters()))
outside = set(filter(learns, model.parameters())) - set(inside)
return [{"lr": lr, "params": inside}, {"lr": old_lr, "params": list(outside)}]
""",
    ],
    "load_what_fits": [
        """
missing = []
with torch.no_grad():
    for name, tensor in model.state_dict().items():
        if name in state and state[name].shape == tensor.shape:
            tensor.copy_(state[name])
        else:
            missing.append(name)
return sorted(missing)
""",
        """
own = model.state_dict()
fits = {k: v for k, v in state.items() if k in own and v.size() == own[k].size()}
answer = model.load_state_dict(fits, strict=False)
return sorted(answer.missing_keys)
""",
        """
own = dict(model.state_dict())
names = [name for name in own if name not in state or own[name].shape != state[name].shape]
model.load_state_dict({name: own[name] if name in names else state[name] for name in own})
names.sort()
return names
""",
    ],
}

WRONG = {
    "freeze_all_but": [
        """
for weight in model.parameters():
    weight.requires_grad = False
""",
        """
for weights, parameter in model.named_parameters():
    if not weights.startswith(name + "."):
        parameter.requires_grad = False
""",
        """
for weights, parameter in model.named_parameters():
    parameter.requires_grad = weights.startswith(name)
""",
        """
model.requires_grad = False
model.get_submodule(name).requires_grad = True
""",
        """
model.eval()
model.get_submodule(name).train()
""",
        """
model.get_submodule(name).requires_grad_(True)
model.requires_grad_(False)
""",
        """
for part, layer in model.named_children():
    layer.requires_grad_(part == name)
""",
    ],
    "replace_last_linear": [
        """
import copy
model = copy.deepcopy(model)
model[-1] = nn.Linear(model[-1].in_features, classes)
return model
""",
        """
places = [place for place, layer in enumerate(model) if isinstance(layer, nn.Linear)]
old = model[places[-1]]
model[places[-1]] = nn.Linear(old.in_features, classes, bias=old.bias is not None)
return model
""",
        """
places = [place for place, layer in enumerate(model) if isinstance(layer, nn.Linear)]
layers = list(model)
old = layers[places[-1]]
layers[places[-1]] = nn.Linear(old.in_features, classes, bias=old.bias is not None)
return nn.Sequential(*layers)
""",
        """
import copy
model = copy.deepcopy(model)
places = [place for place, layer in enumerate(model) if isinstance(layer, nn.Linear)]
model[places[-1]] = nn.Linear(model[places[-1]].in_features, classes)
return model
""",
        """
import copy
model = copy.deepcopy(model)
places = [place for place, layer in enumerate(model) if isinstance(layer, nn.Linear)]
model[places[0]] = nn.Linear(model[places[0]].in_features, classes)
return model
""",
        """
import copy
model = copy.deepcopy(model)
places = [place for place, layer in enumerate(model) if isinstance(layer, nn.Linear)]
model[places[-1]].out_features = classes
return model
""",
        """
last = [layer for layer in model if isinstance(layer, nn.Linear)][-1]
return nn.Sequential(model, nn.Linear(last.out_features, classes))
""",
    ],
    "count_trainable": [
        "return sum(weight.numel() for weight in model.parameters())",
        "return sum(tensor.numel() for tensor in model.state_dict().values())",
        "return len([weight for weight in model.parameters() if weight.requires_grad])",
        """
total = 0
for layer in model.modules():
    total += sum(w.numel() for w in layer.parameters(recurse=False) if w.requires_grad)
return total
""",
        "return sum(len(weight) for weight in model.parameters() if weight.requires_grad)",
    ],
    "two_rates": [
        """
others = [weight for weight in model.parameters() if weight not in set(new.parameters())]
return [{"params": list(new.parameters()), "lr": lr}, {"params": others, "lr": old_lr}]
""",
        """
trained = [weight for weight in model.parameters() if weight.requires_grad]
inside = [weight for weight in new.parameters() if weight.requires_grad]
return [{"params": inside, "lr": lr}, {"params": trained, "lr": old_lr}]
""",
        """
of_new = set(new.parameters())
trained = [weight for weight in model.parameters() if weight.requires_grad]
return [
    {"params": [weight for weight in trained if weight in of_new], "lr": old_lr},
    {"params": [weight for weight in trained if weight not in of_new], "lr": lr},
]
""",
        """
of_new = set(new.parameters())
trained = [weight for weight in model.parameters() if weight.requires_grad]
return [
    {"params": [weight for weight in trained if weight in of_new], "lr": lr},
    {"params": [weight for weight in trained if weight not in of_new], "lr": lr / 10},
]
""",
        """
parameters = [weight for weight in model.parameters() if weight.requires_grad]
return [{"params": parameters[-2:], "lr": lr}, {"params": parameters[:-2], "lr": old_lr}]
""",
        """
of_new = set(new.parameters())
trained = [weight for weight in model.parameters() if weight.requires_grad]
return [
    {"params": [weight for weight in trained if weight not in of_new], "lr": old_lr},
    {"params": [weight for weight in trained if weight in of_new], "lr": lr},
]
""",
    ],
    "load_what_fits": [
        """
return sorted(model.load_state_dict(state, strict=False).missing_keys)
""",
        """
own = model.state_dict()
fits = {name: tensor for name, tensor in state.items() if name in own}
try:
    model.load_state_dict(fits, strict=False)
except RuntimeError:
    pass
return sorted(own.keys() - fits.keys())
""",
        """
own = model.state_dict()
fits = {k: v for k, v in state.items() if k in own and v.numel() == own[k].numel()}
for name, tensor in fits.items():
    own[name].copy_(tensor.view_as(own[name]))
return sorted(own.keys() - fits.keys())
""",
        """
own = dict(model.named_parameters())
fits = {k: v for k, v in state.items() if k in own and v.shape == own[k].shape}
model.load_state_dict(fits, strict=False)
return sorted(own.keys() - fits.keys())
""",
        """
own = model.state_dict()
fits = {k: v for k, v in state.items() if k in own and v.shape == own[k].shape}
return sorted(own.keys() - fits.keys())
""",
        """
own = model.state_dict()
fits = {k: v for k, v in state.items() if k in own and v.shape == own[k].shape}
model.load_state_dict(fits, strict=False)
return sorted(state.keys() - fits.keys())
""",
        """
own = model.state_dict()
for name in list(state):
    if name not in own or state[name].shape != own[name].shape:
        del state[name]
model.load_state_dict(state, strict=False)
return sorted(own.keys() - state.keys())
""",
    ],
}
