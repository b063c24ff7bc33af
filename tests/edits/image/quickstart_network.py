"""The fully connected network of the official quickstart tutorial.

docs.pytorch.org/tutorials/beginner/basics/quickstart_tutorial.html
"""

from torch import nn

FILE = "model.py"


class NeuralNetwork(nn.Module):
    def __init__(self, pixels, num_classes):
        super().__init__()
        self.flatten = nn.Flatten()
        self.linear_relu_stack = nn.Sequential(
            nn.Linear(pixels, 512),
            nn.ReLU(),
            nn.Linear(512, 512),
            nn.ReLU(),
            nn.Linear(512, num_classes),
        )

    def forward(self, x):
        x = self.flatten(x)
        logits = self.linear_relu_stack(x)
        return logits


def build_model(config, info):
    pixels = info.channels * info.height * info.width
    return NeuralNetwork(pixels, len(info.classes))
