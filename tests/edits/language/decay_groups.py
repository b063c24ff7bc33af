"""Weights of layers decay, those of the embedding do not; betas as GPT has them."""

import torch

FILE = "train.py"


def make_optimizer(model, config):
    decay = [p for name, p in model.named_parameters() if "embedding" not in name]
    no_decay = [p for name, p in model.named_parameters() if "embedding" in name]
    groups = [
        {"params": decay, "weight_decay": config.weight_decay},
        {"params": no_decay, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=config.lr, betas=(0.9, 0.95))
