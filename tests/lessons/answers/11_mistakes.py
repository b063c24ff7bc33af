"""Answers to exercises 11: unusual ones that are right, and plausible ones that are wrong."""

RIGHT = {
    "squared_error": [
        """
def squared_error(predictions, targets):
    return torch.nn.functional.mse_loss(predictions.flatten(), targets)
""",
        """
def squared_error(predictions, targets):
    return ((predictions - targets[:, None]) ** 2).mean()
""",
        """
def squared_error(predictions, targets):
    total = torch.tensor(0.0)
    for prediction, target in zip(predictions, targets):
        total = total + (prediction[0] - target) ** 2
    return total / len(targets)
""",
        """
def squared_error(predictions, targets):
    return (predictions.view_as(targets) - targets).pow(2).sum() / targets.numel()
""",
    ],
    "PointClassifier": [
        """
class PointClassifier(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(features, 32), nn.ReLU(), nn.Linear(32, classes)
        )

    def forward(self, points):
        return self.layers(points)
""",
        """
class PointClassifier(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.hidden = nn.Linear(features, 32)
        self.output = nn.Linear(32, classes)

    def forward(self, points):
        hidden = self.hidden(points).relu()
        return self.output(hidden).log_softmax(dim=1)
""",
        """
class PointClassifier(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.hidden = nn.Linear(features, 16)
        self.output = nn.Linear(16, classes)

    def forward(self, points):
        hidden = torch.tanh(self.hidden(points))
        logits = self.output(hidden)
        return logits
""",
    ],
    "walk_downhill": [
        """
def walk_downhill(function, start, lr, steps):
    point = start.clone().requires_grad_()
    for _ in range(steps):
        function(point).backward()
        with torch.no_grad():
            point -= lr * point.grad
        point.grad.zero_()
    return point.detach()
""",
        """
def walk_downhill(function, start, lr, steps):
    point = start.clone()
    for _ in range(steps):
        point = point.detach().requires_grad_()
        (gradient,) = torch.autograd.grad(function(point), point)
        point = point - lr * gradient
    return point.detach()
""",
        """
def walk_downhill(function, start, lr, steps):
    point = torch.nn.Parameter(start.clone())
    optimizer = torch.optim.SGD([point], lr=lr)
    for _ in range(steps):
        optimizer.zero_grad()
        function(point).backward()
        optimizer.step()
    return point.detach()
""",
    ],
    "predicted_classes": [
        """
def predicted_classes(model, inputs):
    training = model.training
    try:
        with torch.inference_mode():
            return model.eval()(inputs).argmax(1)
    finally:
        model.train(training)
""",
        """
def predicted_classes(model, inputs):
    from copy import deepcopy
    twin = deepcopy(model)
    twin.eval()
    return twin(inputs).detach().softmax(dim=1).argmax(dim=1)
""",
        """
def predicted_classes(model, inputs):
    modes = {part: part.training for part in model.modules()}
    model.eval()
    with torch.no_grad():
        _, classes = model(inputs).max(dim=1)
    for part, training in modes.items():
        part.training = training
    return classes
""",
    ],
    "standardize_parts": [
        """
def standardize_parts(train, val):
    mean = train.mean(0, keepdim=True)
    std = train.std(0, keepdim=True)
    return [(part - mean) / std for part in (train, val)]
""",
        """
def standardize_parts(train, val):
    std, mean = torch.std_mean(train, dim=0)
    return train.sub(mean).div(std), val.sub(mean).div(std)
""",
        """
def standardize_parts(train, val):
    train, val = train.clone(), val.clone()
    for column in range(train.shape[1]):
        mean, std = train[:, column].mean(), train[:, column].std()
        train[:, column] = (train[:, column] - mean) / std
        val[:, column] = (val[:, column] - mean) / std
    return train, val
""",
    ],
    "clipped_step": [
        """
def clipped_step(model, optimizer, loss, limit):
    model.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(list(model.parameters()), max_norm=limit)
    optimizer.step()
    optimizer.zero_grad()
""",
        """
def clipped_step(model, optimizer, loss, limit):
    for weights in model.parameters():
        weights.grad = None
    loss.backward()
    gradients = [weights.grad for weights in model.parameters() if weights.grad is not None]
    norm = torch.cat([gradient.flatten() for gradient in gradients]).norm()
    if norm > limit:
        for gradient in gradients:
            gradient *= limit / norm
    optimizer.step()
""",
        """
def clipped_step(model, optimizer, loss, limit):
    optimizer.zero_grad(set_to_none=False)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), limit)
    optimizer.step()
""",
    ],
    "shuffle_examples": [
        """
def shuffle_examples(inputs, labels):
    import random
    order = list(range(len(inputs)))
    random.shuffle(order)
    return inputs[order], labels[order]
""",
        """
def shuffle_examples(inputs, labels):
    pairs = torch.utils.data.TensorDataset(inputs, labels)
    loader = torch.utils.data.DataLoader(pairs, batch_size=len(inputs), shuffle=True)
    return next(iter(loader))
""",
        """
def shuffle_examples(inputs, labels):
    import numpy as np
    order = torch.from_numpy(np.random.permutation(len(labels)))
    return [inputs.index_select(0, order), labels.index_select(0, order)]
""",
    ],
    "movement": [
        """
def movement(before, after):
    return torch.maximum(before, after) - torch.minimum(before, after)
""",
        """
def movement(before, after):
    return (before.float() - after.float()).abs().byte()
""",
        """
def movement(before, after):
    return torch.where(after > before, after - before, before - after)
""",
    ],
    "with_positions": [
        """
def with_positions(sequences):
    count, length, _ = sequences.shape
    steps = torch.arange(length).to(sequences)
    return torch.cat([sequences, steps.expand(count, length)[:, :, None]], dim=2)
""",
        """
def with_positions(sequences):
    steps = torch.ones_like(sequences[:, :, :1]).cumsum(dim=1) - 1
    return torch.cat([sequences, steps], dim=-1)
""",
        """
def with_positions(sequences):
    count, length, features = sequences.shape
    result = sequences.new_empty(count, length, features + 1)
    result[:, :, :features] = sequences
    for step in range(length):
        result[:, step, features] = step
    return result
""",
    ],
    "mean_of_losses": [
        """
def mean_of_losses(compute_loss, batches):
    with torch.no_grad():
        return sum(compute_loss(batch) for batch in batches).item() / len(batches)
""",
        """
def mean_of_losses(compute_loss, batches):
    losses = []
    for batch in batches:
        losses.append(compute_loss(batch).detach())
    return torch.stack(losses).mean().item()
""",
        """
def mean_of_losses(compute_loss, batches):
    import statistics
    return statistics.fmean(float(compute_loss(batch)) for batch in batches)
""",
    ],
}

