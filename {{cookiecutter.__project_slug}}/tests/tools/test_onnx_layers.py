"""What torch.onnx does not know is written so that onnxruntime answers as PyTorch does."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils import rnn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from engine.dataset import Info
from engine.settings import UserError

for package in ("onnxruntime", "onnxscript"):
    pytest.importorskip(package, reason="optional: pip install -e .[export]")
from tools.onnx_layers import layers_for_onnx  # noqa: E402
from tools.onnx_model import Answering, InputForm, to_onnx  # noqa: E402

VOCABULARY = 50
CLASSES = 3


class Reader(nn.Module):
    """Reads sequences with a recurrent layer; uses all that such a layer returns."""

    def __init__(self, layer, batch_first=True, **options):
        super().__init__()
        self.batch_first = batch_first
        self.embedding = nn.Embedding(VOCABULARY, 6)
        self.layer = layer(6, 5, batch_first=batch_first, **options)
        directions = 2 if self.layer.bidirectional else 1
        self.classifier = nn.Linear(3 * directions * 5, CLASSES)

    def forward(self, codes):
        lengths = (codes > 0).sum(dim=1)
        inputs = self.embedding(codes)
        if not self.batch_first:
            inputs = inputs.transpose(0, 1)
        packed = pack_padded_sequence(inputs, lengths.cpu(), self.batch_first, enforce_sorted=False)
        packed, last = self.layer(packed)
        states, _ = pad_packed_sequence(
            packed, batch_first=True, padding_value=-2.0, total_length=codes.shape[1]
        )  # (N, T, directions * 5)
        if isinstance(last, tuple):  # an LSTM has two
            last = last[0] + last[1]
        inside = (codes > 0).unsqueeze(2)
        mean = states.masked_fill(~inside, 0).sum(dim=1) / lengths.unsqueeze(1)
        directions = 2 if self.layer.bidirectional else 1
        final = last[-directions:].transpose(0, 1).flatten(1)
        return self.classifier(torch.cat([mean, states.amax(dim=1), final], dim=1))


class Unpacked(nn.Module):
    """A recurrent layer without packing, which begins with states of its own."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, 6)
        self.layer = nn.GRU(6, 5, num_layers=2, bidirectional=True, batch_first=True)
        self.classifier = nn.Linear(10, CLASSES)

    def forward(self, codes):
        begin = torch.full((4, codes.shape[0], 5), 0.5)
        states, _ = self.layer(self.embedding(codes), begin)
        return self.classifier(states.mean(dim=1))


class Bags(nn.Module):
    """Adds up vectors, in bags of which padding is no part; all three ways."""

    def __init__(self):
        super().__init__()
        self.sum = nn.EmbeddingBag(VOCABULARY, 4, mode="sum", padding_idx=0)
        self.mean = nn.EmbeddingBag(VOCABULARY, 4, mode="mean", padding_idx=0)
        self.max = nn.EmbeddingBag(VOCABULARY, 4, mode="max", padding_idx=0)
        self.whole = nn.EmbeddingBag(VOCABULARY, 4)
        self.classifier = nn.Linear(20, CLASSES)

    def forward(self, codes):
        weights = codes / VOCABULARY
        weighted = F.embedding_bag(codes, self.sum.weight, mode="sum", per_sample_weights=weights)
        bags = [self.sum(codes), self.mean(codes), self.max(codes), self.whole(codes), weighted]
        return self.classifier(torch.cat(bags, dim=1))


class Transformer(nn.Module):
    """A Transformer with a mask for padding."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, 8)
        layer = nn.TransformerEncoderLayer(8, nhead=2, dim_feedforward=16, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, num_layers=2, enable_nested_tensor=False)
        self.classifier = nn.Linear(8, CLASSES)

    def forward(self, codes):
        padding = codes == 0
        states = self.encoder(self.embedding(codes), src_key_padding_mask=padding)
        states = states.masked_fill(padding.unsqueeze(2), 0)
        return self.classifier(states.sum(dim=1) / (~padding).sum(dim=1, keepdim=True))


NETWORKS = {
    "GRU": lambda: Reader(nn.GRU, bidirectional=True),
    "LSTM": lambda: Reader(nn.LSTM, bidirectional=True, num_layers=2),
    "LSTM, steps first": lambda: Reader(nn.LSTM, batch_first=False, bias=False),
    "RNN": lambda: Reader(nn.RNN, bidirectional=True, nonlinearity="relu"),
    "without packing": Unpacked,
    "EmbeddingBag": Bags,
    "Transformer": Transformer,
}


def sequences(count, length, seed):
    """Return codes (count, length), each sequence with zeros behind its own end."""
    generator = torch.Generator().manual_seed(seed)
    codes = torch.randint(1, VOCABULARY, (count, length), generator=generator)
    lengths = torch.randint(1, length + 1, (count, 1), generator=generator)
    lengths[-1] = length
    return codes * (torch.arange(length) < lengths)


def to_session(network, path):
    """Return the network in onnxruntime."""
    import onnxruntime

    form = InputForm("codes", torch.int64, (3, 9), {0: "batch", 1: "length"})
    answering = Answering(network, [form], Info())
    program = to_onnx(answering.eval(), [sequences(3, 9, seed=0)], "outputs")
    program.save(path)
    return onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])


@pytest.mark.parametrize("name", NETWORKS)
def test_every_batch_and_every_length_is_answered_as_pytorch_does(name, tmp_path):
    torch.manual_seed(0)
    network = NETWORKS[name]().eval()
    session = to_session(network, tmp_path / "model.onnx")
    for count in (1, 2, 20):
        for length in (1, 2, 30):
            codes = sequences(count, length, seed=count * length)
            with torch.inference_mode():
                expected = network(codes).numpy()
            (answers,) = session.run(None, {"codes": codes.numpy()})
            assert np.allclose(answers, expected, atol=1e-5), (count, length)


def test_padding_changes_no_answer(tmp_path):
    session = to_session(NETWORKS["GRU"](), tmp_path / "model.onnx")
    codes = sequences(1, 7, seed=3)
    (alone,) = session.run(None, {"codes": codes.numpy()})
    (padded,) = session.run(None, {"codes": F.pad(codes, (0, 5)).numpy()})
    assert np.allclose(padded, alone, atol=1e-6)


def test_afterwards_the_layers_are_as_before():
    before = (rnn.pack_padded_sequence, F.embedding_bag, nn.GRU.forward, pack_padded_sequence)
    with pytest.raises(ValueError, match="anything"), layers_for_onnx():
        assert pack_padded_sequence is not before[-1]  # also where it was imported by its name
        raise ValueError("anything")
    after = (rnn.pack_padded_sequence, F.embedding_bag, nn.GRU.forward, pack_padded_sequence)
    assert after == before
    assert torch.backends.mha.get_fastpath_enabled()


def test_a_layer_that_onnx_has_not_is_named(tmp_path):
    network = nn.Sequential(nn.Embedding(VOCABULARY, 6), nn.LSTM(6, 5, proj_size=2))
    with pytest.raises(UserError, match=r"ONNX has no nn\.LSTM with proj_size"):
        to_session(network, tmp_path / "model.onnx")
