"""A small network on few points: what the tests of the engine train.

So they need none of the six files, and hold whatever becomes of these. It is a command too, which
takes what train.py takes:  python toy.py --help
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import DataLoader, Dataset

import engine.dataset
from engine.contract import check_loaded, check_model, check_network, example_batch
from engine.dataset import Batch, Data, InMemory, first_examples, seed_for, to_device
from engine.describe import describe, describe_stage, format_scores
from engine.device import autocast, pick_device
from engine.distributed import plain, spread
from engine.evaluation import evaluate
from engine.features import keep_features
from engine.learned import (
    keep_frozen_statistics,
    learned_lr,
    learned_weights,
    new_weights,
    set_frozen,
)
from engine.loader import make_loader, steps_per_epoch
from engine.metrics import Metric, accuracy, mae, r2, rmse
from engine.plots import draw_curves
from engine.processes import RANK, first_process_first, joined
from engine.run import Run, TrainingState
from engine.settings import Settings, one_line_errors, parse_config
from engine.splits import split_indices
from engine.tracker import find_tracker

CLASSES = ["left", "right", "above"]
CENTRES = torch.tensor([[-1.0, 0.0], [1.0, 0.0], [0.0, 1.5]])
POINTS = 203  # so that the shares of several processes are not all equal


@dataclass(frozen=True, kw_only=True)
class Config(Settings):
    """Train a small network on points."""

    epochs: int = 2  # how many times training sees every example
    batch_size: int = 16  # examples per optimizer step
    lr: float = 0.02  # learning rate at the start
    width: int = 8  # of the hidden layer
    dropout: float = 0.2  # share of hidden values that training sets to zero
    noise: float = 0.1  # how far training moves each point at random
    numbers: bool = False  # predict a number instead of a class
    rare: bool = False  # of the last class a few points are left
    one_by_one: bool = False  # ask for each example, as a dataset of a tutorial is asked
    data: str | None = None  # a file that tells these points from others
    # What is odd about the model.
    kind: Literal["plain", "unused", "second", "past", "backbone"] = "plain"


@dataclass(kw_only=True)
class Info(engine.dataset.Info):
    """What the network must know of the points."""

    features: int = 2


class OneByOne(Dataset):
    """The examples of another dataset as NumPy and Python values, one at a time.

    Each is moved at random, as a dataset with augmentation does it.
    """

    def __init__(self, dataset: InMemory, noise: float) -> None:
        self.dataset = dataset
        self.noise = noise

    def __len__(self) -> int:
        return len(self.dataset)

    def __getitem__(self, index: int) -> tuple:
        point, label = self.dataset[index]
        moved = point + self.noise * torch.randn(2)
        return moved.double().numpy(), label.item()


class Network(nn.Module):
    """A hidden layer with batch normalisation and dropout."""

    def __init__(self, features: int, outputs: int, config: Config) -> None:
        super().__init__()
        layers = nn.Sequential(
            nn.Linear(features, config.width, bias=False),
            nn.BatchNorm1d(config.width),
            nn.ReLU(),
            nn.Dropout(config.dropout),
        )
        self.has_backbone = config.kind == "backbone"
        if self.has_backbone:
            self.backbone = layers
        else:
            self.layers = layers
        self.classifier = nn.Linear(config.width, outputs)
        if config.kind == "unused":
            self.unused = nn.Linear(config.width, outputs)
        self.has_second = config.kind == "second"
        if self.has_second:
            self.second = nn.Linear(config.width, outputs)

    def forward(self, points: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        """Return logits (N, K); with a second head, in training, both heads' logits."""
        features = self.backbone(points) if self.has_backbone else self.layers(points)
        if self.has_second and self.training:
            return self.classifier(features), self.second(features)
        return self.classifier(features)


