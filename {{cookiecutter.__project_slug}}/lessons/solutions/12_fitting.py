"""A solution for each exercise of lesson 12. Shown after an answer that is right."""

import math


def best_epoch(val_losses, patience):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss < val_losses[best]:
            best = epoch
        if epoch - best >= patience:
            return best, epoch
    return best, len(val_losses) - 1


def range_of_rates(lowest, highest, count):
    factor = (highest / lowest) ** (1 / (count - 1))  # there is a gap less than rates
    return [lowest * factor**step for step in range(count)]


def choose_rate(rates, losses):
    count = 0
    while count < len(losses) and math.isfinite(losses[count]):
        count += 1
    means = []
    for place in range(count):
        around = losses[max(0, place - 1) : min(count, place + 2)]
        means.append(sum(around) / len(around))
    return rates[means.index(min(means))] / 10


def diagnose(train_losses, val_losses, guessing):
    if train_losses[-1] > guessing / 2:
        return "underfitting"
    if val_losses[-1] > 1.1 * min(val_losses):
        return "overfitting"
    return "good"


def decayed_step(parameters, gradients, lr, weight_decay):
    after = dict(parameters)
    for name, gradient in gradients.items():
        weights = parameters[name]
        decay = weight_decay if weights.dim() >= 2 else 0.0
        after[name] = weights - lr * (gradient + decay * weights)
    return after
