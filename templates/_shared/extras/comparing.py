"""Whether an exported model answers as PyTorch does, and how long both take."""

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch
from torch import Tensor, nn

from commands.settings import UserError

TOLERANCE = 1e-4  # of probabilities; of numbers, in standard deviations of the right answers
SIZES = (1, 64)  # examples at once, to measure the time of
Take = Callable[[Tensor], tuple[Tensor, ...]]  # rows of the test data in, the model's inputs out


def compare(model: nn.Module, path: Path, take: Take, labels: Tensor) -> dict[str, Any]:
    """Return how the answers differ over all examples, and the time that some take."""
    torch.set_num_threads(1)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    providers = ["CPUExecutionProvider"]
    session: Any = onnxruntime.InferenceSession(path, options, providers=providers)
    names = [one.name for one in session.get_inputs()]

    @torch.inference_mode()
    def ours(inputs: tuple[Tensor, ...]) -> np.ndarray:
        return model(*inputs).numpy()

    def theirs(inputs: tuple[Tensor, ...]) -> np.ndarray:
        feeds = zip(names, (tensor.numpy() for tensor in inputs), strict=True)
        return session.run(None, dict(feeds))[0]

    both = {"PyTorch": ours, "onnxruntime": theirs}
    batches = [take(rows) for rows in torch.arange(len(labels)).split(256)]
    expected, got = (np.concatenate([*map(one, batches)]) for one in both.values())
    unit = labels.std(correction=0).item() or 1.0 if labels.is_floating_point() else 1.0
    worst = float(abs(expected - got).max())
    if not np.allclose(got, expected, rtol=1e-6, atol=TOLERANCE * unit):
        what = f"{path.name} answers otherwise than PyTorch, by up to {worst:.2g}"
        raise UserError(f"{what}, so nothing was exported: is something in model.py random?")
    result: dict[str, Any] = {"examples": len(labels), "largest_difference": worst}
    if expected.ndim == 2:  # a class can be another one only where two are equally likely
        result["same_class"] = int((expected.argmax(1) == got.argmax(1)).sum())
    result["milliseconds"] = {
        name: {size: median_time(one, take(torch.arange(size))) for size in SIZES}
        for name, one in both.items()
    }
    versions = {"PyTorch": str(torch.__version__), "onnxruntime": onnxruntime.__version__}
    return {**result, "versions": versions}


def median_time(answer: Callable[[Any], Any], inputs: tuple[Tensor, ...]) -> float:
    """Return the milliseconds that an answer usually takes."""
    times, end = [], time.perf_counter() + 0.5
    while len(times) < 5 or time.perf_counter() < end:
        start = time.perf_counter()
        answer(inputs)
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def show_comparison(result: dict[str, Any]) -> None:
    """Print what was found, as tables."""
    same = f"the same class for {result['same_class']}, " if "same_class" in result else ""
    difference = f"answers differ by {result['largest_difference']:.1g} at most"
    print(f"checked on {result['examples']} test examples: {same}{difference}")
    print(f"\n{'file':20}{'MB':>10}")
    for name, size in result["bytes"].items():
        print(f"{name:20}{size / 1e6:10.3f}")
    print(f"\n{'one thread':20}" + "".join(f"{f'{size} at once':>12}" for size in SIZES))
    for name, times in result["milliseconds"].items():
        print(f"{name:20}" + "".join(f"{times[size]:9.3f} ms" for size in SIZES))
    print()
