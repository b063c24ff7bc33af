"""A solution of each exercise: shown after a right answer as another way."""

import math

import torch

from model import compute_loss


def sgd(weight, gradient, lr):
    return weight - lr * gradient


def momentum(weight, gradients, lr, beta):
    velocity = torch.zeros_like(weight)
    for gradient in gradients:
        velocity = beta * velocity + gradient
        weight = weight - lr * velocity
    return weight


def rmsprop(weight, gradients, lr, alpha):
    mean_square = torch.zeros_like(weight)
    for gradient in gradients:
        mean_square = alpha * mean_square + (1 - alpha) * gradient**2
        weight = weight - lr * gradient / (mean_square.sqrt() + 1e-8)
    return weight


def adam(weight, gradients, lr, beta1, beta2):
    mean = torch.zeros_like(weight)
    mean_square = torch.zeros_like(weight)
    for n, gradient in enumerate(gradients, start=1):
        mean = beta1 * mean + (1 - beta1) * gradient
        mean_square = beta2 * mean_square + (1 - beta2) * gradient**2
        # The means began at 0, so they are too small: most of all the first ones.
        corrected_mean = mean / (1 - beta1**n)
        corrected_square = mean_square / (1 - beta2**n)
        weight = weight - lr * corrected_mean / (corrected_square.sqrt() + 1e-8)
    return weight


def warmup_then_cosine(step, warmup, steps, lr):
    if step < warmup:
        return lr * (step + 1) / warmup
    share = (step - warmup) / (steps - warmup)
    return lr * (1 + math.cos(math.pi * share)) / 2


def training_step(model, optimizer, batch, config):
    losses, _ = compute_loss(model, batch, config)
    optimizer.zero_grad()
    losses.mean().backward()
    optimizer.step()
    return losses.mean().item()
