"""A model as other programs use it, and this as ONNX."""

import io
import logging
import warnings
from collections.abc import Sequence
from contextlib import redirect_stderr
from typing import NamedTuple

import torch
from torch import Tensor, nn

from engine.dataset import Info
from engine.settings import UserError
from tools.onnx_layers import layers_for_onnx


class InputForm(NamedTuple):
    """One of the inputs that the network's forward takes."""

    name: str
    dtype: torch.dtype
    shape: tuple[int, ...]  # of a batch
    axes: dict[int, str]  # those of any size, and what they are called

    @property
    def is_empty(self) -> bool:
        """Return whether it never holds anything, as the categories of a table of numbers."""
        return 0 in self.shape[1:]


class Answering(nn.Module):
    """The network with softmax behind it. An input that never holds anything is left out."""

    def __init__(self, model: nn.Module, forms: list[InputForm], info: Info) -> None:
        super().__init__()
        self.model = model
        self.forms = forms
        self.info = info

    def forward(self, *given: Tensor) -> Tensor:
        """Return probabilities (N, num_classes), or without classes numbers (N,).

        Of a sequence they are the probabilities (N, K) of what follows behind its last place.
        """
        batch_size = given[0].shape[0]
        waiting = list(given)
        inputs = []
        for form in self.forms:
            if form.is_empty:
                inputs.append(torch.zeros((batch_size, *form.shape[1:]), dtype=form.dtype))
            else:
                inputs.append(waiting.pop(0))
        outputs = self.model(*inputs)
        if self.info.is_sequence:
            return outputs[:, -1].softmax(dim=1)  # of logits (N, T, K)
        if self.info.classes:
            return outputs.softmax(dim=1)
        return outputs


def to_onnx(
    answering: Answering, example: Sequence[Tensor], output_name: str
) -> torch.onnx.ONNXProgram:
    """Return the model as ONNX.

    Args:
        answering: The model in evaluation mode.
        example: Inputs to follow through the network, without those that are empty.
        output_name: What its output is called.

    Raises:
        UserError: The network does something that cannot be written as ONNX.
    """
    forms = [form for form in answering.forms if not form.is_empty]
    logging.disable(logging.WARNING)  # it would say that torchvision is not installed
    try:
        # Before it fails, PyTorch prints the whole graph on stderr.
        with layers_for_onnx(), warnings.catch_warnings(), redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")  # they are about PyTorch's own files
            program = torch.onnx.export(
                answering,
                tuple(example),
                input_names=[form.name for form in forms],
                output_names=[output_name],
                dynamo=True,
                dynamic_shapes=(tuple(form.axes for form in forms),),
                verbose=False,
            )
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
