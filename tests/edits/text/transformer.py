"""A Transformer encoder instead of the recurrent network.

docs.pytorch.org/docs/stable/generated/torch.nn.TransformerEncoder.html
"""

import torch
from torch import nn

FILE = "model.py"


class Transformer(nn.Module):
    def __init__(self, width, heads, layers, longest, num_classes):
        super().__init__()
        self.characters = nn.Embedding(4096, width)
        self.positions = nn.Embedding(longest, width)
        layer = nn.TransformerEncoderLayer(
            width, heads, dim_feedforward=2 * width, dropout=0.1, batch_first=True
        )
        self.encoder = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        self.classifier = nn.Linear(width, num_classes)

    def forward(self, characters):
        padding = characters == 0
        positions = torch.arange(characters.shape[1], device=characters.device)
        vectors = self.characters(characters % 4096) + self.positions(positions)
        states = self.encoder(vectors, src_key_padding_mask=padding)
        states = states.masked_fill(padding.unsqueeze(2), 0)
        lengths = (~padding).sum(dim=1, keepdim=True)
        return self.classifier(states.sum(dim=1) / lengths)


def build_model(config, info):
    return Transformer(config.width, 4, 2, info.max_length, len(info.classes))
