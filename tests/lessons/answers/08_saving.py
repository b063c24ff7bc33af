"""Answers to the exercises of lesson 8: unusual right ones, and plausible wrong ones."""

RIGHT = {
    "weight_shapes": [
        "return dict((name, tensor.size()) for name, tensor in model.state_dict().items())",
        """
shapes = {}
state = model.state_dict()
for name in state:
    shapes[name] = tuple(state[name].shape)
return shapes
""",
        "state = model.state_dict()\nreturn dict(zip(state, [v.shape for v in state.values()]))",
    ],
    "copy_weights": [
        """
import copy
target.load_state_dict(copy.deepcopy(source.state_dict()), strict=True)
return target
""",
        """
state = target.state_dict()
with torch.no_grad():
    for name, tensor in source.state_dict().items():
        state[name].copy_(tensor)
return target
""",
        """
import io
file = io.BytesIO()
torch.save(source.state_dict(), file)
file.seek(0)
target.load_state_dict(torch.load(file, weights_only=True))
return target
""",
        """
for ours, theirs in zip(target.parameters(), source.parameters()):
    ours.data = theirs.data.clone()
for ours, theirs in zip(target.buffers(), source.buffers()):
    ours.copy_(theirs)
return target
""",
    ],
    "round_trip": [
        "torch.save(state, str(path))\nreturn torch.load(str(path))",
        """
with open(path, "wb") as file:
    torch.save(state, file)
with open(path, "rb") as file:
    return torch.load(file, weights_only=True)
""",
        """
import io
file = io.BytesIO()
torch.save(state, file)
path.write_bytes(file.getvalue())
return torch.load(io.BytesIO(path.read_bytes()), weights_only=True, map_location="cpu")
""",
        "torch.save(obj=state, f=path)\nreturn torch.load(path, mmap=True, weights_only=True)",
        """
torch.save(state, path, _use_new_zipfile_serialization=False)
return torch.load(path, weights_only=True)
""",
        """
with open(path, "wb") as file:
    torch.save(state, file)
with open(path, "rb") as file:
    return torch.load(file, map_location="cpu", weights_only=True)
""",
    ],
    "without_prefix": [
        """
renamed = {}
for name, value in state.items():
    if name.startswith(prefix):
        name = name[len(prefix):]
    renamed[name] = value
return renamed
""",
        """
renamed = dict(state)
torch.nn.modules.utils.consume_prefix_in_state_dict_if_present(renamed, prefix)
return renamed
""",
        """
import re
return {re.sub("^" + re.escape(prefix), "", name): state[name] for name in state}
""",
        """
from collections import OrderedDict
return OrderedDict((n[n.startswith(prefix) * len(prefix):], v) for n, v in state.items())
""",
        """
import re

return {re.sub("^" + re.escape(prefix), "", name): value for name, value in state.items()}
""",
    ],
    "snapshot": [
        "import copy\nreturn copy.deepcopy(model.state_dict())",
        """
import io
file = io.BytesIO()
torch.save(model.state_dict(), file)
file.seek(0)
return torch.load(file, weights_only=True)
""",
        "import copy\nreturn copy.deepcopy(model).state_dict()",
        """
kept = {}
for name, tensor in model.state_dict().items():
    kept[name] = torch.empty_like(tensor).copy_(tensor)
return kept
""",
    ],
    "resume": [
        """
with path.open("rb") as file:
    loaded = torch.load(file, weights_only=True)
optimizer.load_state_dict(loaded.pop("optimizer"))
model.load_state_dict(loaded.pop("model"), strict=True)
return 1 + loaded["epoch"]
""",
        """
saved = torch.load(str(path))
for name, part in {"model": model, "optimizer": optimizer}.items():
    part.load_state_dict(saved[name])
return saved["epoch"] + 1
""",
        """
saved = torch.load(path, mmap=True)
with torch.no_grad():
    for name, tensor in model.state_dict().items():
        tensor.copy_(saved["model"][name])
optimizer.load_state_dict(saved["optimizer"])
return int(torch.tensor(saved["epoch"]).add(1))
""",
    ],
}

