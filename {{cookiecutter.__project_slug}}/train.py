"""Train the model: the whole loop, from top to bottom.  python train.py --help"""

from config import Config
from engine.settings import one_line_errors, parse_config

if __name__ == "__main__":  # before PyTorch loads, so that --help and typing errors answer at once
    CONFIG = parse_config(Config)

import gc
import math
from collections.abc import Callable
from pathlib import Path

import torch
from torch import nn
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import DataLoader

from data import load_data
from engine.contract import check_loaded, check_model, example_batch
from engine.dataset import seed_for
from engine.describe import describe, describe_epoch, format_scores
from engine.device import autocast, pick_device
from engine.distributed import spread
from engine.evaluation import evaluate
from engine.loader import make_loader
from engine.plots import draw_curves
from engine.processes import RANK, first_process_first, joined
from engine.run import Run, Trained
from engine.tracker import find_tracker
from model import build_model, compute_loss, metrics


def train(config: Config, after_epoch: Callable[[Run], None] | None = None) -> Path:
    """Train as the settings say, and return the folder of the run.

    Args:
        config: The settings. With `resume`, those of the run to go on with.
        after_epoch: Called with the run behind each epoch.

    Raises:
        UserError: Something in the data, the model or the settings must be mended first.
        SystemExit: Ctrl-C or SIGTERM came. The training is saved.
    """
    device = pick_device(config.device, config.deterministic)
    tracker = find_tracker(config.tracker)

    # The data: what is learned from, and what decides which epoch was the best.
    with first_process_first():  # it may write files that the other processes read
        data = load_data(config)
    check_loaded(data)
    describe(data, metrics(data.info))
    train_loader = make_loader(data.train, config.batch_size, config, device, seed=config.seed)
    val_loader = make_loader(data.val, 1024, config, device)

    # The network, tried on a few examples, so that what does not fit is said in one line.
    torch.manual_seed(seed_for(config.seed, "weights"))
    model = build_model(config, data.info).to(device)
    examples = example_batch(data, device)
    check_model(model, compute_loss, metrics(data.info), config, data.info, examples)
    if config.compile:
        model.compile(dynamic=False)  # the same code for a batch size, also after a resume
    model = spread(model, compute_loss, config, examples)  # over the processes of torchrun

    # What changes the weights, and how fast.
    optimizer = make_optimizer(model, config)
    steps = config.epochs * len(train_loader)
    scheduler = LambdaLR(optimizer, lambda step: one_cycle(step, steps))
    scaler = torch.amp.GradScaler(device.type, enabled=config.precision == "fp16")

    trained = Trained(model, optimizer, scheduler, scaler)
    run = Run(config, data, metrics(data.info), trained, device)
    with run.at_work():
        if config.resume:
            run.resume()
        if steps < 200 and not config.limit_batches:
            print("note: there are few steps: try --batch-size 16, or more --epochs")
        print(f"training on {device} into {run.folder}")
        gc.freeze()  # all of this lives until the end: never look for garbage in it
        gc.enable()
        with tracker(run) as track:
            while not run.is_finished():
                train_epoch(run, train_loader, config)
                validation = evaluate(model, val_loader, compute_loss, config)
                row = run.end_epoch(validation)
                print(describe_epoch(row, is_best=run.best() is row))
                track(row)
                if after_epoch is not None:
                    after_epoch(run)
        run.save("last.pt")

    if RANK == 0:
        draw_curves(run.history, run.best(), run.folder)
    best = run.best()
    print("best: epoch", best["epoch"], *format_scores(best))
    print(f'next: python eval.py --run-dir "{run.folder}"')
    return run.folder


def train_epoch(run: Run, loader: DataLoader, config: Config) -> None:
    """Take an optimizer step for each batch, from where the run stands to the end of the epoch."""
    model = run.trained.model
    optimizer = run.trained.optimizer
    scheduler = run.trained.scheduler
    scaler = run.trained.scaler
    mixed_precision = autocast(run.device, config.precision)

    model.train()
    keep_frozen_statistics(model)
    for batch in run.batches_left(loader):  # on the device, from where the run stands
        with mixed_precision:
            losses, outputs = compute_loss(model, batch, config)  # (N,), logits (N, K)
            loss = losses.mean()

        optimizer.zero_grad()
        scaler.scale(loss).backward()  # scale changes nothing unless --precision is fp16
        if config.clip_norm > 0:
            scaler.unscale_(optimizer)
            nn.utils.clip_grad_norm_(model.parameters(), config.clip_norm)
        scaler.step(optimizer)
        scaler.update()
        scheduler.step()

        run.finish_step(losses, outputs, batch)  # counts; saves when it is time


def keep_frozen_statistics(model: nn.Module) -> None:
    """Let the normalisation layers that are frozen keep their statistics in training, too.

    Frozen is a layer whose weights have `requires_grad = False`.
    """
    for layer in model.modules():
        weights = list(layer.parameters(recurse=False))
        is_frozen = len(weights) > 0 and not any(weight.requires_grad for weight in weights)
        if is_frozen and hasattr(layer, "running_mean"):
            layer.eval()


def make_optimizer(model: nn.Module, config: Config) -> torch.optim.Optimizer:
    """Return the optimizer that --optimizer names. Fused ones update all weights in one call.

    docs.pytorch.org/docs/stable/optim.html
    """
    weights = model.parameters()
    lr = config.lr
    decay = config.weight_decay
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
    """Return the share of --lr at a step: up for a quarter of them, then down along a cosine."""
    peak = steps // 4
    if step < peak:
        return (step + 1) / (peak + 1)
    return 0.5 + 0.5 * math.cos(math.pi * (step - peak) / (steps - peak))


if __name__ == "__main__":
    with one_line_errors(), joined():
        train(CONFIG)
