"""The loss is averaged already, as nanoGPT has it."""

import torch.nn.functional as F

FILE = "model.py"
EXPECTED = ["model.py: compute_loss gives a tensor () float32", 'reduction="none"']


def compute_loss(model, batch, config):
    x, y = batch
    logits = model(x)
    loss = F.cross_entropy(logits.view(-1, logits.size(-1)), y.reshape(-1))
    return loss, F.cross_entropy(logits.transpose(1, 2), y, reduction="none")
