"""The first block is frozen, as of a network that was trained before: its statistics must stay."""

FILE = "model.py"
REPLACE = [
    (
        "        self.features = nn.Sequential(*layers)\n",
        "        self.features = nn.Sequential(*layers)\n"
        "        self.features[:4].requires_grad_(False)\n",
    ),
]


def check(project):
    import torch

    for name in ("best.pt", "last.pt"):
        checkpoint = torch.load(project / "runs" / "unbroken" / name, weights_only=True)
        model = checkpoint["model"]
        frozen = model["features.1.running_mean"], model["features.1.running_var"]
        assert torch.equal(frozen[0], torch.zeros(8)), "the mean of the frozen layer moved"
        assert torch.equal(frozen[1], torch.ones(8)), "the variance of the frozen layer moved"
        assert model["features.1.num_batches_tracked"] == 0
        assert not torch.equal(model["features.5.running_mean"], torch.zeros(16))
