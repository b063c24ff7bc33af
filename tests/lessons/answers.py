"""For each exercise of the lessons: a solution, and two typical wrong answers.

Each is what stands where `raise NotImplementedError` stood. Projects do not get this file.
"""

ANSWERS = {
    "installed_version": (
        "return torch.__version__",
        'return "2.0"',
        "return torch.version",
    ),
    "batch_shapes": (
        "return [tensor.shape for tensor in tensors]",
        "return [len(tensor) for tensor in tensors]",
        "return tensors[0].shape",
    ),
    "count_classes": (
        "return len(data.info.classes)",
        "return len(data.train)",
        "return data.info.classes",
    ),
    "training_share": (
        "return len(data.train) / (len(data.train) + len(data.val) + len(data.test))",
        "return len(data.train) / (len(data.val) + len(data.test))",
        "return len(data.train)",
    ),
    "all_sums": (
        "return a[:, None] + b",
        "return a + b",
        "return a + b[:, None]",
    ),
    "one_hot": (
        "return (labels[:, None] == torch.arange(classes)).long()",
        "return labels[:, None] == torch.arange(classes)",
        "return torch.eye(classes)[labels]",
    ),
    "pick": (
        "return table[torch.arange(len(table)), columns]",
        "return table[:, columns]",
        "return table.max(dim=1).values",
    ),
    "standardize": (
        "return (table - table.mean(dim=0)) / table.std(dim=0)",
        "return (table - table.mean()) / table.std()",
        "return (table - table.mean(dim=1, keepdim=True)) / table.std(dim=1, keepdim=True)",
    ),
    "slope": (
        """
x = torch.tensor(at, requires_grad=True)
function(x).backward()
return x.grad.item()
""",
        """
x = torch.tensor(at, requires_grad=True)
function(x).backward()
return x.grad
""",
        "return function(torch.tensor(at)).item()",
    ),
    "fresh_gradients": (
        """
found = []
for loss in losses:
    weight.grad = None
    loss(weight).backward()
    found.append(weight.grad)
return found
""",
        """
found = []
for loss in losses:
    loss(weight).backward()
    found.append(weight.grad.clone())
return found
""",
        """
sum(loss(weight) for loss in losses).backward()
return [weight.grad for _ in losses]
""",
    ),
    "error_gradient": (
        """
weight = weight.clone().requires_grad_()
((inputs @ weight - targets) ** 2).mean().backward()
return weight.grad
""",
        """
weight = weight.clone().requires_grad_()
((inputs @ weight - targets) ** 2).sum().backward()
return weight.grad
""",
        """
((inputs @ weight - targets) ** 2).mean().backward()
return weight.grad
""",
    ),
    "logits_only": (
        """
with torch.no_grad():
    return model(*inputs)
""",
        "return model(*inputs)",
        """
with torch.no_grad():
    return model(*inputs).argmax(dim=1)
""",
    ),
    "linear": (
        "return inputs @ weight.T + bias",
        "return inputs @ weight + bias",
        "return inputs @ weight.T",
    ),
    "convolution_size": (
        "return (size + 2 * padding - kernel) // stride + 1",
        "return (size + padding - kernel) // stride + 1",
        "return (size + 2 * padding - kernel) // stride",
    ),
    "read": (
        """
state, states = torch.zeros(len(memory)), []
for one in inputs:
    state = torch.tanh(weight @ one + memory @ state)
    states.append(state)
return torch.stack(states)
""",
        "return torch.tanh(inputs @ weight.T)",
        """
state = torch.zeros(len(memory))
for one in inputs:
    state = torch.tanh(weight @ one + memory @ state)
return state
""",
    ),
    "cross_entropy": (
        "return -logits.log_softmax(dim=1)[torch.arange(len(labels)), labels]",
        "return torch.nn.functional.cross_entropy(logits, labels)",
        "return -logits.softmax(dim=1)[torch.arange(len(labels)), labels]",
    ),
    "count_weights": (
        "return sum(part.numel() for part in model.parameters())",
        "return len(list(model.parameters()))",
        "return sum(len(part) for part in model.parameters())",
    ),
    "sgd": (
        "return weight - lr * gradient",
        "return weight + lr * gradient",
        "return weight * (1 - lr * gradient)",
    ),
    "momentum": (
        """
velocity = torch.zeros_like(weight)
for gradient in gradients:
    velocity = beta * velocity + gradient
    weight = weight - lr * velocity
return weight
""",
        """
for gradient in gradients:
    weight = weight - lr * gradient
return weight
""",
        """
velocity = torch.zeros_like(weight)
for gradient in gradients:
    velocity = beta * velocity + (1 - beta) * gradient
    weight = weight - lr * velocity
return weight
""",
    ),
    "rmsprop": (
        """
square = torch.zeros_like(weight)
for gradient in gradients:
    square = alpha * square + (1 - alpha) * gradient**2
    weight = weight - lr * gradient / (square.sqrt() + 1e-8)
return weight
""",
        """
square = torch.zeros_like(weight)
for gradient in gradients:
    square = alpha * square + (1 - alpha) * gradient**2
    weight = weight - lr * gradient / (square + 1e-8)
return weight
""",
        """
square = torch.zeros_like(weight)
for gradient in gradients:
    square = (1 - alpha) * square + alpha * gradient**2
    weight = weight - lr * gradient / (square.sqrt() + 1e-8)
return weight
""",
    ),
    "training_step": (
        """
optimizer.zero_grad()
losses.mean().backward()
optimizer.step()
""",
        """
losses.mean().backward()
optimizer.step()
""",
        """
optimizer.zero_grad()
losses.mean().backward()
""",
    ),
    "pad": (
        """
longest = max(len(row) for row in rows)
return torch.tensor([row + [0] * (longest - len(row)) for row in rows])
""",
        """
longest = max(len(row) for row in rows)
return torch.tensor([[0] * (longest - len(row)) + row for row in rows])
""",
        "return torch.tensor(rows)",
    ),
    "brighter": (
        "return (pixels.int() + by).clamp(max=255).to(torch.uint8)",
        "return (pixels + by).clamp(max=255)",
        "return (pixels.int() + by).clamp(max=255)",
    ),
    "batches_per_epoch": (
        "return -(-len(dataset) // batch_size)",
        "return len(dataset) // batch_size",
        "return len(dataset) // batch_size + 1",
    ),
    "class_counts": (
        """
counts = torch.zeros(classes, dtype=torch.long)
for index in range(len(dataset)):
    _, label = dataset[index]
    counts[label] += 1
return counts
""",
        """
labels = torch.tensor([int(dataset[index][1]) for index in range(len(dataset))])
return labels.bincount()
""",
        """
counts = torch.zeros(classes)
for index in range(len(dataset)):
    _, label = dataset[index]
    counts[label] += 1
return counts
""",
    ),
    "move": (
        "return [tensor.to(device) for tensor in tensors]",
        """
for tensor in tensors:
    tensor.to(device)
return tensors
""",
        "return tensors[0].to(device)",
    ),
    "device_of": (
        "return next(model.parameters()).device",
        'return torch.device("cpu")',
        "return model.device",
    ),
    "megabytes": (
        "return sum(part.numel() * part.element_size() for part in model.parameters()) / 1e6",
        "return sum(part.numel() for part in model.parameters()) / 1e6",
        "return sum(part.numel() * 4 for part in model.parameters()) / 1e6",
    ),
    "product_in_bfloat16": (
        """
with torch.autocast("cpu", torch.bfloat16):
    return a @ b
""",
        "return a @ b",
        "return a.to(torch.bfloat16) @ b",
    ),
    "weight_shapes": (
        "return {name: tensor.shape for name, tensor in model.state_dict().items()}",
        "return {name: tensor.shape for name, tensor in model.named_parameters()}",
        "return [tensor.shape for tensor in model.state_dict().values()]",
    ),
    "copy_weights": (
        """
target.load_state_dict(source.state_dict())
return target
""",
        "return source",
        "return target",
    ),
    "round_trip": (
        """
torch.save(state, path)
return torch.load(path, weights_only=True)
""",
        """
torch.save(state, path)
return state
""",
        """
torch.save(state, path)
return path
""",
    ),
    "without_prefix": (
        "return {name.removeprefix(prefix): value for name, value in state.items()}",
        'return {name.replace(prefix, ""): value for name, value in state.items()}',
        "return {name.lstrip(prefix): value for name, value in state.items()}",
    ),
    "accuracy": (
        "return (logits.argmax(dim=1) == labels).float().mean().item()",
        "return (logits.argmax(dim=1) == labels).float().mean()",
        "return (logits.argmax(dim=1) == labels).sum().item()",
    ),
    "share": (
        "return indices[rank::processes]",
        "return indices.chunk(processes)[rank]",
        "return indices[rank:processes]",
    ),
    "average_gradients": (
        "return [torch.stack(each).mean(dim=0) for each in zip(*gradients)]",
        "return [torch.stack(each).sum(dim=0) for each in zip(*gradients)]",
        "return [torch.stack(each).mean(dim=0) for each in gradients]",
    ),
    "train": (
        """
history = []
for batch in batches:
    losses, _ = compute_loss(model, batch, config)
    optimizer.zero_grad()
    losses.mean().backward()
    optimizer.step()
    history.append(losses.mean().item())
return history
""",
        """
history = []
for batch in batches:
    losses, _ = compute_loss(model, batch, config)
    losses.mean().backward()
    optimizer.step()
    history.append(losses.mean().item())
return history
""",
        """
history = []
for batch in batches:
    losses, _ = compute_loss(model, batch, config)
    history.append(losses.mean().item())
return history
""",
    ),
}
