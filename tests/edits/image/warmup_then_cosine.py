"""Another schedule: a linear warm-up, then a cosine, out of PyTorch's parts."""

FILE = "train.py"
REPLACE = [
    (
        "    scheduler = LambdaLR(optimizer, lambda step: one_cycle(step, steps))\n",
        "    warmup = torch.optim.lr_scheduler.LinearLR(optimizer, 0.1, total_iters=5)\n"
        "    cosine = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps - 5)\n"
        "    scheduler = torch.optim.lr_scheduler.SequentialLR(optimizer, [warmup, cosine], [5])\n",
    ),
]
