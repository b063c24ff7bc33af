"""The mistake is in what happens in training alone."""

import torch

FILE = "model.py"
CODE = 1  # a mistake of its own, with its traceback
EXPECTED = ["must match the size"]


def augment(pictures, config):
    return pictures + torch.zeros(3, 3)
