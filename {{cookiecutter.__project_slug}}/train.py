"""Train the model: the whole loop, from top to bottom.  python train.py --help"""

from commands.settings import one_line_errors, parse_config
from config import Config

if __name__ == "__main__":  # before torch loads, so that --help and typing errors answer at once
    CONFIG = parse_config(Config)

import csv
import gc
import math
import time
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.lr_scheduler import LambdaLR
from tqdm import tqdm

from checkpoint import Run
from data import load_splits
from device import autocast, pick_device
from loading.sampler import make_loader, seed_for, seed_step
from loading.splits import describe, measure
from model import build_model, score_batch
from parallel.models import averaged, spread
from parallel.processes import RANK, add_up, first_process_first, joined
from saving.faults import caught_signals, out_of_memory
from showing.plots import draw_curves
from showing.tracker import find_tracker


def train(config: Config, after_epoch: Any = lambda run: None) -> Path:
    """Train as the settings say and return the run's folder; Ctrl-C saves and raises SystemExit."""
    device = pick_device(config.device, config.deterministic)
    tracker = find_tracker(config.tracker)
    with first_process_first():
        splits = load_splits(config)
    describe(splits)
    train_loader = make_loader(splits["train"], config, config.batch_size, config.seed, device)
    val_loader = make_loader(splits["val"], config, 1024, device=device)

    torch.manual_seed(seed_for(config.seed, "weights"))
    model = build_model(config, splits["classes"], splits["inputs"]).to(device)
    model = spread(model, device, config.fsdp)  # over the processes, where torchrun started many
    if config.compile:
        model.compile(dynamic=False)  # the same code for a batch size, also after a resume
    optimizer = make_optimizer(model, config)
    scheduler = LambdaLR(optimizer, partial(one_cycle, steps=config.epochs * len(train_loader)))
    scaler = torch.amp.GradScaler(device.type, enabled=config.precision == "fp16")
    run = Run(config, splits, model, optimizer, scheduler, scaler)
    run.resume() if config.resume else run.begin()
    score = averaged(model, config, splits["train"])
    if config.epochs * len(train_loader) < 200 and not config.limit_batches:
        print("note: there are few steps: try --batch-size 16, or more --epochs")
    print(f"training on {device} into {run.folder}")
    gc.freeze()  # all of this lives until the end: never look for garbage in it
    gc.enable()

    with caught_signals() as run.signals, out_of_memory(config), run.lock, tracker(run) as track:
        while not run.is_finished():
            train_epoch(run, train_loader, score, device)
            end_epoch(run, val_loader)
            track(run.history[-1])
            after_epoch(run)
        run.save("last.pt")
    if RANK == 0:
        draw_curves(run.history, run.best(), run.folder)
    print("best: epoch", run.best()["epoch"], *show(run.best()))
    print(f'next: python eval.py --run-dir "{run.folder}"')
    return run.folder


def train_epoch(run: Run, loader: Any, score: Any, device: torch.device) -> None:
    """Take an optimizer step for each batch, from where the run stands to the epoch's end."""
    config, model, epoch = run.config, run.model, len(run.history)
    loader.sampler.epoch, loader.sampler.start = epoch, run.batch
    began, seed = time.perf_counter() - run.seconds, seed_for(config.seed, "step", RANK)
    model.train()
    for batch in tqdm(loader, f"epoch {epoch + 1}", leave=False, disable=RANK > 0 or None):
        batch = [tensor.to(device, non_blocking=True) for tensor in batch]
        seed_step(device, seed + run.step)
        with autocast(device, config.precision):
            losses, outputs = score(batch)  # (N,), (N, ...), by score_batch in model.py
            loss = losses.sum() / loader.sampler.share  # their mean, also of all processes

        run.optimizer.zero_grad()
        run.scaler.scale(loss).backward()
        if config.clip_norm:
            run.scaler.unscale_(run.optimizer)
            nn.utils.clip_grad_norm_(model.parameters(), config.clip_norm)
        run.scaler.step(run.optimizer)
        run.scaler.update()
        run.scheduler.step()

        run.loss_sum += loss.detach()  # not .item(): that would wait for the device
        run.score_sum += rate(outputs.detach(), batch[-1]).sum() / loader.sampler.share
        run.batch += 1
        run.step += 1
        run.seconds = time.perf_counter() - began
        began += run.save_if_due()


