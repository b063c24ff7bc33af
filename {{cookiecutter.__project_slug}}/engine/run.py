"""A training under way: what is trained, where it stands, its folder, when to save and to stop."""

import gc
import json
import math
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader
from tqdm import tqdm

from engine.average import WeightAverage
from engine.batch_norm import batches_of_one
from engine.checkpoint import (
    check_data,
    check_parts,
    find_once,
    load_state,
    long_texts,
)
from engine.checkpoint_file import Checkpoint
from engine.class_weights import learn_class_weights
from engine.contract import check_after_epoch, check_labels, check_losses
from engine.data_identity import identity, what_differs
from engine.dataset import (
    Batch,
    BatchReader,
    BatchSampler,
    Data,
    seed_for,
    seed_random_numbers,
    to_device,
)
from engine.distributed import average_gradients, gather, plain, scatter, weigh_share
from engine.errors import UserError
from engine.evaluation import Answers, measure
from engine.learned import (
    BuildModel,
    always_frozen,
    check_frozen,
    frozen_names,
    learned_names,
    load_learned,
    set_learned,
)
from engine.metrics import Metric, Row, best_row
from engine.processes import (
    RANK,
    WORLD_SIZE,
    add_up,
    check_same,
    highest,
    refuse_difference,
    told_by_first,
)
from engine.run_folder import RunFolder
from engine.runs import IDENTITY
from engine.settings import Settings
from engine.signals import caught_signals, out_of_memory

# What a checkpoint must have to go on with: dicts, and plain values.
TRAINING_PARTS = ("config", "info", "fingerprint", "model", "optimizer", "scheduler", "scaler")
TRAINING_PARTS += ("progress", "made_with")
TRAINING_VALUES = ("epoch", "best")
SAVING = 0.02  # the share of the time that saving by the clock may take


@dataclass
class TrainingState:
    """What is trained, and what trains it: all that has a `state_dict`."""

    model: nn.Module  # the whole one, or the layers behind a frozen part of it
    optimizer: torch.optim.Optimizer
    scheduler: torch.optim.lr_scheduler.LRScheduler
    scaler: torch.amp.GradScaler


@dataclass
class Progress:
    """Where a training stands, in plain numbers: a checkpoint holds them as they are."""

    history: list[Row] = field(default_factory=list)  # metrics.csv: a row for each epoch
    batch: int = 0  # batches done in this epoch
    step: int = 0  # optimizer steps done in all
    seconds: float = 0.0  # spent on the steps of this epoch, saving not counted
    sums: list[list[float]] = field(default_factory=list)  # the Sums of each process


@dataclass
class Sums:
    """Sums over the examples of this epoch that this process has trained on.

    They stay on the device: to read a number from a GPU in each step would make the CPU wait.
    """

    losses: float | Tensor = 0.0
    scores: float | Tensor = 0.0  # right answers, or absolute errors of numbers; not of sequences
    examples: int = 0

    def add(self, losses: Tensor, outputs: Tensor, labels: Tensor) -> None:
        """Count the examples of a batch."""
        if outputs.dim() == 2 and labels.dim() == 1:
            is_right = outputs.argmax(dim=1) == labels
            self.scores += is_right.count_nonzero()
        elif labels.dim() == 1:
            self.scores += (outputs - labels).abs().sum()
        self.losses += losses.sum()
        self.examples += len(losses)


def restore_progress(saved: dict[str, Any], path: Path) -> Progress:
    """Return where a training stood.

    Args:
        saved: From its checkpoint.
        path: Of that, for messages.
    """
    try:
        return Progress(**saved)
    except TypeError as error:
        raise UserError(f"{path} is whole, but of another project: {error}") from error


class SaveClock:
    """When to save last.pt: by the clock, so that this takes about a fiftieth of the time."""

    def __init__(self, every: int) -> None:
        self.every = every  # --save-every: also after so many steps; 0 for the clock alone
        self.next_save = time.monotonic() + 1

    def is_due(self, step: int) -> bool:
        """Return whether to save after this step."""
        if self.every > 0 and step % self.every == 0:
            return True
        return time.monotonic() > self.next_save

    def note_save(self, began: float) -> None:
        """Note that a save is done that began at this time."""
        took = time.monotonic() - began
        self.next_save = began + max(1.0, took / SAVING)


