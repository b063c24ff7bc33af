"""The last layer learns ten times faster than the rest: two groups of weights."""

import torch

FILE = "train.py"


def make_optimizer(model, config):
    last = list(model.classifier.parameters())
    rest = [weight for name, weight in model.named_parameters() if "classifier" not in name]
    groups = [{"params": rest, "lr": config.lr / 10}, {"params": last}]
    return torch.optim.AdamW(groups, lr=config.lr, weight_decay=config.weight_decay)


def check(project):
    import torch

    checkpoint = torch.load(project / "runs" / "unbroken" / "last.pt", weights_only=True)
    groups = checkpoint["optimizer"]["param_groups"]
    assert [group["initial_lr"] for group in groups] == [0.002, 0.02]
