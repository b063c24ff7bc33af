"""A network of one's own learns with --class-weights: nothing in model.py has to know of these."""

from torch import nn

FILE = "model.py"
OPTIONS = ["--class-weights", "0.5", "--best-by", "balanced_accuracy"]


class ConvNet(nn.Module):
    def __init__(self, pixels, num_classes):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Flatten(), nn.Linear(pixels, 64), nn.ReLU(), nn.Linear(64, num_classes)
        )

    def forward(self, pictures):
        return self.layers(pictures)


def build_model(config, info):
    return ConvNet(info.channels * info.height * info.width, len(info.classes))
