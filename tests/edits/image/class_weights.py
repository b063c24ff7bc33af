"""Rare classes weigh more, in training alone. The weights stand in a buffer of the network."""

import torch
import torch.nn.functional as F
from torch import nn

from model import ConvNet, augment

FILE = "model.py"


def build_model(config, info):
    model = ConvNet(
        info.channels,
        info.height,
        info.width,
        config.width,
        len(info.classes),
        info.mean,
        info.std,
    )
    weights = torch.ones(len(info.classes))
    weights[0] = 5
    model.class_weights = nn.Buffer(weights)
    return model


def compute_loss(model, batch, config):
    pictures, labels = batch
    weights = None
    if model.training:
        pictures = augment(pictures, config)
        weights = model.class_weights
    logits = model(pictures)
    return F.cross_entropy(logits, labels, weight=weights, reduction="none"), logits