WRONG = {
    "squared_error": [
        """
def squared_error(predictions, targets):
    return ((predictions.T - targets[:, None]) ** 2).mean()
""",
        """
def squared_error(predictions, targets):
    return (predictions.squeeze(1) - targets).mean() ** 2
""",
        """
def squared_error(predictions, targets):
    return ((predictions.squeeze(1) - targets) ** 2).sum()
""",
        """
def squared_error(predictions, targets):
    return (predictions.squeeze(1) - targets).abs().mean()
""",
        """
def squared_error(predictions, targets):
    return ((predictions - targets) ** 2).diagonal()
""",
    ],
    "PointClassifier": [
        """
class PointClassifier(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.hidden = nn.Linear(features, 32)
        self.output = nn.Linear(32, classes)

    def forward(self, points):
        return self.output(self.hidden(points).relu()).sigmoid()
""",
        """
class PointClassifier(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.hidden = nn.Linear(features, 32)
        self.output = nn.Linear(32, classes)

    def forward(self, points):
        return self.output(self.hidden(points).softmax(dim=1)).softmax(dim=1)
""",
        """
class PointClassifier(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.hidden = nn.Linear(features, 32)
        self.output = nn.Linear(32, classes)

    def forward(self, points):
        return self.output(self.hidden(points))
""",
        """
class PointClassifier(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.hidden = nn.Linear(2, 32)
        self.output = nn.Linear(32, 2)

    def forward(self, points):
        return self.output(self.hidden(points).relu())
""",
        """
class PointClassifier(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.hidden = nn.Linear(features, 32)
        self.output = nn.Linear(32, classes)

    def forward(self, points):
        return self.output(self.hidden(points).relu()).log_softmax(dim=0)
""",
        """
class PointClassifier(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.hidden = nn.Linear(features, 32)
        self.output = nn.Linear(32, classes)

    def forward(self, points):
        return self.output(self.hidden(points).relu()).argmax(dim=1)
""",
    ],
    "walk_downhill": [
        """
def walk_downhill(function, start, lr, steps):
    point = start.clone().requires_grad_()
    point.grad = None
    for _ in range(steps):
        function(point).backward()
        with torch.no_grad():
            point -= lr * point.grad
    return point.detach()
""",
        """
def walk_downhill(function, start, lr, steps):
    point = start.clone().requires_grad_()
    function(point).backward()
    for _ in range(steps):
        with torch.no_grad():
            point -= lr * point.grad
    return point.detach()
""",
        """
def walk_downhill(function, start, lr, steps):
    point = start.requires_grad_()
    for _ in range(steps):
        point.grad = None
        function(point).backward()
        with torch.no_grad():
            point -= lr * point.grad
    return point.detach()
""",
        """
def walk_downhill(function, start, lr, steps):
    point = start.clone().requires_grad_()
    for _ in range(steps):
        point.grad = None
        function(point).backward()
        with torch.no_grad():
            point -= lr * point.grad
    return point
""",
        """
def walk_downhill(function, start, lr, steps):
    point = start.clone().requires_grad_()
    for step in range(steps):
        function(point).backward()
        with torch.no_grad():
            point -= lr * point.grad / (step + 1)
    return point.detach()
""",
    ],
    "predicted_classes": [
        """
def predicted_classes(model, inputs):
    model.eval()
    with torch.no_grad():
        return model(inputs).argmax(dim=1)
""",
        """
def predicted_classes(model, inputs):
    model.eval()
    with torch.no_grad():
        classes = model(inputs).argmax(dim=1)
    model.train()
    return classes
""",
        """
def predicted_classes(model, inputs):
    torch.manual_seed(0)
    with torch.no_grad():
        return model(inputs).argmax(dim=1)
""",
        """
def predicted_classes(model, inputs):
    with torch.inference_mode():
        logits = sum(model(inputs) for _ in range(20)) / 20
    return logits.argmax(dim=1)
""",
        """
def predicted_classes(model, inputs):
    training = model.training
    model.eval()
    with torch.no_grad():
        classes = model(inputs).argmax(dim=0)
    model.train(training)
    return classes
""",
    ],
    "standardize_parts": [
        """
def standardize_parts(train, val):
    train = (train - train.mean(dim=0)) / train.std(dim=0)
    val = (val - val.mean(dim=0)) / val.std(dim=0)
    return train, val
""",
        """
def standardize_parts(train, val):
    train = (train - train.mean(dim=0)) / train.std(dim=0)
    return train, (val - train.mean(dim=0)) / train.std(dim=0)
""",
        """
def standardize_parts(train, val):
    mean, std = train.mean(), train.std()
    return (train - mean) / std, (val - mean) / std
""",
        """
def standardize_parts(train, val):
    train -= train.mean(dim=0)
    train /= train.std(dim=0)
    return train, val
""",
        """
def standardize_parts(train, val):
    mean, std = val.mean(dim=0), val.std(dim=0)
    return (train - mean) / std, (val - mean) / std
""",
    ],
    "clipped_step": [
        """
def clipped_step(model, optimizer, loss, limit):
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    nn.utils.clip_grad_norm_(model.parameters(), limit)
""",
        """
def clipped_step(model, optimizer, loss, limit):
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), limit)
    optimizer.step()
""",
        """
def clipped_step(model, optimizer, loss, limit):
    optimizer.zero_grad()
    loss.backward()
    for weights in model.parameters():
        if weights.grad is not None:
            nn.utils.clip_grad_norm_(weights, limit)
    optimizer.step()
""",
        """
def clipped_step(model, optimizer, loss, limit):
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_value_(model.parameters(), limit)
    optimizer.step()
""",
        """
def clipped_step(model, optimizer, loss, limit):
    optimizer.zero_grad()
    loss.backward()
    norm = torch.nn.utils.get_total_norm(
        [weights.grad for weights in model.parameters() if weights.grad is not None]
    )
    for weights in model.parameters():
        if weights.grad is not None:
            weights.grad *= limit / norm
    optimizer.step()
""",
        """
def clipped_step(model, optimizer, loss, limit):
    optimizer.zero_grad()
    loss.clamp(max=limit).backward()
    optimizer.step()
""",
    ],
    "shuffle_examples": [
        """
def shuffle_examples(inputs, labels):
    order = torch.randperm(len(inputs))
    return inputs[order], labels
""",
        """
def shuffle_examples(inputs, labels):
    order = torch.randint(len(inputs), (len(inputs),))
    return inputs[order], labels[order]
""",
        """
def shuffle_examples(inputs, labels):
    torch.manual_seed(0)
    inputs = inputs[torch.randperm(len(inputs))]
    torch.manual_seed(0)
    labels = labels[torch.randperm(len(labels))]
    return inputs, labels
""",
        """
def shuffle_examples(inputs, labels):
    return inputs.flip(0), labels.flip(0)
""",
        """
def shuffle_examples(inputs, labels):
    return inputs, labels
""",
    ],
    "movement": [
        """
def movement(before, after):
    return (after - before).int().abs().to(torch.uint8)
""",
        """
def movement(before, after):
    return (after.int() - before.int()).abs()
""",
        """
def movement(before, after):
    return (after.int() - before.int()).clamp(min=0).to(torch.uint8)
""",
        """
def movement(before, after):
    return (after.to(torch.int8) - before.to(torch.int8)).abs().to(torch.uint8)
""",
        """
def movement(before, after):
    return (after.int() - before.int()).to(torch.uint8)
""",
    ],
    "with_positions": [
        """
def with_positions(sequences):
    count, length, _ = sequences.shape
    steps = torch.arange(length, device=sequences.device)
    return torch.cat([sequences.float(), steps.expand(count, length)[:, :, None]], dim=2)
""",
        """
def with_positions(sequences):
    count, length, _ = sequences.shape
    steps = torch.arange(length, dtype=sequences.dtype)
    steps = steps.expand(count, length)[:, :, None]
    return torch.cat([sequences.cpu(), steps], dim=2)
""",
        """
def with_positions(sequences):
    count, length, _ = sequences.shape
    device = "cuda" if torch.cuda.is_available() else "cpu"
    steps = torch.arange(length, dtype=sequences.dtype, device=device)
    return torch.cat([sequences, steps.expand(count, length)[:, :, None]], dim=2)
""",
        """
def with_positions(sequences):
    count, length, _ = sequences.shape
    steps = torch.arange(1, length + 1, dtype=sequences.dtype, device=sequences.device)
    return torch.cat([sequences, steps.expand(count, length)[:, :, None]], dim=2)
""",
        """
def with_positions(sequences):
    count, length, _ = sequences.shape
    steps = torch.arange(length, dtype=sequences.dtype, device=sequences.device)
    return sequences + steps[:, None]
""",
    ],
    "mean_of_losses": [
        """
def mean_of_losses(compute_loss, batches):
    total = 0.0
    for batch in batches:
        total += compute_loss(batch)
    return total.item() / len(batches)
""",
        """
def mean_of_losses(compute_loss, batches):
    total = 0.0
    for batch in batches:
        total += compute_loss(batch).detach()
    return total / len(batches)
""",
        """
def mean_of_losses(compute_loss, batches):
    return torch.stack([compute_loss(batch) for batch in batches]).mean().item()
""",
        """
def mean_of_losses(compute_loss, batches):
    total = 0.0
    for batch in batches:
        total = compute_loss(batch).item()
    return total / len(batches)
""",
        """
def mean_of_losses(compute_loss, batches):
    total, count = 0.0, 0
    for batch in batches:
        total += compute_loss(batch).item() * len(batch)
        count += len(batch)
    return total / count
""",
    ],
}
