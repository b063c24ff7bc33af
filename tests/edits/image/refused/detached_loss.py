"""The loss is made of NumPy's numbers, which have no gradient."""

import torch

FILE = "model.py"
EXPECTED = ["compute_loss", "gradient"]


def compute_loss(model, batch, config):
    pictures, labels = batch
    logits = model(pictures)
    right = logits.detach().softmax(1).numpy()[range(len(labels)), labels]
    return torch.from_numpy(1 - right), logits
