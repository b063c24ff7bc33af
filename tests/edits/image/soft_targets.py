"""The targets of the loss are probabilities, made of the labels in compute_loss."""

import torch.nn.functional as F

FILE = "model.py"


def compute_loss(model, batch, config):
    pictures, labels = batch
    logits = model(pictures)
    targets = F.one_hot(labels, logits.shape[1]).float()
    if model.training:
        targets = 0.9 * targets + 0.1 / logits.shape[1]
    return F.cross_entropy(logits, targets, reduction="none"), logits
