"""Another schedule of the learning rate: PyTorch's own OneCycleLR."""

FILE = "train.py"
REPLACE = [
    (
        "    scheduler = LambdaLR(optimizer, lambda step: one_cycle(step, steps))\n",
        "    scheduler = torch.optim.lr_scheduler.OneCycleLR(\n"
        "        optimizer, max_lr=config.lr, total_steps=steps\n"
        "    )\n",
    ),
]