def end_epoch(run: Run, loader: Any) -> None:
    """Validate, write metrics.csv, and keep the model if it is the best so far."""
    losses, answers, labels = evaluate(run.model, loader, run.config)
    scores = {"loss": run.checked(losses.mean().item()), **measure(answers, labels)}
    learned = dict(zip(scores, run.means(), strict=False))  # the loss, the accuracy or mae
    row = {
        "epoch": len(run.history) + 1, "step": run.step,
        **{f"train_{name}": score for name, score in learned.items()},
        **{f"val_{name}": score for name, score in scores.items()},
        "lr": run.scheduler.get_last_lr()[0], "seconds": run.seconds,
    }  # fmt: skip
    run.history.append(row)
    run.batch, run.loss_sum, run.score_sum, run.seconds = 0, 0.0, 0.0, 0.0
    if RANK == 0:
        with (run.folder / "metrics.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerows([row, *(epoch.values() for epoch in run.history)])  # row: its keys
    star = "*" if run.best() is row else ""
    if star:
        run.save("best.pt")
    print(f"epoch {row['epoch']:3}", *show(row), f" {row['seconds']:.2f} s", star)


def show(row: dict[str, Any]) -> list[str]:
    """Return the losses and scores of an epoch as text."""
    names = [name for name in row if name.startswith(("train_", "val_"))]
    return [f" {name.replace('_', ' ')} {row[name]:,.4f}" for name in names]


def answer(outputs: Tensor, labels: Tensor) -> Tensor:
    """Return what a model's outputs say: the likeliest classes (N,), or the numbers themselves."""
    return outputs if labels.is_floating_point() else outputs.argmax(dim=-1)


def rate(outputs: Tensor, labels: Tensor) -> Tensor:
    """Return which answers are right, or for numbers how far off each is: (N,)."""
    answers = answer(outputs, labels)
    return (answers - labels).abs() if labels.is_floating_point() else answers == labels


@torch.inference_mode()
def evaluate(model: nn.Module, loader: Any, config: Config) -> tuple[Tensor, ...]:
    """Return the loss, the answer and the label of every example, in order: (N,), (N,), (N,)."""
    device = next(model.parameters()).device
    model.eval()
    scores = []
    for batch in loader:
        batch = [tensor.to(device, non_blocking=True) for tensor in batch]
        with autocast(device, config.precision):
            losses, outputs = score_batch(model, batch, config)
        scores.append((losses, answer(outputs, batch[-1]), batch[-1]))
    place = torch.cat(list(loader.sampler)).to(device)  # of each example in the dataset

    def whole(part: Tensor) -> Tensor:  # in the dataset's order, what other processes have too
        return add_up(part.new_zeros(len(loader.dataset)).index_copy_(0, place, part)).cpu()

    seen = whole(torch.ones_like(place)) > 0
    return tuple(whole(torch.cat(part))[seen] for part in zip(*scores, strict=True))


def make_optimizer(model: nn.Module, config: Config) -> torch.optim.Optimizer:
    """Return the optimizer; fused ones update all parameters in one call."""
    make: Any = {
        "adamw": partial(torch.optim.AdamW, fused=True),
        "adam": partial(torch.optim.Adam, fused=True),
        "sgd": partial(torch.optim.SGD, fused=True, momentum=0.9, nesterov=True),
        "rmsprop": torch.optim.RMSprop,
    }[config.optimizer]
    return make(model.parameters(), lr=config.lr, weight_decay=config.weight_decay)


def one_cycle(step: int, steps: int) -> float:
    """Return the share of --lr at a step: up for a quarter of them, then down along a cosine."""
    peak = steps // 4
    fall = 0.5 + 0.5 * math.cos(math.pi * (step - peak) / (steps - peak))
    return (step + 1) / (peak + 1) if step < peak else fall


if __name__ == "__main__":
    with one_line_errors(), joined():
        train(CONFIG)
