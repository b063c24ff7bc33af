"""What the parts of a training step cost: each is cut out of a copy of the project, and timed.

    python benchmarks/pieces.py --project build/bench/my-torch-project [--cycles 30] [--quick]

Needs the packages of the project. The copies and the floor take turns on one core (slices.py). What
is cut out is what the floor has not; the copies are no good for anything else. Writes
results/pieces.json.
"""

import tempfile
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from measure import CONTENDERS, read_options, write
from slices import Contender, paired_ratio, take_turns
from speed import ENDLESS, LR, make_project

BATCH_SIZE = 64


class Cut(NamedTuple):
    """A piece of code that something else takes the place of."""

    path: str  # in a project
    old: str
    new: str


# The loss of each example and their mean; and the mean alone, as PyTorch computes it.
MEAN_OF_EXAMPLES = """\
            losses, outputs = compute_loss(model, batch, config)  # (N,), and logits or numbers
            losses = run.weigh_classes(losses, batch)  # changes nothing without --class-weights
            loss = losses.mean()
"""
MEAN_ALONE = """\
            outputs = model(batch[0])
            loss = nn.functional.cross_entropy(outputs, batch[1])
            losses = loss.expand(len(outputs))
"""
SUMS = "        self.sums.add(losses.detach(), outputs.detach(), labels)\n"
SEEDS = "            seed_random_numbers(seed + self.batches_done(), self.device)\n"
LOADER = "        return map(self.dataset.__getitem__, self.sampler)\n"
LOADER_BY_HAND = f"""        order, _ = self.sampler.arrange()
        inputs, labels = self.dataset.dataset.tensors
        for rows in order.split({BATCH_SIZE}):
            yield inputs.index_select(0, rows), labels.index_select(0, rows)
"""
PIECES = {
    "the seeds of each step: an interrupted training ends as one that was not": [
        Cut("engine/run.py", SEEDS, ""),
    ],
    "the training loss and accuracy of metrics.csv": [
        Cut("engine/run.py", SUMS, "        self.sums.examples += len(labels)\n"),
    ],
    "the loss of each example, which --class-weights and mistakes.png need": [
        Cut("train.py", MEAN_OF_EXAMPLES, MEAN_ALONE),
    ],
    "the sampler and the loader": [Cut("engine/loader.py", LOADER, LOADER_BY_HAND)],
    "the progress bar": [
        Cut("engine/run.py", "tqdm(loader, title, leave=False, disable=hidden)", "loader"),
    ],
    "the scaler of fp16, --accumulate and --ema, all of them off": [
        Cut("train.py", "scaler.scale(loss).backward()", "loss.backward()"),
        Cut("train.py", "scaler.step(optimizer)\n            scaler.update()", "optimizer.step()"),
        Cut("train.py", "            run.average_weights()  # changes nothing without --ema\n", ""),
        Cut("train.py", "            loss = run.weigh_batch(loss)", "            loss = loss"),
        Cut("train.py", "if run.completes_step():", "if True:"),
    ],
}  # fmt: skip


def cut_out(project: Path, cuts: list[Cut]) -> None:
    """Change a copy of a project.

    Raises:
        RuntimeError: The code is not there, or more than once.
    """
    for path, old, new in cuts:
        text = (project / path).read_text(encoding="utf-8")
        if text.count(old) != 1:
            raise RuntimeError(f"{path} holds {text.count(old)} times, not once:\n{old}")
        (project / path).write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def contenders(project: Path, model: str, place: Path) -> dict[str, Contender]:
    """Return the project, copies of it without a piece, one without any of them, and the floor."""
    every = [cut for cuts in PIECES.values() for cut in cuts]
    ways: dict[str, list[Cut]] = {"nothing": [], **PIECES, "all of these": every}
    shape = ["--batch-size", BATCH_SIZE, "--epochs", ENDLESS]
    own = ["train.py", *shape, "--lr", LR, "--device", "cpu", "--run-dir", "runs/bench"]
    found = {}
    for number, (name, cuts) in enumerate(ways.items()):
        copy = make_project(project, model, place / str(number))
        cut_out(copy, cuts)
        found[name] = Contender(own, copy)
    empty = Path(tempfile.mkdtemp(dir=place))
    found["floor"] = Contender([CONTENDERS / "floor.py", "--model", model, *shape], empty)
    return found


def time_copies(
    project: Path, model: str, cycles: int, seconds: float
) -> dict[str, dict[str, Any]]:
    """Return for each way how many microseconds a step takes, and how many times the floor's."""
    with tempfile.TemporaryDirectory() as name:
        notes = Path(name, "notes")
        notes.mkdir()
        found = take_turns(contenders(project, model, Path(name)), cycles, seconds, notes)
    floor = found["floor"]
    measured = {}
    for way, times in found.items():
        over = paired_ratio(times, floor)
        measured[way] = {"step_us": round(median(times), 1), "times the floor": over}
        low, high = over["low"], over["high"]
        print(f"  {over['median']:.3f} ({low:.3f} to {high:.3f})  {way}", flush=True)
    return measured


def main() -> None:
    """Measure both small networks, and write the result."""
    more = ("--cycles", {"type": int, "default": 30, "help": "slices of each training"})
    options = read_options(__doc__, 1, more)
    cycles, seconds = (3, 0.3) if options.quick else (options.cycles, 0.4)
    found = {}
    for model in ("mlp", "cnn"):
        print(f"{model}, batches of {BATCH_SIZE}: time of a step / that of the floor, without")
        found[model] = time_copies(options.project, model, cycles, seconds)
    write(options.results / "pieces.json", {"batch_size": BATCH_SIZE, "measured": found})


if __name__ == "__main__":
    main()
