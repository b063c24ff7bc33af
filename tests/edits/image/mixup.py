"""Mixup: pictures and labels are mixed with those of another example, in training."""

import numpy as np
import torch
import torch.nn.functional as F

FILE = "model.py"


def compute_loss(model, batch, config):
    pictures, labels = batch
    if not model.training:
        logits = model(pictures)
        return F.cross_entropy(logits, labels, reduction="none"), logits
    share = np.random.beta(0.4, 0.4)
    order = torch.randperm(len(pictures), device=pictures.device)
    logits = model(share * pictures + (1 - share) * pictures[order])
    first = F.cross_entropy(logits, labels, reduction="none")
    second = F.cross_entropy(logits, labels[order], reduction="none")
    return share * first + (1 - share) * second, logits
