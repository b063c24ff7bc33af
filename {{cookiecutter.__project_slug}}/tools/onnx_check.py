"""Whether an exported model answers as PyTorch does, and how long both take."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from torch import Tensor, nn

from engine.settings import UserError
from tools.export_data import TestInputs, without_empty

TOLERANCE = 1e-4  # of probabilities; of numbers, in standard deviations of the right answers
SIZES = (1, 64)  # examples at once, to measure the time of

Answer = Callable[[list[Tensor]], np.ndarray]


@dataclass(frozen=True)
class Comparison:
    """What export.json says of an exported model."""

    examples: int
    largest_difference: float
    same_class: int | None  # so many get the same class or next character; None: numbers
    milliseconds: dict[str, dict[int, float]]  # of an answer, by program and number of examples
    versions: dict[str, str]


def compare(answering: nn.Module, path: Path, test: TestInputs) -> Comparison:
    """Return how both answer all test examples, and the time that some take.

    Args:
        answering: The model in PyTorch, in evaluation mode.
        path: The same as ONNX.
        test: What both are asked.

    Raises:
        UserError: The answers differ.
    """
    torch.set_num_threads(1)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    names = [node.name for node in session.get_inputs()]

    @torch.inference_mode()
    def by_pytorch(inputs: list[Tensor]) -> np.ndarray:
        return answering(*inputs).numpy()

    def by_onnxruntime(inputs: list[Tensor]) -> np.ndarray:
        arrays = [tensor.numpy() for tensor in inputs]
        return np.asarray(session.run(None, dict(zip(names, arrays, strict=True)))[0])

    expected_parts = []
    answers_parts = []
    labels_parts = []
    for batch in test.batches():
        expected_parts.append(by_pytorch(batch.inputs))
        answers_parts.append(by_onnxruntime(batch.inputs))
        labels_parts.append(batch.labels)
    expected = np.concatenate(expected_parts)
    answers = np.concatenate(answers_parts)
    labels = torch.cat(labels_parts)

    unit = 1.0
    if labels.is_floating_point():
        unit = labels.double().std(correction=0).item() or 1.0
    largest_difference = float(abs(expected - answers).max())
    if not np.allclose(answers, expected, rtol=1e-6, atol=TOLERANCE * unit):
        what = f"{path.name} answers otherwise than PyTorch, by up to {largest_difference:.2g}"
        raise UserError(f"{what}, so nothing was exported: is something in model.py random?")
    same_class = None
    if expected.ndim == 2:  # it can only differ where two classes are equally likely
        same_class = int((expected.argmax(axis=1) == answers.argmax(axis=1)).sum())

    milliseconds: dict[str, dict[int, float]] = {"PyTorch": {}, "onnxruntime": {}}
    for size in SIZES:
        inputs = without_empty(test.first(size))
        milliseconds["PyTorch"][size] = median_time(by_pytorch, inputs)
        milliseconds["onnxruntime"][size] = median_time(by_onnxruntime, inputs)
    versions = {"PyTorch": str(torch.__version__), "onnxruntime": onnxruntime.__version__}
    return Comparison(len(labels), largest_difference, same_class, milliseconds, versions)


def median_time(answer: Answer, inputs: list[Tensor]) -> float:
    """Return the milliseconds that an answer usually takes."""
    times = []
    end = time.perf_counter() + 0.05
    while len(times) < 5 or time.perf_counter() < end:
        start = time.perf_counter()
        answer(inputs)
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def show_comparison(comparison: Comparison, sizes: dict[str, int], is_sequence: bool) -> None:
    """Print what was found, as tables.

    Args:
        comparison: What compare returned.
        sizes: The bytes of each file that was written.
        is_sequence: Whether the model says what follows, one character for example.
    """
    checked = f"checked on {comparison.examples} test examples"
    if comparison.same_class is not None:
        what = "next character" if is_sequence else "class"
        checked += f": the same {what} for {comparison.same_class}"
    print(f"{checked}, answers differ by {comparison.largest_difference:.1g} at most")
    print(f"\n{'file':20}{'MB':>10}")
    for name, size in sizes.items():
        print(f"{name:20}{size / 1e6:10.3f}")
    heads = [f"{size} at once" for size in SIZES]
    print(f"\n{'one thread':20}" + "".join(f"{head:>12}" for head in heads))
    for name, times in comparison.milliseconds.items():
        cells = [f"{times[size]:9.3f} ms" for size in SIZES]
        print(f"{name:20}" + "".join(cells))
    print()
