"""Answers to the exercises of lesson 7: unusual right ones, and plausible wrong ones."""

RIGHT = {
    "move": [
        """
moved = []
for tensor in tensors:
    moved.append(tensor.to(device=device, copy=True))
return moved
""",
        "return list(map(lambda tensor: tensor.to(device), tensors))",
        "return tuple(tensor.to(device, non_blocking=True) for tensor in tensors)",
        """
if not tensors:
    return []
return [tensors[0].to(device), *move(tensors[1:], device)]
""",
    ],
    "device_of": [
        "return list(model.parameters())[0].device",
        "for weights in model.parameters():\n    return weights.device",
        "return [tensor.device for tensor in model.state_dict().values()].pop()",
        "(device,) = {weights.device for weights in model.parameters()}\nreturn device",
    ],
    "megabytes": [
        """
total = 0
for weights in model.parameters():
    total += weights.nbytes
return total / 1_000_000
""",
        """
return sum(
    weights.untyped_storage().nbytes() for _, weights in model.named_parameters()
) * 1e-6
""",
        """
import math
sizes = [math.prod(w.shape) * w.dtype.itemsize for w in model.parameters()]
return math.fsum(sizes) / 10**6
""",
    ],
    "product_in_bfloat16": [
        """
with torch.amp.autocast(device_type="cpu", dtype=torch.bfloat16):
    product = torch.matmul(a, b)
return product
""",
        """
@torch.autocast("cpu", dtype=torch.bfloat16)
def product():
    return torch.einsum("ik,kj->ij", a, b)
return product()
""",
        """
with torch.autocast(a.device.type):
    return a.mm(b)
""",
        """
with torch.autocast("cpu", torch.bfloat16):
    return torch.nn.functional.linear(a, b.T)
""",
        """
from engine.device import autocast
with autocast(torch.device("cpu"), "bf16"):
    return a.__matmul__(b)
""",
    ],
    "move_batch": [
        """
if hasattr(batch, "to"):
    return batch.to(device)
if isinstance(batch, dict):
    return dict(zip(batch, move_batch(list(batch.values()), device)))
if isinstance(batch, list):
    return [move_batch(part, device) for part in batch]
if isinstance(batch, tuple):
    return tuple(move_batch(part, device) for part in batch)
return batch
""",
        """
from torch.utils._pytree import tree_map
return tree_map(lambda x: x.to(device) if isinstance(x, torch.Tensor) else x, batch)
""",
        """
match batch:
    case torch.Tensor():
        return batch.to(device, copy=True)
    case dict():
        moved = {}
        for name in batch:
            moved[name] = move_batch(batch[name], device)
        return moved
    case list() | tuple():
        moved = [move_batch(part, device) for part in batch]
        return moved if isinstance(batch, list) else tuple(moved)
return batch
""",
    ],
    "add_positions": [
        "positions = torch.arange(inputs.size(1)).to(inputs.device)\n"
        "return inputs + positions[None, :]",
        "return inputs + (torch.ones_like(inputs).cumsum(dim=1) - 1)",
        "positions = torch.arange(inputs.shape[-1], device=inputs.device, dtype=inputs.dtype)\n"
        "return inputs.add(positions.expand_as(inputs))",
        """
result = inputs.clone()
for column in range(inputs.shape[1]):
    result[:, column] += column
return result
""",
    ],
}

