"""Answers to the exercises of lesson 3: unusual right ones, and plausible wrong ones."""

RIGHT = {
    "slope": [
        """
x = torch.tensor([at]).requires_grad_(True)
(gradient,) = torch.autograd.grad(function(x).sum(), x)
return float(gradient)
""",
        "return torch.func.grad(function)(torch.tensor(at)).item()",
        """
x = torch.tensor(at, dtype=torch.float64)
step = 1e-5
return ((function(x + step) - function(x - step)) / (2 * step)).item()
""",
        """
place = torch.zeros(())
place.fill_(at)
place.requires_grad = True
with torch.enable_grad():
    result = function(place)
result.backward()
return place.grad.tolist()
""",
    ],
    "fresh_gradients": [
        "return [torch.autograd.grad(loss(weight), weight)[0] for loss in losses]",
        """
found = []
for loss in losses:
    if weight.grad is not None:
        weight.grad.zero_()
    loss(weight).backward()
    found.append(weight.grad.clone())
return found
""",
        """
found = []
for loss in losses:
    copy = weight.detach().clone().requires_grad_()
    loss(copy).backward()
    found.append(copy.grad)
return found
""",
        """
optimizer = torch.optim.SGD([weight], lr=0.1)
found = []
for loss in losses:
    optimizer.zero_grad()
    loss(weight).backward()
    found.append(weight.grad)
return tuple(found)
""",
        """
found = []
for loss in losses:
    loss(weight).backward()
    found.append(weight.grad)
    weight.grad = None
return found
""",
    ],
    "error_gradient": [
        "return 2 * inputs.T @ (inputs @ weight - targets) / len(targets)",
        """
leaf = weight.detach().clone()
leaf.requires_grad = True
loss = torch.nn.functional.mse_loss(inputs @ leaf, targets)
(gradient,) = torch.autograd.grad(loss, leaf)
return gradient
""",
        """
leaf = torch.nn.Parameter(weight.clone())
total = 0
for row, target in zip(inputs, targets):
    total = total + ((row * leaf).sum() - target) ** 2
(total / len(inputs)).backward()
return leaf.grad
""",
        "return torch.func.grad(lambda w: ((inputs @ w - targets) ** 2).mean())(weight)",
    ],
    "logits_only": [
        "return model(*inputs).detach()",
        "with torch.inference_mode():\n    return model(*inputs)",
        """
@torch.no_grad()
def answers():
    return model.forward(*inputs)
return answers()
""",
        """
before = torch.is_grad_enabled()
torch.set_grad_enabled(False)
logits = model(*inputs)
torch.set_grad_enabled(before)
return logits
""",
    ],
    "double_until": [
        "return x if x >= limit else double_until(x + x, limit)",
        """
factor = 1
while factor * x.item() < limit:
    factor *= 2
return factor * x
""",
        """
doubled = x.clone()
for _ in range(1000):
    if doubled >= limit:
        break
    doubled = doubled * 2
return doubled
""",
        """
steps = 0
with torch.no_grad():
    while x * 2**steps < limit:
        steps += 1
return x * 2.0**steps
""",
    ],
    "teacher_loss": [
        """
with torch.no_grad():
    target = teacher(inputs)
return torch.nn.functional.mse_loss(student(inputs), target)
""",
        "return (student(inputs) - teacher(inputs).data).square().mean()",
        """
target = torch.tensor(teacher(inputs).tolist())
errors = student(inputs) - target
return (errors * errors).sum() / errors.numel()
""",
        "return torch.mean((teacher(inputs).detach() - student(inputs)) ** 2)",
    ],
    "walk_back": [
        """
names = {name for entry in tape for name in entry[:2]}
gradients = dict.fromkeys(names, 0.0)
gradients[tape[-1][0]] = 1.0
for index in range(len(tape) - 1, -1, -1):
    result, parent, slope = tape[index]
    gradients[parent] += gradients[result] * slope
return gradients
""",
        """
gradients = {name: 0.0 for entry in tape for name in entry[:2]}

def back(name, gradient):
    gradients[name] += gradient
    for result, parent, slope in tape:
        if result == name:
            back(parent, gradient * slope)

back(tape[-1][0], 1.0)
return gradients
""",
        """
from collections import defaultdict
gradients = defaultdict(float)
gradients[tape[-1][0]] = 1
for result, parent, slope in tape[::-1]:
    gradients[parent] += gradients[result] * slope
return gradients
""",
        """
names = {name for entry in tape for name in entry[:2]}
last = tape[-1][0]
gradients = {}
for name in names:
    grows = dict.fromkeys(names, 0.0)
    grows[name] = 1.0
    for result, parent, slope in tape:
        grows[result] += slope * grows[parent]
    gradients[name] = grows[last]
return gradients
""",
    ],
}

