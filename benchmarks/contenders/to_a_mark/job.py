"""What all trainers here are given: the project's data.py and model.py, and a plain loss.

A trainer is told the project, its settings and a seed. It trains the project's network on the
project's training examples, scores those that validate after each epoch and says so in a line,
"scored 0.9812". benchmarks/accuracy.py reads the line and ends it once the mark is reached.
"""

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

LR = 3e-3  # as in contenders/common.py


def read_arguments(doc: str) -> argparse.Namespace:
    """Return what every trainer is told."""
    parser = argparse.ArgumentParser(description=doc.splitlines()[0])
    parser.add_argument("--project", type=Path, required=True)
    parser.add_argument("--settings", type=json.loads, default={}, help="JSON, for its Config")
    parser.add_argument("--epochs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


class OneInput(nn.Module):
    """A network that takes all parts of an input as one argument."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, inputs: Any) -> Tensor:
        """Return logits (N, K), or numbers (N,)."""
        parts = inputs if isinstance(inputs, (list, tuple)) else [inputs]
        return self.network(*parts)


class PlainLoss(nn.Module):
    """Cross-entropy; where numbers are predicted, the squared error in standard deviations.

    Args:
        network: Says, where it predicts numbers, their standard deviation, and whether it is that
            of the logarithm.
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.std = float(getattr(network, "std", 1))
        self.is_log = getattr(network, "is_log", False)

    def forward(self, outputs: Tensor, labels: Tensor) -> Tensor:
        """Return the mean loss."""
        if not labels.is_floating_point():
            return F.cross_entropy(outputs, labels)
        if self.is_log:
            outputs = outputs.log()
            labels = labels.log()
        return F.mse_loss(outputs / self.std, labels / self.std)


@dataclass
class Job:
    """What is to be learned."""

    train: Dataset
    val: Dataset
    model: nn.Module
    loss: nn.Module
    batch_size: int

    def loader(self, dataset: Dataset, shuffle: bool = False) -> DataLoader:
        """Return a loader as PyTorch's tutorials make it."""
        collate_fn = getattr(dataset, "collate_fn", None)  # of texts, which differ in length
        return DataLoader(dataset, self.batch_size, shuffle=shuffle, collate_fn=collate_fn)


def load_job(options: argparse.Namespace) -> Job:
    """Return the project's examples and its network, new."""
    sys.path.insert(0, str(options.project))
    from config import Config
    from data import load_data
    from model import build_model

    config = Config(**options.settings)
    data = load_data(config)
    torch.manual_seed(options.seed)
    network = build_model(config, data.info)
    loss = PlainLoss(network)
    return Job(data.train, data.val, OneInput(network), loss, config.batch_size)


def accuracy_or_r2(outputs: Tensor, labels: Tensor) -> float:
    """Return the share of right answers, or R² where numbers are predicted."""
    if labels.is_floating_point():
        errors = (outputs - labels).double().square().sum()
        around_mean = (labels - labels.mean()).double().square().sum()
        return float(1 - errors / around_mean)
    return (outputs.argmax(1) == labels).double().mean().item()


def say(score: float) -> None:
    """Print what an epoch has scored, at once."""
    print(f"scored {score:.4f}", flush=True)