class Run:
    """One training: begun or resumed, step by step, saved, and stopped.

    Args:
        config: Config of config.py.
        data: From load_data.
        metrics: From model.py.
        model: From build_model, on the device.
        device: Where the model is.
    """

    state: TrainingState  # from the first start_stage on

    def __init__(
        self,
        config: Settings,
        data: Data,
        metrics: list[Metric],
        model: nn.Module,
        device: torch.device,
    ) -> None:
        self.config = config
        self.data = data
        self.metrics = metrics
        self.model = model
        self.device = device
        self.identity = identity(data)
        self.class_weights = learn_class_weights(data, config)
        if self.class_weights is not None:
            self.class_weights = self.class_weights.to(device)
        self.called: set[str] = set()  # the methods that the loop has called
        self.batches_per_step = 1
        self.share_of_step = 1.0  # which share of the examples of its step this batch holds
        self.progress = Progress()
        self.sums = Sums()
        self.average: WeightAverage | None = None  # with --ema
        self.begun: Checkpoint | None = None  # where an interrupted training stands
        self.stage = ""  # the one at work: "frozen" or "whole"
        self.once_key = ""  # of once.pt, if the run has one
        self.once_weights: frozenset[str] = frozenset()  # the names of those that it holds
        self.has_best = True  # False where best.pt was lost, and nothing was there in its place
        self.clock = SaveClock(config.save_every)
        self.signals: list[int] = []  # those that ask the training to stop
        self.batch_began = time.perf_counter()
        check_after_epoch(data, model)
        if config.resume:
            self.files = RunFolder.find(config)
        else:
            self.files = RunFolder.begin(config)

    @property
    def folder(self) -> Path:
        """The folder of the run."""
        return self.files.path

    @property
    def history(self) -> list[Row]:
        """A row for each epoch that is done."""
        return self.progress.history

    @contextmanager
    def at_work(self) -> Generator[None]:
        """Keep others out of the folder, and let signals and a lack of memory end it in order.

        A new training that fails before its first step leaves no folder behind.
        """
        # The command line switched Python's search for garbage off, to start faster. Now it goes
        # on, but not in what is here already: all of this lives until the end.
        gc.freeze()
        gc.enable()
        try:
            with self.files.locked(), out_of_memory(self.config), caught_signals() as signals:
                self.signals = signals
                with batches_of_one():
                    yield  # to what stands in the with-block of train.py
        except BaseException:
            if self.progress.step == 0 and not self.config.resume:
                self.files.remove()
            raise

    def begin(self, build_model: BuildModel) -> None:
        """Load the weights that the training begins with, or goes on with.

        They are those of --resume, of --init-from or of a backbone; else the new ones stay.

        Args:
            build_model: That of model.py.

        Raises:
            UserError: The data or the model are not those that the run began with, or the weights
                do not fit.
        """
        self.check_processes()
        if self.config.resume:
            self.resume()
            check_same("step of the run", self.progress.step)
        if self.begun is None:
            for line in load_learned(self.model, self.config, self.data.info, build_model):
                print(line)
            check_frozen(self.model, self.config)
            frozen = always_frozen(self.model)
            if self.is_frozen:
                frozen |= learned_names(self.model)
            once = find_once(self.model, frozen, self.data.info)
            self.files.save_once(once)
            self.once_key = once.key
            self.once_weights = frozenset(once.model)

    def check_processes(self) -> None:
        """Refuse processes of torchrun that do not train the same network on the same data."""
        if WORLD_SIZE == 1:
            return
        of_first = json.loads(told_by_first(json.dumps(self.identity)))
        if what_differs(of_first, self.identity):
            refuse_difference("data")
        shapes = [f"{name} {tuple(weight.shape)}" for name, weight in self.model.named_parameters()]
        check_same("network", shapes)

    def resume(self) -> None:
        """Move to where the run's last checkpoint stands, if there is one.

        Raises:
            UserError: The data or the model are not those that the run began with.
        """
        checkpoint = self.files.load_last()
        if checkpoint is None:
            print(f"{self.folder} has no last.pt yet: starting from the beginning")
            return
        path = self.folder / "last.pt"
        check_parts(checkpoint, path, TRAINING_PARTS, TRAINING_VALUES)
        place = getattr(self.config, "data", None)
        check_data(self.data, checkpoint, self.folder, place, goes_on=True)
        load_state(self.model, "model", checkpoint, self.folder)
        set_learned(self.model, set(checkpoint.get("learned", ())))
        self.begun = checkpoint
        self.once_key = checkpoint.get("once", "")
        # An earlier version of this project wrote those that have learned already, and no list.
        earlier = checkpoint.get("learned", ()) if self.once_key else ()
        self.once_weights = frozenset(checkpoint.get("once_weights", earlier))
        self.progress = restore_progress(checkpoint["progress"], path)
        self.sums = self.restored_sums()
        self.has_best = self.files.mend_best(checkpoint)
        for what, now in self.made_with().items():
            was = checkpoint["made_with"].get(what)
            if now != was:
                print(f"note: {what} was {was}, now it is {now}: the last bits may differ")
        epochs = len(self.history)
        print(f"going on after {epochs} epochs and {self.progress.batch} batches")

    @property
    def is_frozen(self) -> bool:
        """Return whether what has learned already stands still in the epoch that comes now."""
        if not learned_names(self.model):
            return False
        return len(self.history) < self.config.frozen_epochs or self.is_always_frozen

    @property
    def is_always_frozen(self) -> bool:
        """Return whether what has learned already stands still to the end."""
        return self.config.frozen_epochs >= self.config.epochs

    def begins_stage(self) -> bool:
        """Return whether the frozen epochs are over: then the next one begins a stage of its own.

        There is one stage in a training; with --frozen-epochs there are two.
        """
        return self.stage != ("frozen" if self.is_frozen else "whole")

    def epochs_of_stage(self) -> int:
        """Return how many epochs there are in the stage of the next epoch."""
        if not learned_names(self.model) or self.is_always_frozen:
            return self.config.epochs
        if self.is_frozen:
            return self.config.frozen_epochs
        return self.config.epochs - self.config.frozen_epochs

    def start_stage(self, state: TrainingState) -> None:
        """Begin a stage, or go on with the one in which the run was interrupted.

        Args:
            state: The model that is trained in it, and what trains it, both new.
        """
        self.state = state
        self.stage = "frozen" if self.is_frozen else "whole"
        self.start_average()
        checkpoint, self.begun = self.begun, None
        # At the end of a stage nothing is left of its optimizer: the next one begins anew.
        if checkpoint is None or checkpoint.get("stage", self.stage) != self.stage:
            return
        if self.config.fsdp:
            scatter(state.model, state.optimizer, checkpoint)
        else:
            load_state(state.optimizer, "optimizer", checkpoint, self.folder)
        load_state(state.scheduler, "scheduler", checkpoint, self.folder)
        load_state(state.scaler, "scaler", checkpoint, self.folder)
        if self.average is not None:
            self.average.load_saved_state(checkpoint["average"])

    def start_average(self) -> None:
        """Begin an average of the weights that learn from now on, with --ema."""
        if self.config.ema > 0:
            self.average = WeightAverage(plain(self.state.model), self.config.ema)

    @property
    def evaluated_model(self) -> nn.Module:
        """The model that is evaluated: with --ema the average, else the one that learns."""
        if self.average is not None:
            return self.average.module
        return self.state.model

    def restored_sums(self) -> Sums:
        """Return this process's sums at the last save.

        If the number of processes has changed since, process 0 takes the total, and the others
        begin at 0.
        """
        saved = self.progress.sums
        if not saved:
            return Sums()
        if len(saved) == WORLD_SIZE:
            losses, scores, examples = saved[RANK]
            return Sums(losses, scores, int(examples))
        if RANK > 0:
            return Sums()
        losses, scores, examples = torch.tensor(saved, dtype=torch.double).sum(dim=0).tolist()
        return Sums(losses, scores, int(examples))

    def made_with(self) -> dict[str, Any]:
        """Return what changes the last bits of a result, apart from settings and data."""
        made_with: dict[str, Any] = {
            "PyTorch": str(torch.__version__),
            "device": self.device.type,
            "number of processes": WORLD_SIZE,
        }
        if self.device.type == "cpu":
            made_with["threads"] = torch.get_num_threads()
        if self.device.type == "cuda":
            made_with["GPU"] = torch.cuda.get_device_name(self.device)
        return made_with

    def batches_left(self, loader: DataLoader) -> Iterator[Batch]:
        """Yield the batches of this epoch that are not done yet, on the device.

        Before each, the random generators are set from the seed and the number of the batch. So
        augmentation and dropout are the same whether or not the training was interrupted.
        """
        sampler = loader.sampler
        assert isinstance(sampler, BatchSampler)
        assert isinstance(loader.dataset, BatchReader)
        sampler.go_to(len(self.history), self.progress.batch)
        self.batches_per_step = sampler.batches_per_step
        shares = sampler.shares_of_steps()
        seed = seed_for(self.config.seed, "step", RANK)
        is_checked = loader.dataset.is_in_memory  # check_loaded has looked at all its labels
        title = f"epoch {len(self.history) + 1}"
        hidden = True if RANK > 0 else None  # None shows the progress bar only in a terminal
        self.batch_began = time.perf_counter()
        for batch in tqdm(loader, title, leave=False, disable=hidden):
            if not is_checked:
                check_labels(batch[1], self.data.info, "train")
            if WORLD_SIZE > 1:
                weigh_share(self.state.model, batch)
                average_gradients(self.state.model, self.completes_step())
            if self.batches_per_step > 1:
                self.share_of_step = next(shares)
            seed_random_numbers(seed + self.batches_done(), self.device)
            yield to_device(batch, self.device)

    def batches_done(self) -> int:
        """Return how many batches are done in all epochs."""
        in_this_step = self.progress.batch % self.batches_per_step
        return self.progress.step * self.batches_per_step + in_this_step

    def completes_step(self) -> bool:
        """Return whether an optimizer step follows on this batch: with --accumulate on the last."""
        return (self.progress.batch + 1) % self.batches_per_step == 0

    def weigh_classes(self, losses: Tensor, batch: Batch) -> Tensor:
        """Return the losses, with --class-weights each times the weight of the example's class.

        Args:
            losses: Of each example of this process (N,).
            batch: The inputs and the labels.
        """
        self.called.add("weigh_classes")
        _, labels = batch
        if self.class_weights is None or losses.shape != labels.shape:  # finish_batch refuses these
            return losses
        return losses * self.class_weights[labels]

    def weigh_batch(self, loss: Tensor) -> Tensor:
        """Return the mean loss of a batch, with --accumulate as a part of the loss of its step.

        The parts of a step add up to the mean loss of all its examples, and so do their gradients.
        """
        self.called.add("weigh_batch")
        if self.batches_per_step == 1:
            return loss
        return loss * self.share_of_step

    def average_weights(self) -> None:
        """Let the weights after an optimizer step count in their average, with --ema."""
        self.called.add("average_weights")
        if self.average is not None:
            self.average.update_parameters(plain(self.state.model))

    def finish_batch(self, losses: Tensor, outputs: Tensor, batch: Batch) -> None:
        """Count a batch, and a step if it completes one.

        After a step it is saved when it is time, and the training stops where a signal asks for it.

        Args:
            losses: Of each example of this process (N,).
            outputs: Logits (N, K), or numbers (N,), of sequences (N, T).
            batch: The inputs and the labels.

        Raises:
            SystemExit: A signal came. The training is saved.
        """
        _, labels = batch
        completes_step = self.completes_step()
        if self.progress.step == 0:
            check_losses(losses, outputs, labels)
            if completes_step:
                self.check_loop()
        self.sums.add(losses.detach(), outputs.detach(), labels)
        self.progress.batch += 1
        self.progress.seconds += time.perf_counter() - self.batch_began
        if completes_step:
            self.progress.step += 1
            self.save_or_stop()
        self.batch_began = time.perf_counter()

    def check_loop(self) -> None:
        """Refuse a loop in train.py that leaves out what a setting needs."""
        if self.class_weights is not None and "weigh_classes" not in self.called:
            raise UserError(
                "train.py: train_epoch does not call run.weigh_classes, so --class-weights "
                "changes nothing: add `losses = run.weigh_classes(losses, batch)` before the "
                "mean is taken"
            )
        if self.batches_per_step > 1 and "weigh_batch" not in self.called:
            raise UserError(
                "train.py: train_epoch does not call run.weigh_batch, which --accumulate needs: "
                "add `loss = run.weigh_batch(loss)` behind the mean, and let the optimizer step "
                "only `if run.completes_step():`"
            )
        if self.average is not None and "average_weights" not in self.called:
            raise UserError(
                "train.py: train_epoch does not call run.average_weights, so --ema has nothing to "
                "average: add `run.average_weights()` behind the optimizer's step"
            )

    def save_or_stop(self) -> None:
        """Save when it is time, and before a signal ends it all."""
        signal = self.signals[0] if self.signals else 0
        due = self.clock.is_due(self.progress.step)
        if WORLD_SIZE > 1:  # all of them do the same
            signal, due = highest(signal, due)
        if signal or due:
            began = time.monotonic()
            self.save("last.pt")
            self.clock.note_save(began)
        if signal:
            start = "python" if WORLD_SIZE == 1 else "torchrun ..."
            command = f'{start} train.py --resume --run-dir "{self.folder}"'
            print(f"\nstopped and saved. Go on: {command}")
            raise SystemExit(128 + signal)

    def end_epoch(self, validation: Answers) -> Row:
        """Write the row of an epoch, and keep the model if it is the best so far; return the row.

        Args:
            validation: What the model answers to the validation data.
        """
        progress = self.progress
        self.collect_sums()
        train_loss, train_score = self.means()
        val_loss = self.checked(validation.losses.double().mean().item())
        row: Row = {
            "epoch": len(self.history) + 1,
            "step": progress.step,
            "train_loss": train_loss,
        }
        if not self.data.info.is_sequence:
            row["train_accuracy" if self.data.info.classes else "train_mae"] = train_score
        row["val_loss"] = val_loss
        scores = measure(self.metrics, validation.outputs, validation.labels)
        for name, score in scores.items():
            row[f"val_{name}"] = score
        row["lr"] = float(self.state.scheduler.get_last_lr()[0])
        row["seconds"] = progress.seconds
        self.history.append(row)
        progress.batch = 0
        progress.seconds = 0.0
        self.sums = Sums()
        self.files.write_metrics(self.history)
        if self.is_best(row) or not self.has_best:
            self.save("best.pt")
            self.has_best = True
        return row

    def best(self) -> Row:
        """Return the row of the best epoch by --best-by, on validation data."""
        return best_row(self.history, self.config.best_by)

    def is_best(self, row: Row) -> bool:
        """Return whether this row is that of the best epoch so far."""
        return self.best() is row

    def is_finished(self) -> bool:
        """Return whether all epochs are done, or --patience has run out."""
        done = len(self.history)
        if done >= self.config.epochs:
            return True
        if self.config.patience == 0 or done == 0:
            return False
        since = self.best()["epoch"]
        if learned_names(self.model) and not self.is_always_frozen:
            if self.is_frozen:
                return False
            # The second stage has its own time to become better.
            since = max(since, self.config.frozen_epochs)
        epochs_without_improvement = done - since
        return epochs_without_improvement >= self.config.patience

    def collect_sums(self) -> None:
        """Write the sums of all processes into the progress. This waits for the device."""
        sums = torch.zeros(WORLD_SIZE, 3, dtype=torch.double)
        own = (self.sums.losses, self.sums.scores, self.sums.examples)
        sums[RANK] = torch.tensor([float(value) for value in own], dtype=torch.double)
        self.progress.sums = add_up(sums).tolist()

    def means(self) -> tuple[float, float]:
        """Return the mean training loss and score of this epoch so far.

        They are of the examples of all processes, each counted once.
        """
        sums = torch.tensor(self.progress.sums, dtype=torch.double)  # (processes, 3)
        losses, scores, examples = sums.sum(dim=0).tolist()
        examples = max(1, examples)
        return self.checked(losses / examples), scores / examples

    def checked(self, loss: float) -> float:
        """Return a loss if it is a number, or stop: better no checkpoint than a broken one."""
        if not math.isfinite(loss):
            where = f"by step {self.progress.step}, in epoch {len(self.history) + 1}"
            advice = "try a lower --lr, and look for nan in the data"
            kept = f"{self.folder} keeps what was saved before"
            raise UserError(f"the loss became {loss} {where}: {advice}; {kept}")
        return loss

    def save(self, name: str) -> None:
        """Write a checkpoint into the run's folder. All processes must call it."""
        self.collect_sums()
        self.means()  # refuses a loss that is no number
        self.files.save(name, self.checkpoint())

    def checkpoint(self) -> Checkpoint:
        """Return all that a training needs to go on, and a model to answer."""
        state = self.state
        if self.config.fsdp:
            states = gather(state.model, state.optimizer)
        else:
            states = {
                "model": self.model.state_dict(),
                "optimizer": state.optimizer.state_dict(),
            }
        # What once.pt holds is left out. Weights that have learned in this run are not the same.
        weights = dict(states["model"])
        frozen = self.once_weights & frozen_names(self.model)
        for name in frozen:
            weights.pop(name, None)  # with --fsdp process 0 alone has them
        average = {}
        if self.average is not None:
            average = self.average.saved_state(left_out=frozen)
        info = asdict(self.data.info)
        for name in long_texts(self.data.info):
            del info[name]
        return {
            "config": asdict(self.config),
            "info": info,
            IDENTITY: asdict(self.files.identity),
            "fingerprint": self.identity,
            "once": self.once_key,
            "once_weights": sorted(self.once_weights),
            "stage": self.stage,
            "learned": sorted(learned_names(self.model)),
            "model": weights,
            "average": average,
            "optimizer": states["optimizer"],
            "scheduler": state.scheduler.state_dict(),
            "scaler": state.scaler.state_dict(),
            "progress": asdict(self.progress),
            "epoch": len(self.history),
            "best": self.best() if self.history else None,
            "made_with": self.made_with(),
        }
