"""The focal loss: what is right already counts less."""

import torch
import torch.nn.functional as F

FILE = "model.py"


def compute_loss(model, batch, config):
    (numbers, categories), labels = batch
    logits = model(numbers, categories)
    losses = F.cross_entropy(logits, labels, reduction="none")
    if model.training:
        losses = (1 - torch.exp(-losses)) ** 2 * losses
    return losses, logits
