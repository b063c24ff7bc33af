"""The loss is averaged in training alone."""

import torch.nn.functional as F

FILE = "model.py"
EXPECTED = ["compute_loss", "in training"]


def compute_loss(model, batch, config):
    pictures, labels = batch
    logits = model(pictures)
    losses = F.cross_entropy(logits, labels, reduction="none")
    if model.training:
        return losses.mean(), logits
    return losses, logits
