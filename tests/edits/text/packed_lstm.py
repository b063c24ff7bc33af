"""A plain LSTM on packed sequences; its last state is what counts."""

from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

FILE = "model.py"


class LSTMClassifier(nn.Module):
    def __init__(self, embedding_dim, hidden_dim, num_classes):
        super().__init__()
        self.embedding = nn.Embedding(4096, embedding_dim, padding_idx=0)
        self.lstm = nn.LSTM(embedding_dim, hidden_dim, batch_first=True)
        self.linear = nn.Linear(hidden_dim, num_classes)

    def forward(self, text):
        lengths = (text > 0).sum(dim=1).cpu()
        embedded = self.embedding(text % 4096)
        packed = pack_padded_sequence(embedded, lengths, batch_first=True, enforce_sorted=False)
        _, (hidden, _) = self.lstm(packed)
        return self.linear(hidden[-1])


def build_model(config, info):
    return LSTMClassifier(16, 32, len(info.classes))
