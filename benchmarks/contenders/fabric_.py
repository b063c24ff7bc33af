"""Lightning Fabric, as its page "Convert PyTorch code to Fabric" has it.

    python fabric_.py --model mlp --batch-size 64 --epochs 20

AdamW with its defaults and a constant rate, no validation, no checkpoints.
"""

import torch
import torch.nn.functional as F
from common import LR, build_model, load_data, make_loaders, read_arguments, report
from lightning.fabric import Fabric


def main() -> None:
    """Train, and say how well it answers."""
    options = read_arguments(__doc__)
    data = load_data(options)
    fabric = Fabric(
        accelerator="cpu" if options.device == "cpu" else "gpu",
        devices=1,
        precision="32-true" if options.device == "cpu" else "bf16-mixed",
    )
    fabric.launch()
    model = build_model(options.model, data["train"][0])
    optimizer = torch.optim.AdamW(model.parameters(), lr=LR)
    model, optimizer = fabric.setup(model, optimizer)
    loader = fabric.setup_dataloaders(make_loaders(options, data)[0])
    for _ in range(options.epochs):
        for images, labels in loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(images), labels)
            fabric.backward(loss)
            optimizer.step()
    report(model, data)


if __name__ == "__main__":
    main()
