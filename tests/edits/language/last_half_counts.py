"""The loss of an example is that of the second half of a window, where enough is known."""

import torch.nn.functional as F

FILE = "model.py"


def compute_loss(model, batch, config):
    x, y = batch
    logits = model(x)
    losses = F.cross_entropy(logits.view(-1, logits.size(-1)), y.reshape(-1), reduction="none")
    losses = losses.view(y.shape)
    return losses[:, y.shape[1] // 2 :].mean(dim=1), losses
