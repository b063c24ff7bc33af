"""One logit for two classes, and binary cross-entropy."""

import torch.nn.functional as F
from torch import nn

FILE = "model.py"
EXPECTED = ["build_model", "(2, 1)", "(2, 10)"]


def build_model(config, info):
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 1))


def compute_loss(model, batch, config):
    pictures, labels = batch
    outputs = model(pictures)
    targets = labels.float()
    losses = F.binary_cross_entropy_with_logits(outputs.squeeze(1), targets, reduction="none")
    return losses, outputs
