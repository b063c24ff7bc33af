"""Train the model: the whole loop, from top to bottom.  python train.py --help"""

from config import Config
from engine.settings import one_line_errors, parse_config

if __name__ == "__main__":
    # The command line is read before PyTorch loads, which takes a second: --help and mistyped
    # options are answered at once. The training itself starts in the last lines of this file.
    CONFIG = parse_config(Config)

import math
from collections.abc import Callable
from pathlib import Path

import torch
from torch import nn
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import DataLoader

from data import load_data
from engine.contract import check_loaded, check_model, check_network, example_batch
from engine.dataset import seed_for
from engine.describe import describe, describe_epoch, format_scores
from engine.device import autocast, pick_device
from engine.distributed import spread
from engine.evaluation import evaluate
from engine.loader import make_loader
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
    # A seed shuffles: another order in each epoch, the same in each training with this seed.
    train_loader = make_loader(data.train, config.batch_size, config, device, seed=config.seed)
    val_loader = make_loader(data.val, EVALUATION_BATCH_SIZE, config, device)

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
    model = spread(model, compute_loss, config, examples)  # alone, it stays what it is

    # What changes the weights. In each step the learning rate of every group of weights is its
    # own one, multiplied with what one_cycle returns.
    optimizer = make_optimizer(model, config)
    steps = config.epochs * len(train_loader)
    scheduler = LambdaLR(optimizer, lambda step: one_cycle(step, steps))
    # In fp16 small gradients would become 0. So the scaler multiplies the loss, and divides the
    # gradients again. With any other --precision it does nothing.
    scaler = torch.amp.GradScaler(device.type, enabled=config.precision == "fp16")

    state = TrainingState(model, optimizer, scheduler, scaler)
    run = Run(config, data, metric_functions, state, device)
    with run.at_work():  # no second training in this folder; Ctrl-C saves, then stops
        if config.resume:
            run.resume()
        if steps < 200 and not config.limit_batches:
            print("note: there are few steps: try a smaller --batch-size, or more --epochs")
        if steps > 30_000 and not config.limit_batches:
            print(f"note: there are {steps:,} steps: a larger --batch-size takes fewer")
        print(f"training on {device} into {run.folder}")
        with tracker(run) as track:
            while not run.is_finished():
                train_epoch(run, train_loader, config)
                validation = evaluate(model, val_loader, compute_loss, config)
                row = run.end_epoch(validation)
                print(describe_epoch(row, run.is_best(row)))
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


def train_epoch(run: Run, loader: DataLoader, config: Config) -> None:
    """Take an optimizer step for each batch, from where the run stands to the end of the epoch."""
    model = run.state.model
    optimizer = run.state.optimizer
    scheduler = run.state.scheduler
    scaler = run.state.scaler
    mixed_precision = autocast(run.device, config.precision)  # 16 bits on GPUs made for it

    model.train()
    keep_frozen_statistics(model)
    for batch in run.batches_left(loader):  # on the device, from where the run stands
        with mixed_precision:
            losses, outputs = compute_loss(model, batch, config)  # (N,), and logits or numbers
            losses = run.weigh_classes(losses, batch)  # changes nothing without --class-weights
            loss = losses.mean()

        optimizer.zero_grad()
        scaler.scale(loss).backward()  # scale changes nothing unless --precision is fp16
        if config.clip_norm > 0:
            scaler.unscale_(optimizer)  # the gradients are measured in their true size
            nn.utils.clip_grad_norm_(model.parameters(), config.clip_norm)
        scaler.step(optimizer)
        scaler.update()
        scheduler.step()

        run.finish_step(losses, outputs, batch)  # counts; saves now and then; stops after Ctrl-C


def keep_frozen_statistics(model: nn.Module) -> None:
    """Put the normalisation layers that are frozen into evaluation mode.

    A layer is frozen when all its weights have `requires_grad = False`. In training mode it would
    still average the batches into its running_mean and running_var.
    """
    for layer in model.modules():
        weights = list(layer.parameters(recurse=False))
        is_frozen = len(weights) > 0 and not any(weight.requires_grad for weight in weights)
        if is_frozen and hasattr(layer, "running_mean"):
            layer.eval()


def make_optimizer(model: nn.Module, config: Config) -> torch.optim.Optimizer:
    """Return the optimizer that --optimizer names: docs.pytorch.org/docs/stable/optim.html

    For two learning rates make groups of weights, each with a rate of its own:

        weights = [
            {"params": model.first_part.parameters(), "lr": config.lr / 10},
            {"params": model.other_part.parameters()},
        ]
    """
    weights = model.parameters()
    lr = config.lr
    decay = config.weight_decay
    # "fused" updates all weights in one call, which is faster. RMSprop does not have it.
    if config.optimizer == "adamw":
        return torch.optim.AdamW(weights, lr, weight_decay=decay, fused=True)
    if config.optimizer == "adam":
        return torch.optim.Adam(weights, lr, weight_decay=decay, fused=True)
    if config.optimizer == "sgd":
        return torch.optim.SGD(
            weights, lr, momentum=0.9, nesterov=True, weight_decay=decay, fused=True
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
    with one_line_errors(), joined():  # joined connects the processes of torchrun
        train(CONFIG)
