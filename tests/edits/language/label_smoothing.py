"""Label smoothing, in training alone."""

import torch.nn.functional as F

FILE = "model.py"


def compute_loss(model, batch, config):
    x, y = batch
    logits = model(x)
    smoothing = 0.1 if model.training else 0.0
    losses = F.cross_entropy(logits.transpose(1, 2), y, reduction="none", label_smoothing=smoothing)
    return losses.mean(dim=1), losses
