"""Convolutions over the characters, and the maximum over the text."""

from torch import nn

FILE = "model.py"


class TextCNN(nn.Module):
    def __init__(self, width, num_classes):
        super().__init__()
        self.characters = nn.Embedding(4096, width, padding_idx=0)
        self.convolution = nn.Conv1d(width, 4 * width, 5, padding=2)
        self.dropout = nn.Dropout(0.3)
        self.classifier = nn.Linear(4 * width, num_classes)

    def forward(self, characters):
        vectors = self.characters(characters % 4096).transpose(1, 2)
        states = self.convolution(vectors)
        outside = (characters == 0).unsqueeze(1)
        largest = states.masked_fill(outside, float("-inf")).amax(dim=2)
        return self.classifier(self.dropout(largest))


def build_model(config, info):
    return TextCNN(config.width, len(info.classes))
