"""Answers to the exercises of lesson 9: unusual right ones, and plausible wrong ones."""

RIGHT = {
    "accuracy": [
        "_, answers = logits.max(1)\nreturn answers.eq(labels).sum().item() / len(labels)",
        """
right = 0
for row, label in zip(logits, labels):
    if row.argmax() == label:
        right += 1
return right / len(labels)
""",
        "return float((logits.softmax(dim=-1).topk(1).indices[:, 0] == labels).double().mean())",
        "import numpy as np\nreturn np.mean(logits.numpy().argmax(axis=1) == labels.numpy())",
    ],
    "train": [
        """
model.train()
history = []
for batch in batches:
    optimizer.zero_grad()
    losses, _ = compute_loss(model, batch, config)
    loss = losses.mean()
    loss.backward()
    optimizer.step()
    history.append(loss.item())
return history
""",
        """
history = []
for batch in batches:
    losses, _ = compute_loss(model, batch, config)
    losses.mean().backward()
    optimizer.step()
    optimizer.zero_grad()
    history.append(losses.detach().mean().item())
return history
""",
        """
def train(model, optimizer, batches, config):
    history = []
    for number in range(len(batches)):
        model.train()
        losses = compute_loss(model, batches[number], config)[0]
        for weights in model.parameters():
            weights.grad = None
        loss = losses.sum() / len(losses)
        loss.backward()
        optimizer.step()
        history.append(float(loss))
    return tuple(history)
""",
        """
def step(batch):
    losses, _ = compute_loss(model, batch, config)
    model.zero_grad()
    losses.mean().backward()
    optimizer.step()
    return losses.mean().item()

return [step(batch) for batch in batches]
""",
    ],
    "evaluate": [
        """
mode = model.training
model.eval()
with torch.inference_mode():
    inputs = torch.cat([inputs for inputs, _ in batches])
    labels = torch.cat([labels for _, labels in batches])
    loss = torch.nn.functional.cross_entropy(model(inputs), labels)
model.train(mode)
return loss.item()
""",
        """
was_training = model.training
try:
    model.train(False)
    losses = []
    for inputs, labels in batches:
        with torch.no_grad():
            logits = model(inputs)
        losses += torch.nn.CrossEntropyLoss(reduction="none")(logits, labels).tolist()
finally:
    if was_training:
        model.train()
return sum(losses) / len(losses)
""",
        """
import copy
twin = copy.deepcopy(model).eval()
twin.gradients = model.gradients
total, count = 0, 0
with torch.set_grad_enabled(False):
    for inputs, labels in batches:
        total += torch.nn.functional.cross_entropy(twin(inputs), labels) * len(labels)
        count += len(labels)
return float(total / count)
""",
        """
import copy

twin = copy.deepcopy(model).eval()
total, count = 0.0, 0
with torch.no_grad():
    for inputs, labels in batches:
        loss = torch.nn.functional.cross_entropy(twin(inputs), labels)
        total += loss.item() * len(labels)
        count += len(labels)
return total / count
""",
    ],
    "confusion_matrix": [
        """
matrix = torch.zeros(classes, classes, dtype=torch.long)
for answer, label in zip(answers, labels):
    matrix[label, answer] += 1
return matrix
""",
        """
matrix = torch.zeros(classes, classes, dtype=torch.int32)
matrix.index_put_((labels, answers), torch.tensor(1, dtype=torch.int32), accumulate=True)
return matrix
""",
        """
def one_hot(numbers):
    return torch.nn.functional.one_hot(numbers, classes).float()
return (one_hot(labels).T @ one_hot(answers)).round().long()
""",
        """
rows = [
    [int(((labels == row) & (answers == column)).sum()) for column in range(classes)]
    for row in range(classes)
]
return torch.tensor(rows)
""",
    ],
    "worst_mistakes": [
        """
losses = torch.nn.functional.cross_entropy(logits, labels, reduction="none")
wrong = (logits.argmax(1) != labels).nonzero().flatten()
return wrong[losses[wrong].argsort(descending=True)[:count]]
""",
        """
losses = torch.nn.functional.cross_entropy(logits, labels, reduction="none")
right = logits.argmax(dim=1) == labels
losses = losses.masked_fill(right, -1)
return losses.topk(min(count, int((~right).sum()))).indices
""",
        """
chance = logits.softmax(dim=1)[torch.arange(len(labels)), labels]
found = [i for i in range(len(labels)) if logits[i].argmax() != labels[i]]
found.sort(key=lambda i: chance[i].item())
return torch.tensor(found[:count], dtype=torch.long)
""",
        """
logs = logits.log_softmax(1).gather(1, labels[:, None]).squeeze(1)
keep = torch.ne(logits.max(1).indices, labels)
return torch.where(keep)[0][logs[keep].sort().indices][:count]
""",
    ],
}

