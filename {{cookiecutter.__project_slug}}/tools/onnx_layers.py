"""Layers that torch.onnx does not know, written with the operators that ONNX has for them.

These are recurrent layers with packed sequences, and nn.EmbeddingBag. What each operator takes:
onnx.ai/onnx/operators/onnx__GRU.html (LSTM and RNN are its neighbours).
"""

import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeAlias

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils import rnn

State: TypeAlias = Tensor | tuple[Tensor, Tensor]  # an LSTM has two

# The rows of a weight are those of one gate after the other, in another order than in PyTorch.
ORDER_OF_GATES = {
    "GRU": [1, 0, 2],  # update, reset, new
    "LSTM": [0, 3, 1, 2],  # input, output, forget, cell
    "RNN_TANH": [0],
    "RNN_RELU": [0],
}


class PaddedSequences(NamedTuple):
    """Stands for a PackedSequence: ONNX has no such thing, its operators take the lengths."""

    inputs: Tensor  # (N, T, features), or (T, N, features) if not batch_first
    lengths: Tensor  # (N,)
    batch_first: bool


@contextmanager
def layers_for_onnx() -> Generator[None]:
    """Let the layers be written for ONNX. In here a model can be exported, and not answer."""
    replacements: Mapping[int, Callable[..., Any]] = {
        id(rnn.pack_padded_sequence): pack_padded_sequence,
        id(rnn.pad_packed_sequence): pad_packed_sequence,
        id(F.embedding_bag): embedding_bag,
    }
    before: list[tuple[Any, str, Any]] = []

    def put(owner: Any, name: str, new: Any) -> None:
        before.append((owner, name, getattr(owner, name)))
        setattr(owner, name, new)

    for layer_type in (nn.GRU, nn.LSTM, nn.RNN):
        put(layer_type, "forward", run_recurrent_layer)
    # model.py may have imported a function by its name, so it is replaced in every module.
    for module in list(sys.modules.values()):
        for name, value in list(getattr(module, "__dict__", {}).items()):
            if id(value) in replacements:  # hash(value) may fail: it may be anything
                put(module, name, replacements[id(value)])
    # A Transformer's layers have a fast path that is one operator of PyTorch alone.
    fast_path = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        yield
    finally:
        torch.backends.mha.set_fastpath_enabled(fast_path)
        for owner, name, value in before:
            setattr(owner, name, value)


def pack_padded_sequence(
    input: Tensor, lengths: Tensor, batch_first: bool = False, enforce_sorted: bool = True
) -> PaddedSequences:
    """Return the sequences beside their lengths. Nothing has to be sorted for that."""
    return PaddedSequences(input, torch.as_tensor(lengths), batch_first)


def pad_packed_sequence(
    sequence: PaddedSequences,
    batch_first: bool = False,
    padding_value: float = 0.0,
    total_length: int | None = None,
) -> tuple[Tensor, Tensor]:
    """Return the sequences as long as they were before they were packed, and their lengths."""
    outputs = sequence.inputs
    if not sequence.batch_first:
        outputs = outputs.transpose(0, 1)
    if total_length is not None:
        outputs = F.pad(outputs, (0, 0, 0, total_length - outputs.shape[1]))
    if padding_value != 0:  # zeros are there already: the operators write them
        steps = torch.arange(outputs.shape[1], device=outputs.device)
        outside = steps >= sequence.lengths.to(outputs.device).unsqueeze(1)  # (N, T)
        outputs = outputs.masked_fill(outside.unsqueeze(2), padding_value)
    if not batch_first:
        outputs = outputs.transpose(0, 1)
    return outputs, sequence.lengths


def run_recurrent_layer(
    layer: nn.RNNBase, input: Tensor | PaddedSequences, hx: State | None = None
) -> tuple[Tensor | PaddedSequences, State]:
    """Return what nn.GRU, nn.LSTM or nn.RNN returns: all outputs, and the last states.

    torch.onnx alone would take the number of steps for a constant.
    """
    if getattr(layer, "proj_size", 0) > 0:
        raise NotImplementedError("ONNX has no nn.LSTM with proj_size")
    lengths = None
    if isinstance(input, PaddedSequences):
        batch_first = input.batch_first
        steps = input.inputs
        lengths = input.lengths.to(device=steps.device, dtype=torch.int32)
    else:
        batch_first = layer.batch_first
        steps = input
    if steps.dim() != 3:
        raise NotImplementedError(
            f"{type(layer).__name__} is to be given a batch, (N, T, features)"
        )
    if batch_first:
        steps = steps.transpose(0, 1)  # (T, N, features), which is what ONNX takes

    if hx is None:
        initial_states = []
    elif isinstance(hx, Tensor):
        initial_states = [hx]
    else:
        initial_states = list(hx)
    directions = 2 if layer.bidirectional else 1
    last_states: list[tuple[Tensor, ...]] = []
    for number in range(layer.num_layers):
        own = slice(number * directions, (number + 1) * directions)
        initial = [state[own] for state in initial_states]
        steps, last = write_operator(layer, number, steps, lengths, initial)
        last_states.append(last)

    outputs: Tensor | PaddedSequences = steps
    if batch_first:
        outputs = steps.transpose(0, 1)
    if isinstance(input, PaddedSequences):
        outputs = PaddedSequences(outputs, input.lengths, batch_first)
    hidden = torch.cat([states[0] for states in last_states])  # (layers * directions, N, hidden)
    if layer.mode == "LSTM":
        return outputs, (hidden, torch.cat([states[1] for states in last_states]))
    return outputs, hidden


