"""The loss is averaged already, as most tutorials have it."""

import torch.nn.functional as F

FILE = "model.py"
EXPECTED = ["compute_loss", 'reduction="none"']


def compute_loss(model, batch, config):
    pictures, labels = batch
    logits = model(pictures)
    return F.cross_entropy(logits, labels), logits
