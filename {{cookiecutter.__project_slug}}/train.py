"""Train the model: the whole loop, from top to bottom.  python train.py --help"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # where PYTHONSAFEPATH leaves this folder out

from config import Config
from engine.settings import one_line_errors, parse_config

if __name__ == "__main__":
    # The command line is read before PyTorch loads, which takes a second: --help and mistyped
    # options are answered at once. The training itself starts in the last lines of this file.
    CONFIG = parse_config(Config)

import math
from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import nn
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import DataLoader

from data import load_data
from engine.contract import check_loaded, check_model, check_network, example_batch
from engine.dataset import first_examples, seed_for, to_device
from engine.describe import describe, describe_epoch, describe_stage, format_scores
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
from engine.plots import draw_curves
from engine.processes import RANK, first_process_first, joined
from engine.run import Run, TrainingState
from engine.tracker import find_tracker
from model import build_model, compute_loss, metrics

EVALUATION_BATCH_SIZE = 1024  # nothing is learned in evaluation, so more examples fit into memory


def train(config: Config, after_epoch: Callable[[Run], None] | None = None) -> Path:
    """Train as the settings say, and return the folder of the run.

    Args:
        config: The settings. To go on with a run, the settings that it began with.
        after_epoch: Called with the run after each epoch; tools/sweep.py uses it.

    Raises:
        UserError: Something in the data, the model or the settings must be mended first.
        SystemExit: Ctrl-C was pressed, or a cluster asked the program to stop (SIGTERM). The
            training is saved.
    """
    device = pick_device(config.device, config.deterministic)
    tracker = find_tracker(config.tracker)

    # The data. With torchrun several copies of this program run at once: the first one may have to
    # write files that the others read. Alone, there is nobody to wait for.
    with first_process_first():
        data = load_data(config)
    check_loaded(data)
    metric_functions = metrics(data.info)
    describe(data, metrics(data.info))

    # The network. It is tried on two examples, so that a wrong shape is reported in one line.
    torch.manual_seed(seed_for(config.seed, "weights"))  # the same --seed, the same first weights
    model = build_model(config, data.info)
    check_network(model)
    model = model.to(device)
    examples = example_batch(data, device)
    check_model(model, compute_loss, metrics(data.info), config, data.info, examples)
    if config.compile:
        # Compiled once for each batch size, so that a resumed training runs exactly the same code.
        model.compile(dynamic=False)

    run = Run(config, data, metric_functions, model, device)
    with run.at_work():  # no second training in this folder; Ctrl-C saves, then stops
        run.begin(build_model)  # loads the weights that --resume, --init-from or --backbone name
        print(f"training on {device} into {run.folder}")
        with tracker(run) as track:
            loaders = start_stage(run, config)
            while not run.is_finished():
                if run.begins_stage():  # --frozen-epochs are over: now all weights learn
                    loaders = start_stage(run, config)
                train_epoch(run, loaders.train, config)
                validation = evaluate(run.evaluated_model, loaders.val, compute_loss, config)
                row = run.end_epoch(validation)
                print(describe_epoch(row, run))
                track(row)
                if after_epoch is not None:
                    after_epoch(run)
        run.save("last.pt")

    if RANK == 0:  # the first process; alone, this one
        draw_curves(run.history, run.best(), run.folder)
    best = run.best()
    print("best: epoch", best["epoch"], *format_scores(best))
    print(f'next: python eval.py --run-dir "{run.folder}"')
    return run.folder


class Loaders(NamedTuple):
    """What yields the batches of a stage."""

    train: DataLoader
    val: DataLoader


def start_stage(run: Run, config: Config) -> Loaders:
    """Make what changes the weights, and return what it learns from.

    With --frozen-epochs there are two stages. In the first one only new layers learn, as the last
    one behind a --backbone: what has learned already is frozen. In the second one all learn.
    """
    model = run.model
    train_data = run.data.train
    val_data = run.data.val
    set_frozen(model, run.is_frozen)
    kept = None
    if run.is_frozen:
        # What the frozen layers make of an example stays the same, unless examples are varied.
        kept = keep_features(model, run.data, compute_loss, config, run.device)
    if kept is not None:
        model, train_data, val_data = kept

    # A seed shuffles: another order in each epoch, the same in each training with this seed.
    train_loader = make_loader(train_data, config.batch_size, config, run.device, seed=config.seed)
    val_loader = make_loader(val_data, EVALUATION_BATCH_SIZE, config, run.device)
    examples = to_device(first_examples(val_data, 2), run.device)
    model = spread(model, compute_loss, config, examples)  # alone, it stays what it is

    # What changes the weights. In each step the learning rate of every group of weights is its
    # own one, multiplied with what one_cycle returns.
    optimizer = make_optimizer(plain(model), config)
    steps = run.epochs_of_stage() * steps_per_epoch(train_loader)
    scheduler = LambdaLR(optimizer, lambda step: one_cycle(step, steps))
    # In fp16 small gradients would become 0. So the scaler multiplies the loss, and divides the
    # gradients again. With any other --precision it does nothing.
    scaler = torch.amp.GradScaler(run.device.type, enabled=config.precision == "fp16")
    run.start_stage(TrainingState(model, optimizer, scheduler, scaler))  # goes on, on --resume
    describe_stage(run, steps, kept is not None)
    return Loaders(train_loader, val_loader)


def train_epoch(run: Run, loader: DataLoader, config: Config) -> None:
    """Learn from each batch, from where the run stands to the end of the epoch."""
    model = run.state.model
    optimizer = run.state.optimizer
    scheduler = run.state.scheduler
    scaler = run.state.scaler
    mixed_precision = autocast(run.device, config.precision)  # 16 bits on GPUs made for it

    model.train()
    keep_frozen_statistics(model)  # what is frozen works as in evaluation
    for batch in run.batches_left(loader):  # on the device, from where the run stands
        with mixed_precision:
            losses, outputs = compute_loss(model, batch, config)  # (N,), and logits or numbers
            losses = run.weigh_classes(losses, batch)  # changes nothing without --class-weights
            loss = losses.mean()
            loss = run.weigh_batch(loss)  # changes nothing without --accumulate

        # Gradients add up until zero_grad. Scaling changes nothing unless --precision is fp16.
        scaler.scale(loss).backward()
        if run.completes_step():  # each batch does, or with --accumulate the last one of several
            if config.clip_norm > 0:
                scaler.unscale_(optimizer)  # the gradients are measured in their true size
                nn.utils.clip_grad_norm_(model.parameters(), config.clip_norm)
            scaler.step(optimizer)
            scaler.update()
            optimizer.zero_grad()
            scheduler.step()
            run.average_weights()  # changes nothing without --ema

        run.finish_batch(losses, outputs, batch)  # counts; saves now and then; stops after Ctrl-C


def make_optimizer(model: nn.Module, config: Config) -> torch.optim.Optimizer:
    """Return the optimizer that --optimizer names: docs.pytorch.org/docs/stable/optim.html

    Each group of weights may have a learning rate of its own. Here these are the new weights, and
    those that have learned already, as in a --backbone: the second ones are changed carefully, and
    while they are frozen they are in no group. Most trainings have new weights alone.
    """
    weights = [{"params": new_weights(model)}]
    if learned_weights(model):
        weights.append({"params": learned_weights(model), "lr": learned_lr(config)})
    lr = config.lr
    decay = config.weight_decay
    # "fused" updates all weights in one call, which is faster. RMSprop does not have it. SGD has
    # it only where each process keeps the whole model.
    if config.optimizer == "adamw":
        return torch.optim.AdamW(weights, lr, weight_decay=decay, fused=True)
    if config.optimizer == "adam":
        return torch.optim.Adam(weights, lr, weight_decay=decay, fused=True)
    if config.optimizer == "sgd":
        fused = not config.fsdp
        return torch.optim.SGD(
            weights, lr, momentum=0.9, nesterov=True, weight_decay=decay, fused=fused
        )
    return torch.optim.RMSprop(weights, lr, weight_decay=decay)


def one_cycle(step: int, steps: int) -> float:
    """Return what the learning rate is multiplied with at a step.

    It rises for the first quarter of all steps to 1, then falls along a cosine to almost 0.
    """
    peak = steps // 4
    if step < peak:
        return (step + 1) / (peak + 1)
    return 0.5 + 0.5 * math.cos(math.pi * (step - peak) / (steps - peak))


if __name__ == "__main__":
    with one_line_errors(), joined(CONFIG):  # joined connects the processes of torchrun
        train(CONFIG)
