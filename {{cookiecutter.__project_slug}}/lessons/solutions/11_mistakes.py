"""A solution for each exercise of lesson 11. Shown after an answer that is right."""

import torch
from torch import nn


def squared_error(predictions, targets):
    differences = predictions.squeeze(1) - targets  # both are (N,) now
    return (differences**2).mean()


class PointClassifier(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.hidden = nn.Linear(features, 32)
        self.output = nn.Linear(32, classes)

    def forward(self, points):
        hidden = self.hidden(points).relu()
        return self.output(hidden)  # logits: cross_entropy has a softmax of its own


def walk_downhill(function, start, lr, steps):
    point = start.clone().requires_grad_()
    for _ in range(steps):
        point.grad = None  # backward adds to what is there
        function(point).backward()
        with torch.no_grad():
            point -= lr * point.grad
    return point.detach()


def predicted_classes(model, inputs):
    was_training = model.training
    model.eval()
    with torch.no_grad():
        classes = model(inputs).argmax(dim=1)
    model.train(was_training)
    return classes


def standardize_parts(train, val):
    mean, std = train.mean(dim=0), train.std(dim=0)
    return (train - mean) / std, (val - mean) / std


def clipped_step(model, optimizer, loss, limit):
    optimizer.zero_grad()
    loss.backward()  # only now there are gradients to clip
    nn.utils.clip_grad_norm_(model.parameters(), limit)
    optimizer.step()


def shuffle_examples(inputs, labels):
    order = torch.randperm(len(inputs))  # one order for both
    return inputs[order], labels[order]


def movement(before, after):
    difference = after.int() - before.int()  # int32 has negative numbers, uint8 has none
    return difference.abs().to(torch.uint8)


def with_positions(sequences):
    count, length, _ = sequences.shape
    steps = torch.arange(length, dtype=sequences.dtype, device=sequences.device)
    return torch.cat([sequences, steps.expand(count, length)[:, :, None]], dim=2)


def mean_of_losses(compute_loss, batches):
    total = 0.0
    for batch in batches:
        total += compute_loss(batch).item()  # a number: nothing holds the graph any more
    return total / len(batches)