WRONG = {
    "weight_shapes": [
        "return {name: tensor.shape for name, tensor in model.named_parameters()}",
        "return [tensor.shape for tensor in model.state_dict().values()]",
        "return {name: tensor.numel() for name, tensor in model.state_dict().items()}",
        "return {name: str(tensor.shape) for name, tensor in model.state_dict().items()}",
        "return {'weight': model.weight.shape, 'bias': model.bias.shape}",
        "return {name: tensor.shape[0] for name, tensor in model.state_dict().items()}",
        "return {n: t.shape for n, t in [*model.named_parameters(), *model.named_buffers()] "
        "if t.dim() > 0}",
        """
parts = [*model.named_parameters(), *model.named_buffers()]
return {name: part.shape for name, part in parts}
""",
    ],
    "copy_weights": [
        "return source",
        "return target",
        "target.load_state_dict(source.state_dict())\nreturn source",
        "target.load_state_dict(source.state_dict(), assign=True)\nreturn target",
        "import copy\ntarget = copy.deepcopy(source)\nreturn target",
        """
for ours, theirs in zip(target.parameters(), source.parameters()):
    ours.data.copy_(theirs.data)
return target
""",
        """
for ours, theirs in zip(target.parameters(), source.parameters()):
    ours.data = theirs.data
for ours, theirs in zip(target.buffers(), source.buffers()):
    ours.data = theirs.data
return target
""",
        """
name, weights = list(source.state_dict().items())[-1]
target.load_state_dict({name: weights}, strict=False)
return target
""",
        "source.load_state_dict(target.state_dict())\nreturn target",
        "return target.load_state_dict(source.state_dict())",
        """
trained = {n: t for n, t in source.state_dict().items() if n in dict(source.named_parameters())}
target.load_state_dict(trained, strict=False)
return target
""",
    ],
    "round_trip": [
        "torch.save(state, path)\nreturn state",
        "torch.save(state, path)\nreturn path",
        "torch.save(state, path)\nreturn torch.load(path, weights_only=False)",
        """
import pickle
with open(path, "wb") as file:
    pickle.dump(state, file)
with open(path, "rb") as file:
    return pickle.load(file)
""",
        "import copy\ntorch.save(state, path)\nreturn copy.deepcopy(state)",
        "return state",
        """
import io
file = io.BytesIO()
torch.save(state, file)
file.seek(0)
return torch.load(file, weights_only=True)
""",
        """
other = path.with_suffix(".tmp")
torch.save(state, other)
return torch.load(other, weights_only=True)
""",
        """
if not path.exists():
    torch.save(state, path)
return torch.load(path, weights_only=True)
""",
        """
torch.save(state, path)
return {
    name: value.detach().clone() if isinstance(value, torch.Tensor) else value
    for name, value in state.items()
}
""",
        """
torch.save(state, path)
try:
    return torch.load(path, weights_only=True)
except Exception:
    return torch.load(path, weights_only=False)
""",
        """
tensors = {name: value for name, value in state.items() if isinstance(value, torch.Tensor)}
torch.save(tensors, path)
return torch.load(path, weights_only=True)
""",
        """
import pickle

path.write_bytes(pickle.dumps(state))
return pickle.loads(path.read_bytes())
""",
    ],
    "without_prefix": [
        'return {name.replace(prefix, ""): value for name, value in state.items()}',
        "return {name.lstrip(prefix): value for name, value in state.items()}",
        "return {name[len(prefix):]: value for name, value in state.items()}",
        "return {n.removeprefix(prefix): v for n, v in state.items() if n.startswith(prefix)}",
        """
for name in list(state):
    state[name.removeprefix(prefix)] = state.pop(name)
return state
""",
        "return {name.split('.', 1)[1]: value for name, value in state.items()}",
        "return {name.split(prefix)[-1]: value for name, value in state.items()}",
        "return [name.removeprefix(prefix) for name in state]",
        "return {name.replace(prefix, '', 1): value for name, value in state.items()}",
        """
import re

return {re.sub("^" + prefix, "", name): value for name, value in state.items()}
""",
    ],
    "snapshot": [
        "return model.state_dict()",
        "return dict(model.state_dict())",
        "return model.state_dict().copy()",
        "return {name: tensor.detach() for name, tensor in model.state_dict().items()}",
        "return {name: tensor.detach().clone() for name, tensor in model.named_parameters()}",
        "import copy\nreturn copy.copy(model.state_dict())",
        "return {name: tensor.data for name, tensor in model.state_dict().items()}",
        "return {n: t.clone() for n, t in model.named_parameters() if t.requires_grad}",
        "return [tensor.clone() for tensor in model.state_dict().values()]",
        """
parts = [*model.named_parameters(), *model.named_buffers()]
return {name: part.detach().clone() for name, part in parts}
""",
    ],
    "resume": [
        """
checkpoint = torch.load(path, weights_only=True)
model.load_state_dict(checkpoint["model"])
return checkpoint["epoch"] + 1
""",
        """
checkpoint = torch.load(path, weights_only=True)
model.load_state_dict(checkpoint["model"])
optimizer.load_state_dict(checkpoint["optimizer"])
return checkpoint["epoch"]
""",
        """
checkpoint = torch.load(path, weights_only=True)
model = checkpoint["model"]
optimizer = checkpoint["optimizer"]
return checkpoint["epoch"] + 1
""",
        """
checkpoint = torch.load(path, weights_only=True)
optimizer.load_state_dict(checkpoint["optimizer"])
return checkpoint["epoch"] + 1
""",
        """
checkpoint = torch.load(path, weights_only=True)
model.load_state_dict(checkpoint["model"])
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
optimizer.load_state_dict(checkpoint["optimizer"])
return checkpoint["epoch"] + 1
""",
        """
checkpoint = torch.load(path, weights_only=True)
for weights in model.parameters():
    weights.data = checkpoint["model"].popitem()[1]
optimizer.load_state_dict(checkpoint["optimizer"])
return checkpoint["epoch"] + 1
""",
        """
checkpoint = torch.load(path, weights_only=True)
model.load_state_dict(checkpoint["model"])
optimizer.load_state_dict(checkpoint["optimizer"])
return 8
""",
        """
checkpoint = torch.load(path, weights_only=True)
model.load_state_dict(checkpoint["model"])
lr = optimizer.param_groups[0]["lr"]
optimizer.load_state_dict(checkpoint["optimizer"])
optimizer.param_groups[0]["lr"] = lr
return checkpoint["epoch"] + 1
""",
    ],
}
