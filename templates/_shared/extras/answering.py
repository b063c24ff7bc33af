"""The model as other programs use it, and this as ONNX."""

import copy
import logging
import warnings
from functools import partial

import torch
from torch import Tensor, nn

from commands.settings import UserError


class Answering(nn.Module):
    """The model as others use it: only inputs that hold something in, probabilities out."""

    def __init__(self, model: nn.Module, used: list[bool], classes: list[str]) -> None:
        super().__init__()
        self.model, self.used, self.classes = model, used, classes

    def forward(self, *inputs: Tensor) -> Tensor:
        """Return probabilities (N, num_classes), or without classes numbers (N,)."""
        given = iter(inputs)
        nothing = inputs[0][:, :0].float()  # (N, 0): a table without numbers or categories
        outputs = self.model(*(next(given) if used else nothing for used in self.used))
        return outputs.softmax(dim=1) if self.classes else outputs


def to_onnx(
    answering: Answering, inputs: dict[str, Tensor], output: str, axes: dict[int, str]
) -> torch.onnx.ONNXProgram:
    """Return the model as ONNX; the named axes of all inputs may have any size."""
    answering = copy.deepcopy(answering)  # this one can be written, but not answer
    for layer in answering.modules():
        if isinstance(layer, nn.GRU) and layer.batch_first and len([*layer.parameters()]) == 4:
            layer.forward = partial(write_gru, layer)  # ty: ignore[invalid-assignment]
    logging.disable(logging.WARNING)  # it would say that torchvision is not installed
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they are about PyTorch's own files
            program = torch.onnx.export(
                answering, (*inputs.values(),), input_names=[*inputs], output_names=[output],
                dynamo=True, dynamic_shapes=((axes,) * len(inputs),), verbose=False,
            )  # fmt: skip
    except torch.onnx.OnnxExporterError as error:
        cause: BaseException = error
        while cause.__cause__:
            cause = cause.__cause__
        reason = str(cause).strip().split("\n")[0]
        raise UserError(f"torch.onnx cannot export model.py's network: {reason}") from error
    finally:
        logging.disable(logging.NOTSET)
    assert program  # without dynamo there would be none
    return program


def write_gru(layer: nn.GRU, inputs: Tensor) -> tuple[Tensor, None]:
    """Return what stands for the states (N, T, hidden_size): the operator that ONNX has for them.

    torch.onnx alone may take T for a constant: github.com/pytorch/pytorch/pull/184872.
    """
    order = torch.tensor([1, 0, 2])  # ONNX has two of the three gates the other way round
    weights, recurrent, *biases = (
        one.unflatten(0, (3, -1))[order].flatten(0, 1).unsqueeze(0) for one in layer.parameters()
    )
    steps = inputs.transpose(0, 1)  # (T, N, features)
    states = torch.onnx.ops.symbolic(
        "GRU", (steps, weights, recurrent, torch.cat(biases, dim=1)),
        {"hidden_size": layer.hidden_size, "linear_before_reset": 1}, dtype=inputs.dtype,
        shape=(steps.shape[0], 1, steps.shape[1], layer.hidden_size), version=14,
    )  # fmt: skip
    return states.squeeze(1).transpose(0, 1), None