WRONG = {
    "move": [
        """
for tensor in tensors:
    tensor.to(device)
return tensors
""",
        "return tensors[0].to(device)",
        "return [tensor.to('cpu') for tensor in tensors]",
        "return tensors",
        "return [tensor.to(device) for tensor in tensors[:2]]",
        """
for number, tensor in enumerate(tensors):
    tensors[number] = tensor.to(device)
return tensors
""",
        "return torch.stack(tensors).to(device)",
        "return [tensor.float().to(device) for tensor in tensors]",
    ],
    "device_of": [
        'return torch.device("cpu")',
        "return model.device",
        "return model.weight.device",
        "return str(next(model.parameters()).device)",
        "return next(model.parameters()).device.type",
        'return torch.device("cuda" if torch.cuda.is_available() else "cpu")',
        "return next(model.parameters()).is_meta",
    ],
    "megabytes": [
        "return sum(part.numel() for part in model.parameters()) / 1e6",
        "return sum(part.numel() * 4 for part in model.parameters()) / 1e6",
        "return 4.0",
        "return sum(part.numel() * part.element_size() for part in model.parameters())",
        "return sum(p.numel() * p.element_size() for p in model.parameters()) / 2**20",
        "return sum(p.numel() * p.element_size() for p in model.parameters()) // 1e6",
        "weights = next(model.parameters())\nreturn weights.numel() * weights.element_size() / 1e6",
        """
weights = list(model.parameters())
return sum(part.numel() for part in weights) * weights[0].element_size() / 1e6
""",
        """
weights = [part for part in model.parameters() if part.requires_grad]
return sum(part.numel() * part.element_size() for part in weights) / 1e6
""",
        "return sum(part.nbytes for part in model.state_dict().values()) / 1e6",
    ],
    "product_in_bfloat16": [
        "return a @ b",
        "return a.to(torch.bfloat16) @ b",
        "return torch.tensor([[11.0]], dtype=torch.bfloat16)",
        "return (a @ b).to(torch.bfloat16)",
        "return a.to(torch.bfloat16) @ b.to(torch.bfloat16)",
        """
with torch.autocast("cpu", torch.float16):
    return a @ b
""",
        """
with torch.autocast("cpu", torch.bfloat16):
    pass
return (a @ b).bfloat16()
""",
        """
with torch.autocast("cpu", torch.bfloat16):
    return a * b.T
""",
        """
with torch.autocast("cpu", torch.bfloat16):
    return (a @ b).float()
""",
        """
torch.set_autocast_enabled("cpu", True)
torch.set_autocast_dtype("cpu", torch.bfloat16)
return a @ b
""",
    ],
    "move_batch": [
        "return batch.to(device)",
        "return tuple(part.to(device) for part in batch)",
        """
if isinstance(batch, torch.Tensor):
    return batch.to(device)
return [move_batch(part, device) for part in batch]
""",
        """
if isinstance(batch, torch.Tensor):
    batch.to(device)
elif isinstance(batch, dict):
    for part in batch.values():
        move_batch(part, device)
elif isinstance(batch, list | tuple):
    for part in batch:
        move_batch(part, device)
return batch
""",
        """
if isinstance(batch, torch.Tensor):
    return batch.to(device)
if isinstance(batch, dict):
    return {name: part.to(device) for name, part in batch.items()}
if isinstance(batch, list | tuple):
    return type(batch)(part.to(device) for part in batch)
return batch
""",
        """
if isinstance(batch, torch.Tensor):
    return batch.to(device)
if isinstance(batch, dict):
    for name in batch:
        batch[name] = move_batch(batch[name], device)
    return batch
if isinstance(batch, list | tuple):
    return type(batch)(move_batch(part, device) for part in batch)
return batch
""",
        """
if isinstance(batch, torch.Tensor):
    return batch.to(device)
if isinstance(batch, dict):
    return {name: move_batch(part, device) for name, part in batch.items()}
if isinstance(batch, list | tuple):
    return [move_batch(part, device) for part in batch]
return batch
""",
        """
if isinstance(batch, dict):
    return {name: move_batch(part, device) for name, part in batch.items()}
if isinstance(batch, list | tuple):
    return type(batch)(move_batch(part, device) for part in batch)
return torch.as_tensor(batch).to(device)
""",
    ],
    "add_positions": [
        "return inputs + torch.arange(inputs.shape[1])",
        "return inputs + torch.arange(3, device=inputs.device)",
        "return inputs + torch.arange(len(inputs), device=inputs.device)[:, None]",
        "inputs += torch.arange(inputs.shape[1], device=inputs.device)\nreturn inputs",
        "return inputs.cpu() + torch.arange(inputs.shape[1])",
        "return inputs + torch.arange(1, inputs.shape[1] + 1, device=inputs.device)",
        "return inputs + torch.arange(inputs.shape[1], device='cpu').to('cpu')",
        "return (inputs + torch.arange(inputs.shape[1], device=inputs.device)).long()",
    ],
}
