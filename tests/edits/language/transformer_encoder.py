"""PyTorch's own encoder with a causal mask, without a cache.

docs.pytorch.org/docs/stable/generated/torch.nn.TransformerEncoder.html
"""

import torch
from torch import nn

FILE = "model.py"


class TransformerModel(nn.Module):
    def __init__(self, ntoken, block_size, d_model, nhead, nlayers):
        super().__init__()
        self.embedding = nn.Embedding(ntoken, d_model)
        self.position = nn.Parameter(torch.zeros(block_size, d_model))
        layer = nn.TransformerEncoderLayer(
            d_model, nhead, 2 * d_model, dropout=0.1, batch_first=True, norm_first=True
        )
        self.encoder = nn.TransformerEncoder(layer, nlayers, enable_nested_tensor=False)
        self.linear = nn.Linear(d_model, ntoken)
        mask = nn.Transformer.generate_square_subsequent_mask(block_size)
        self.register_buffer("mask", mask, persistent=False)

    def forward(self, src):
        T = src.shape[1]
        x = self.embedding(src) + self.position[:T]
        return self.linear(self.encoder(x, mask=self.mask[:T, :T], is_causal=True))


def build_model(config, info):
    return TransformerModel(len(info.characters), info.context, 16, 2, 2)
