"""How much of a step two machines spend telling each other numbers, and what a formula says of it.

    python benchmarks/communication.py --project IMAGE --language LANGUAGE [--quick]

The machines are two network namespaces of Linux (machines.py), their cable as fast as `tc` lets it
be: needs root, `ip` and `tc`. Each trains with train.py of a project, one process on one core. In
every second epoch they tell each other nothing (between_processes.py). The cable is measured by
itself (cable.py), and step_cost.py foretells the share of communication from that. Writes
results/communication.json; `python benchmarks/step_cost.py` then writes the tables of
docs/scaling.md.
"""

import json
import random
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from machines import LONGEST, Cluster, wait_until
from measure import HERE, read_options, spread, target, write
from scaling import make_pictures
from step_cost import measured_share, predicted_share

CABLES = {"as fast as it is": 0, "1 Gbit/s": 1e9, "100 Mbit/s": 1e8}  # bits a second
TURNS = ["nothing", "everything"]  # of what the processes tell each other is left out
APART = 0.1  # how far a share may be from what the formula says


class Training(NamedTuple):
    """What is trained, and how."""

    is_language: bool
    words: str  # for train.py
    steps: int  # in an epoch


# From small to large: 0.4, 13 and 50 MB of gradients.
TRAININGS = {
    "pictures of 16 x 16, CNN": Training(False, "--image-size 16 --batch-size 512", 6),
    "GPT, width 256": Training(True, "--width 256 --layers 4 --batch-size 8 --dropout 0", 4),
    "GPT, width 512": Training(True, "--width 512 --layers 4 --batch-size 8 --dropout 0", 2),
}


def make_text(path: Path, characters: int) -> None:
    """Write words of letters drawn at random: a short text, so that its validation is short."""
    letters = random.Random(0).choices("abcdefghij ", k=characters)
    path.write_text("".join(letters), encoding="utf-8")


def said_by(cluster: Cluster, program: Path, words: list[str], mark: str) -> dict[str, Any]:
    """Run a program on both machines, and return what the first one prints behind a word."""
    cluster.start("static", words, (str(program), str(program)))
    done = wait_until(lambda: cluster.is_over(0, 1), LONGEST)
    codes = [process.wait() for process in cluster.started[-2:]] if done else []
    log = cluster.machines[0].log.read_text(encoding="utf-8")
    lines = [line for line in log.splitlines() if line.startswith(mark + " ")]
    if codes != [0, 0] or not lines:
        sys.exit(f"{program.name} failed, exit codes {codes}\n{cluster.said()}")
    return json.loads(lines[-1].removeprefix(mark))


def try_cable(cluster: Cluster, bits_per_second: float) -> dict[str, Any]:
    """Make the cable so fast, and return what it is then."""
    for machine in cluster.machines:
        machine.limit(bits_per_second)
    return said_by(cluster, HERE / "cable.py", [], "cable")


def train(cluster: Cluster, training: Training, epochs: int) -> dict[str, Any]:
    """Train on both machines, and return the seconds of a step without each piece."""
    run = Path(tempfile.mkdtemp(dir=cluster.place)) / "run"
    words = [",".join(TURNS), *training.words.split(), "--run-dir", str(run), "--device", "cpu"]
    words += ["--epochs", str(epochs), "--limit-batches", str(training.steps), "--lr", "1e-6"]
    words += ["--data", str(cluster.place / ("text.txt" if training.is_language else "pictures"))]
    return said_by(cluster, HERE / "between_processes.py", words, "between")


def note(found: dict[str, Any], path: Path) -> None:
    """Write what was found so far, and how far it is from what the formula says."""
    apart = [abs(measured_share(one) - predicted_share(one, found)) for one in found["trials"]]
    worst = spread(apart) | {"median": round(max(apart), 5)}
    title = "share of communication in a step: measured and by the formula, the farthest apart by"
    write(path, {"targets": [target(title, worst, APART)], **found})


def main() -> None:
    """Measure each network on each cable, and write the result."""
    options = read_options(__doc__, 3, ("--language", {"type": Path, "required": True}))
    epochs = len(TURNS) * (options.rounds + 1)  # the first turn warms up
    found: dict[str, Any] = {"cables": {}, "trials": []}
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        make_pictures(place / "pictures", 6000)
        make_text(place / "text.txt", 20_000)
        with Cluster(options.project, place, LONGEST / 60) as cluster:
            for cable, rate in CABLES.items():
                found["cables"][cable] = try_cable(cluster, rate)
                print(cable, found["cables"][cable], flush=True)
                for network, training in TRAININGS.items():
                    cluster.folder = options.language if training.is_language else options.project
                    trial = train(cluster, training, epochs)
                    trial = {"network": network, "cable": cable, **trial}
                    shares = measured_share(trial), predicted_share(trial, found)
                    print(
                        f"  {network}: {shares[0]:.2f}, by the formula {shares[1]:.2f}", flush=True
                    )
                    found["trials"].append(trial)
                    note(found, options.results / "communication.json")


if __name__ == "__main__":
    main()