WRONG = {
    "slope": [
        """
x = torch.tensor(at, requires_grad=True)
function(x).backward()
return x.grad
""",
        "return function(torch.tensor(at)).item()",
        "return 2 * at",
        "return (function(torch.tensor(at + 0.1)) - function(torch.tensor(at))).item() / 0.1",
        "return function(torch.tensor(at)).item() / at",
        """
x = torch.tensor(at, requires_grad=True)
function(x).backward()
return abs(x.grad.item())
""",
        """
x = torch.tensor(at, requires_grad=True)
function(x).backward()
return round(x.grad.item(), 2)
""",
        """
x = torch.tensor(3.0, requires_grad=True)
function(x).backward()
return x.grad.item()
""",
    ],
    "fresh_gradients": [
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
        """
found = []
for loss in losses:
    loss(weight).backward()
    found.append(weight.grad)
    weight.grad.zero_()
return found
""",
        """
found = []
for loss in losses:
    if weight.grad is not None:
        weight.grad.zero_()
    loss(weight).backward()
    found.append(weight.grad)
return found
""",
        """
found = []
for loss in losses:
    weight.grad = None
    loss(weight).backward()
    found.append(weight.grad.item())
return found
""",
    ],
    "error_gradient": [
        """
weight = weight.clone().requires_grad_()
((inputs @ weight - targets) ** 2).sum().backward()
return weight.grad
""",
        """
((inputs @ weight - targets) ** 2).mean().backward()
return weight.grad
""",
        """
weight = weight.clone().requires_grad_()
loss = ((inputs @ weight - targets) ** 2).mean()
loss.backward()
return loss
""",
        """
weight.requires_grad_()
((inputs @ weight - targets) ** 2).mean().backward()
return weight.grad
""",
        """
weight.requires_grad = True
(gradient,) = torch.autograd.grad(((inputs @ weight - targets) ** 2).mean(), weight)
return gradient
""",
        "return inputs.T @ (inputs @ weight - targets) / len(targets)",
        "return 2 * inputs.T @ (targets - inputs @ weight) / len(targets)",
        """
leaf = weight.clone().requires_grad_()
(inputs @ leaf - targets).mean().backward()
return leaf.grad
""",
        """
leaf = weight.clone().requires_grad_()
((inputs @ leaf - targets[:, None]) ** 2).mean().backward()
return leaf.grad
""",
        """
leaf = torch.ones_like(weight).requires_grad_()
((inputs @ leaf - targets) ** 2).mean().backward()
return leaf.grad
""",
    ],
    "logits_only": [
        "return model(*inputs)",
        """
with torch.no_grad():
    return model(*inputs).argmax(dim=1)
""",
        "return model(*inputs).requires_grad_()",
        """
with torch.no_grad():
    return model(*inputs).softmax(dim=1)
""",
        """
with torch.no_grad():
    return model(inputs[0])
""",
        """
for weight in model.parameters():
    weight.requires_grad_(False)
return model(*inputs)
""",
        "model.requires_grad_(False)\nreturn model(*inputs).detach()",
        """
with torch.no_grad():
    inputs = tuple(tensor.clone() for tensor in inputs)
return model(*inputs)
""",
        """
model.eval()
with torch.no_grad():
    return model(*inputs)
""",
        """
before = model.training
model.eval()
with torch.no_grad():
    logits = model(*inputs)
model.train(before)
return logits
""",
    ],
    "double_until": [
        """
number = x.item()
while number < limit:
    number *= 2
return torch.tensor(number)
""",
        """
number = x.item()
while number < limit:
    number *= 2
return torch.tensor(number, requires_grad=True)
""",
        "while x <= limit:\n    x = x * 2\nreturn x",
        "if x < limit:\n    x = x * 2\nreturn x",
        "with torch.no_grad():\n    while x < limit:\n        x *= 2\nreturn x",
        "while x.data < limit:\n    x.data *= 2\nreturn x",
        "x = x.detach()\nwhile x < limit:\n    x = x * 2\nreturn x",
        "x = x.detach()\nwhile x < limit:\n    x *= 2\nreturn x",
        "x = x * 2\nwhile x < limit:\n    x = x * 2\nreturn x",
        "for _ in range(3):\n    x = x * 2\nreturn x",
        """
while x < limit:
    x = x * 2
x.backward(retain_graph=False)
return x
""",
    ],
    "teacher_loss": [
        "return ((student(inputs) - teacher(inputs)) ** 2).mean()",
        "return ((student(inputs).detach() - teacher(inputs)) ** 2).mean()",
        "return ((student(inputs) - teacher(inputs)).detach() ** 2).mean()",
        "with torch.no_grad():\n    return ((student(inputs) - teacher(inputs)) ** 2).mean()",
        "return ((student(inputs) - teacher(inputs).detach()) ** 2).sum()",
        "return ((student(inputs) - teacher(inputs.detach())) ** 2).mean()",
        "return (student(inputs) - teacher(inputs).detach()).abs().mean()",
        "return (student(inputs) - teacher(inputs).detach()) ** 2",
        """
for weight in teacher.parameters():
    weight.requires_grad_(False)
return ((student(inputs) - teacher(inputs)) ** 2).mean()
""",
        """
loss = ((student(inputs) - teacher(inputs).detach()) ** 2).mean()
loss.backward()
return loss
""",
    ],
    "walk_back": [
        """
gradients = {tape[-1][0]: 1.0}
for result, parent, slope in reversed(tape):
    gradients[parent] = gradients.get(result, 0.0) * slope
return gradients
""",
        """
gradients = {name: 0.0 for entry in tape for name in entry[:2]}
gradients[tape[-1][0]] = 1.0
for result, parent, slope in tape:
    gradients[parent] += gradients[result] * slope
return gradients
""",
        """
gradients = {tape[-1][0]: 1.0}
for result, parent, slope in reversed(tape):
    gradients[parent] = gradients.get(parent, 0.0) + gradients.get(result, 0.0) * slope
return {name: gradient for name, gradient in gradients.items() if gradient != 0}
""",
        """
gradients = {tape[-1][0]: 1.0}
for result, parent, slope in reversed(tape):
    gradients[parent] = gradients.get(parent, 0.0) + gradients.get(result, 0.0) + slope
return gradients
""",
        """
last = tape[-1][0]
gradients = {name: 0.0 for entry in tape for name in entry[:2]}
gradients[last] = 1.0
for result, parent, slope in tape:
    if result == last:
        gradients[parent] += slope
return gradients
""",
        """
gradients = {name: 1.0 for entry in tape for name in entry[:2]}
for result, parent, slope in reversed(tape):
    gradients[parent] += gradients[result] * slope
return gradients
""",
        """
tape.reverse()
gradients = {tape[0][0]: 1.0}
for result, parent, slope in tape:
    arrived = gradients.setdefault(result, 0.0)
    gradients[parent] = gradients.get(parent, 0.0) + arrived * slope
return gradients
""",
        """
gradients = {tape[-1][0]: 1.0}
for result, parent, slope in reversed(tape):
    gradients[parent] = gradients.get(parent, 0.0) + gradients.get(result, 0.0) * slope
del gradients[tape[-1][0]]
return gradients
""",
    ],
}