def write_operator(
    layer: nn.RNNBase, number: int, steps: Tensor, lengths: Tensor | None, initial: list[Tensor]
) -> tuple[Tensor, tuple[Tensor, ...]]:
    """Return what stands for the outputs and the last states of one layer.

    Args:
        layer: nn.GRU, nn.LSTM or nn.RNN; it may have several layers, in one or both directions.
        number: Which of its layers.
        steps: (T, N, features): the inputs, or the outputs of the layer before.
        lengths: (N,) int32, or None where all sequences have T steps.
        initial: The states to begin with, (directions, N, hidden_size) each; else they are 0.

    Returns:
        The outputs (T, N, directions * hidden_size), and the states (directions, N, hidden_size)
        after the last step of each sequence.
    """
    suffixes = [f"_l{number}"]
    if layer.bidirectional:
        suffixes.append(f"_l{number}_reverse")
    order = ORDER_OF_GATES[layer.mode]

    def take(kind: str) -> Tensor:
        weights = []
        for suffix in suffixes:
            gates = getattr(layer, kind + suffix).chunk(len(order))
            weights.append(torch.cat([gates[gate] for gate in order]))
        return torch.stack(weights)  # (directions, gates * hidden_size, ...)

    biases = None
    if layer.bias:
        biases = torch.cat([take("bias_ih"), take("bias_hh")], dim=1)
    attributes: dict[str, Any] = {"hidden_size": layer.hidden_size}
    attributes["direction"] = "bidirectional" if layer.bidirectional else "forward"
    if layer.mode == "GRU":
        attributes["linear_before_reset"] = 1  # ONNX knows two formulas, this is PyTorch's
    if layer.mode == "RNN_RELU":
        attributes["activations"] = ["Relu"] * len(suffixes)
    state_shape = (len(suffixes), steps.shape[1], layer.hidden_size)
    shapes = [(steps.shape[0], *state_shape), state_shape]
    if layer.mode == "LSTM":
        shapes.append(state_shape)
    outputs, *last = torch.onnx.ops.symbolic_multi_out(
        layer.mode.partition("_")[0],
        [steps, take("weight_ih"), take("weight_hh"), biases, lengths, *initial],
        attributes,
        dtypes=[steps.dtype] * len(shapes),
        shapes=shapes,
        version=14,
    )
    # (T, directions, N, hidden_size), but PyTorch has the directions side by side.
    return outputs.transpose(1, 2).flatten(2), tuple(last)


def embedding_bag(
    input: Tensor,
    weight: Tensor,
    offsets: Tensor | None = None,
    max_norm: float | None = None,
    norm_type: float = 2,
    scale_grad_by_freq: bool = False,
    mode: str = "mean",
    sparse: bool = False,
    per_sample_weights: Tensor | None = None,
    include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> Tensor:
    """Return the sum, the mean or the maximum of the vectors of each bag: (N, features).

    Args are those of torch.nn.functional.embedding_bag; `input` is (N, B), a bag in each row.
    """
    if input.dim() != 2 or max_norm is not None:
        raise NotImplementedError("nn.EmbeddingBag is to be given (N, B) indices, and no max_norm")
    vectors = F.embedding(input, weight)  # (N, B, features)
    if per_sample_weights is not None:
        vectors = vectors * per_sample_weights.unsqueeze(2)
    if padding_idx is None:
        counted = torch.ones_like(input, dtype=torch.bool).unsqueeze(2)
    else:
        counted = (input != padding_idx).unsqueeze(2)  # (N, B, 1)
    if mode == "max":
        largest = vectors.masked_fill(~counted, -torch.inf).amax(dim=1)
        return largest.masked_fill(~counted.any(dim=1), 0)  # an empty bag is 0
    total = (vectors * counted).sum(dim=1)
    if mode == "mean":
        return total / counted.sum(dim=1).clamp(min=1)
    return total
