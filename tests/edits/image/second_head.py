"""A second head that is used in training only, where the network returns a tuple."""

import torch.nn.functional as F
from torch import nn

FILE = "model.py"
SHOWN = True


class TwoHeads(nn.Module):
    def __init__(self, channels, num_classes):
        super().__init__()
        self.early = nn.Sequential(nn.Conv2d(channels, 16, 3, padding=1), nn.ReLU())
        self.late = nn.Sequential(nn.Conv2d(16, 32, 3, padding=1), nn.ReLU())
        self.helper = nn.Linear(16, num_classes)
        self.classifier = nn.Linear(32, num_classes)

    def forward(self, x):
        early = self.early(x)
        late = self.late(early)
        logits = self.classifier(late.amax(dim=(2, 3)))
        if self.training:
            return logits, self.helper(early.amax(dim=(2, 3)))
        return logits


def build_model(config, info):
    return TwoHeads(info.channels, len(info.classes))


def compute_loss(model, batch, config):
    pictures, labels = batch
    if not model.training:
        logits = model(pictures)
        return F.cross_entropy(logits, labels, reduction="none"), logits
    logits, helped = model(pictures)
    losses = F.cross_entropy(logits, labels, reduction="none")
    losses = losses + 0.3 * F.cross_entropy(helped, labels, reduction="none")
    return losses, logits