class OneNumber(nn.Module):
    """A network with one output (N, 1), as numbers (N,)."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, points: Tensor) -> Tensor:
        """Return numbers (N,)."""
        return self.network(points).squeeze(1)


def make_points(numbers: bool = False) -> InMemory:
    """Return points (2,) with their class, or with a number."""
    generator = torch.Generator().manual_seed(0)
    classes = torch.arange(POINTS) % len(CLASSES)
    points = CENTRES[classes] + 0.5 * torch.randn(POINTS, 2, generator=generator)
    if numbers:
        return InMemory(points, points[:, 0] + 2 * points[:, 1])
    return InMemory(points, classes)


def load_data(config: Config) -> Data:
    """Return the three parts of the points."""
    points = make_points(config.numbers)
    if config.rare:
        numbers = torch.arange(POINTS)
        is_kept = (points.labels < len(CLASSES) - 1) | (numbers % 7 == 0)
        points = points.part(numbers[is_kept])
    split = split_indices(points.labels)
    train: Dataset = points.part(split.train)
    if config.one_by_one:
        train = OneByOne(points.part(split.train), config.noise)
    return Data(
        train=train,
        val=points.part(split.val),
        test=points.part(split.test),
        info=Info(classes=[] if config.numbers else CLASSES),
        fingerprint=Path(config.data).read_text(encoding="utf-8") if config.data else "points",
    )


def build_model(config: Config, info: Info) -> nn.Module:
    """Return a new network."""
    if info.classes:
        return Network(info.features, len(info.classes), config)
    return OneNumber(Network(info.features, 1, config))


def compute_loss(model: nn.Module, batch: Batch, config: Config) -> tuple[Tensor, Tensor]:
    """Return the loss of each example (N,), and the outputs: logits (N, K) or numbers (N,)."""
    points, labels = batch
    if model.training and config.noise > 0:
        points = points + config.noise * torch.randn_like(points)
    if config.kind == "past":
        part: Any = model
        outputs = part.classifier(part.layers(points))
    elif config.kind == "second" and model.training:
        outputs, more = model(points)
        losses = F.cross_entropy(outputs, labels, reduction="none")
        return losses + F.cross_entropy(more, labels, reduction="none"), outputs
    else:
        outputs = model(points)
    if labels.is_floating_point():
        return (outputs - labels).square(), outputs
    return F.cross_entropy(outputs, labels, reduction="none"), outputs


def metrics(info: engine.dataset.Info) -> list[Metric]:
    """Return the metrics."""
    return [accuracy] if info.classes else [mae, rmse, r2]


def make_optimizer(model: nn.Module, config: Config) -> torch.optim.Optimizer:
    """Return the optimizer that --optimizer names."""
    weights = [{"params": new_weights(model)}]
    if learned_weights(model):
        weights.append({"params": learned_weights(model), "lr": learned_lr(config)})
    if config.optimizer == "sgd":
        return torch.optim.SGD(weights, config.lr, momentum=0.9)
    if config.optimizer == "rmsprop":
        return torch.optim.RMSprop(weights, config.lr)
    return torch.optim.AdamW(weights, config.lr, fused=True)


def train(config: Config, after_epoch: Callable[[Run], None] | None = None) -> Path:
    """Train as train.py does, and return the folder of the run."""
    device = pick_device(config.device, config.deterministic)
    tracker = find_tracker(config.tracker)

    with first_process_first():
        data = load_data(config)
    check_loaded(data)
    describe(data, metrics(data.info))

    torch.manual_seed(seed_for(config.seed, "weights"))
    model = build_model(config, data.info)
    check_network(model)
    model = model.to(device)
    examples = example_batch(data, device)
    check_model(model, compute_loss, metrics(data.info), config, data.info, examples)

    run = Run(config, data, metrics(data.info), model, device)
    with run.at_work():
        run.begin(build_model)
        with tracker(run) as track:
            loaders = start_stage(run, config)
            while not run.is_finished():
                if run.begins_stage():
                    loaders = start_stage(run, config)
                train_epoch(run, loaders[0], config)
                row = run.end_epoch(evaluate(run.evaluated_model, loaders[1], compute_loss, config))
                print(f"epoch {row['epoch']:3}", *format_scores(row))
                track(row)
                if after_epoch is not None:
                    after_epoch(run)
        run.save("last.pt")

    if RANK == 0:
        draw_curves(run.history, run.best(), run.folder)
    return run.folder


def start_stage(run: Run, config: Config) -> list[DataLoader]:
    """Make what trains in a stage; return what yields its training and validation batches."""
    model, train_data, val_data = run.model, run.data.train, run.data.val
    set_frozen(model, run.is_frozen)
    kept = None
    if run.is_frozen:
        kept = keep_features(model, run.data, compute_loss, config, run.device)
    if kept is not None:
        model, train_data, val_data = kept
    loader = make_loader(train_data, config.batch_size, config, run.device, seed=config.seed)
    examples = to_device(first_examples(val_data, 2), run.device)
    model = spread(model, compute_loss, config, examples)

    optimizer = make_optimizer(plain(model), config)
    steps = run.epochs_of_stage() * steps_per_epoch(loader)
    scheduler = LambdaLR(optimizer, lambda step: 1 - step / (steps + 1))
    scaler = torch.amp.GradScaler(run.device.type, enabled=config.precision == "fp16")
    run.start_stage(TrainingState(model, optimizer, scheduler, scaler))
    describe_stage(run, steps, kept is not None)
    return [loader, make_loader(val_data, 1024, config, run.device)]


def train_epoch(run: Run, loader: DataLoader, config: Config) -> None:
    """Take the steps of an epoch that are left."""
    state = run.state
    state.model.train()
    keep_frozen_statistics(state.model)
    for batch in run.batches_left(loader):
        with autocast(run.device, config.precision):
            losses, outputs = compute_loss(state.model, batch, config)
            losses = run.weigh_classes(losses, batch)
            loss = run.weigh_batch(losses.mean())

        state.scaler.scale(loss).backward()
        if run.completes_step():
            if config.clip_norm > 0:
                state.scaler.unscale_(state.optimizer)
                nn.utils.clip_grad_norm_(state.model.parameters(), config.clip_norm)
            state.scaler.step(state.optimizer)
            state.scaler.update()
            state.optimizer.zero_grad()
            state.scheduler.step()
            run.average_weights()

        run.finish_batch(losses, outputs, batch)


if __name__ == "__main__":
    typed = parse_config(Config)
    with one_line_errors(), joined(typed):
        train(typed)