WRONG = {
    "accuracy": [
        "return (logits.argmax(dim=1) == labels).float().mean()",
        "return (logits.argmax(dim=1) == labels).sum().item()",
        "return (logits.argmax(dim=0) == labels).float().mean().item()",
        "return 0.5",
        "return (logits.max(dim=1).values == labels).float().mean().item()",
        "return ((logits[:, 1] > 0).long() == labels).float().mean().item()",
        "return (logits.argmin(dim=1) == labels).float().mean().item()",
        "return 100 * (logits.argmax(dim=1) == labels).float().mean().item()",
        "return (logits.argmax(dim=1) == labels).sum().item() / logits.numel()",
    ],
    "train": [
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
        """
history = []
for batch in batches:
    losses, _ = compute_loss(model, batch, config)
    model.zero_grad()
    losses.mean().backward()
    with torch.no_grad():
        for weights in model.parameters():
            if weights.grad is not None:
                weights -= 0.1 * weights.grad
    history.append(losses.mean().item())
return history
""",
        """
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
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
    optimizer.zero_grad()
    losses.sum().backward()
    optimizer.step()
    history.append(losses.mean().item())
return history
""",
        """
history = []
for batch in batches:
    losses, _ = compute_loss(model, batches[0], config)
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
    optimizer.zero_grad()
    optimizer.step()
    history.append(losses.mean().item())
return history
""",
        """
history = []
for batch in batches:
    losses, _ = compute_loss(model, batch, config)
    optimizer.zero_grad()
    losses.mean().backward()
    optimizer.step()
    losses, _ = compute_loss(model, batch, config)
    history.append(losses.mean().item())
return history
""",
        """
history = []
for batch in batches:
    losses, _ = compute_loss(model, batch, config)
    optimizer.zero_grad()
    losses.mean().backward()
    optimizer.step()
    history.append(losses.mean())
return history
""",
        """
for batch in batches:
    losses, _ = compute_loss(model, batch, config)
    optimizer.zero_grad()
    losses.mean().backward()
    optimizer.step()
    return [losses.mean().item()]
""",
    ],
    "evaluate": [
        """
model.eval()
losses = []
with torch.no_grad():
    for inputs, labels in batches:
        losses.append(torch.nn.functional.cross_entropy(model(inputs), labels).item())
model.train()
return sum(losses) / len(losses)
""",
        """
model.eval()
total = count = 0
with torch.no_grad():
    for inputs, labels in batches:
        total += torch.nn.functional.cross_entropy(model(inputs), labels).item() * len(labels)
        count += len(labels)
model.train()
return total / count
""",
        """
model.eval()
total = count = 0
with torch.no_grad():
    for inputs, labels in batches:
        total += torch.nn.functional.cross_entropy(model(inputs), labels).item() * len(labels)
        count += len(labels)
return total / count
""",
        """
total = count = 0
with torch.no_grad():
    for inputs, labels in batches:
        total += torch.nn.functional.cross_entropy(model(inputs), labels).item() * len(labels)
        count += len(labels)
return total / count
""",
        """
mode = model.training
model.eval()
total = count = 0
for inputs, labels in batches:
    total += torch.nn.functional.cross_entropy(model(inputs), labels).item() * len(labels)
    count += len(labels)
model.train(mode)
return total / count
""",
        """
mode = model.training
model.eval()
right = count = 0
with torch.no_grad():
    for inputs, labels in batches:
        right += (model(inputs).argmax(dim=1) == labels).sum().item()
        count += len(labels)
model.train(mode)
return right / count
""",
        """
mode = model.training
model.eval()
total = 0
with torch.no_grad():
    for inputs, labels in batches:
        total += torch.nn.functional.cross_entropy(model(inputs), labels, reduction="sum").item()
model.train(mode)
return total / len(batches)
""",
        """
import copy

twin = copy.deepcopy(model).eval()
total, count = 0.0, 0
for inputs, labels in batches:
    loss = torch.nn.functional.cross_entropy(twin(inputs), labels)
    total += loss.item() * len(labels)
    count += len(labels)
return total / count
""",
        """
training = model.training
model.eval()
torch.set_grad_enabled(False)
total, count = 0.0, 0
for inputs, labels in batches:
    loss = torch.nn.functional.cross_entropy(model(inputs), labels)
    total += loss.item() * len(labels)
    count += len(labels)
model.train(training)
return total / count
""",
        """
training = model.training
model.eval()
total, count = 0.0, 0
with torch.no_grad():
    for inputs, labels in batches:
        loss = torch.nn.functional.cross_entropy(model(inputs), labels)
        total += loss.item() * len(labels)
        count += len(labels)
model.training = training
return total / count
""",
    ],
    "confusion_matrix": [
        """
matrix = torch.zeros(classes, classes, dtype=torch.long)
for answer, label in zip(answers, labels):
    matrix[answer, label] += 1
return matrix
""",
        """
matrix = torch.zeros(classes, classes)
for answer, label in zip(answers, labels):
    matrix[label, answer] += 1
return matrix
""",
        """
matrix = torch.zeros(classes, classes, dtype=torch.long)
matrix[labels, answers] += 1
return matrix
""",
        "return torch.bincount(classes * labels + answers).view(classes, classes)",
        """
from sklearn.metrics import confusion_matrix
return torch.from_numpy(confusion_matrix(labels, answers))
""",
        """
matrix = torch.zeros(classes, classes, dtype=torch.long)
for answer, label in zip(answers, labels):
    if answer != label:
        matrix[label, answer] += 1
return matrix
""",
        "return torch.tensor([[1, 1], [0, 1]])",
        """
matrix = torch.zeros(classes, classes, dtype=torch.uint8)
for answer, label in zip(answers, labels):
    matrix[label, answer] += 1
return matrix
""",
    ],
    "worst_mistakes": [
        """
losses = torch.nn.functional.cross_entropy(logits, labels, reduction="none")
return losses.argsort(descending=True)[:count]
""",
        """
losses = torch.nn.functional.cross_entropy(logits, labels, reduction="none")
wrong = (logits.argmax(dim=1) != labels).nonzero().flatten()
return losses[wrong].argsort(descending=True)[:count]
""",
        """
losses = torch.nn.functional.cross_entropy(logits, labels, reduction="none")
wrong = (logits.argmax(dim=1) != labels).nonzero().flatten()
return wrong[losses[wrong].argsort()[:count]]
""",
        "return (logits.argmax(dim=1) != labels).nonzero().flatten()[:count]",
        """
losses = torch.nn.functional.cross_entropy(logits, labels, reduction="none")
losses[logits.argmax(dim=1) == labels] = -1
return losses.topk(count).indices
""",
        """
losses = torch.nn.functional.cross_entropy(logits, labels, reduction="none")
wrong = logits.argmax(dim=1) != labels
return (losses * wrong).argsort(descending=True)[:count]
""",
        """
losses = torch.nn.functional.cross_entropy(logits, labels, reduction="none")
wrong = logits.argmax(dim=1) != labels
return losses[wrong].sort(descending=True).values[:count]
""",
        """
highest = logits.max(dim=1).values
wrong = (logits.argmax(dim=1) != labels).nonzero().flatten()
return wrong[highest[wrong].argsort(descending=True)[:count]]
""",
    ],
}
