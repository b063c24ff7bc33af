"""What a training step costs with N processes: a formula, and the tables of docs/scaling.md.

    python benchmarks/step_cost.py

A step takes as long as alone, and as long as the processes wait for each other's numbers. How long
that is follows from what they send and from what connects them. communication.py checks it on two
machines; here it says what 8 and more GPUs would reach. Writes the tables into docs/scaling.md.
"""

import json
from math import log2
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "scaling.md"
MEASURED = HERE / "results" / "communication.json"
TWO_CORES = HERE / "results" / "scaling.json"
MARK = "<!-- {}: written by benchmarks/step_cost.py -->\n"

MB = 1e6
GPUS_IN_A_MACHINE = 8
BACKWARD = 2 / 3  # share of a step that is the backward pass
HIDES = 0.9  # share of the backward pass that is left when the first bucket is full
SMALL = 1024  # bytes of a message of a few numbers


class Cable(NamedTuple):
    """What connects processes."""

    bandwidth: float  # bytes a second
    latency: float  # seconds that the smallest message takes


class Network(NamedTuple):
    """What a step sends, and how long it takes alone."""

    name: str
    gradient_bytes: float
    last_bucket: float  # bytes of those that are there last: nothing hides them
    alone: float  # seconds of a step that waits for nobody
    messages: int = 0  # of a few numbers, for which all wait: two for each batch normalisation


# Assumptions: NVLink, and InfiniBand of 400 Gbit/s for each GPU. 25 MiB is DDP's bucket; it holds
# whole tensors, so the last one of a GPT is its token embedding.
IN_A_MACHINE = Cable(300e9, 5e-6)
BETWEEN_MACHINES = Cable(45e9, 15e-6)
ON_PAPER = [
    Network("ResNet-50, 256 images", 102 * MB, 26 * MB, 0.100, 2 * 53),
    Network("GPT-2, 124 million weights, 16,384 tokens", 496 * MB, 154 * MB, 0.040),
    Network("1.3 billion weights, 16,384 tokens", 5200 * MB, 412 * MB, 0.350),
]
GPUS = (8, 64, 1024)


def all_reduce(size: float, processes: int, near: Cable, far: Cable) -> float:
    """Return the seconds until all processes have the sum of what each has.

    Args:
        size: Bytes.
        processes: How many.
        near: What connects those of a machine.
        far: What connects machines.
    """
    machines = max(1, processes / GPUS_IN_A_MACHINE)
    hops = log2(processes / machines) * near.latency + log2(machines) * far.latency
    slowest = near if machines == 1 else far
    # Around a ring: each sends its share once to add up, and once to tell the sum.
    return 2 * (processes - 1) / processes * size / slowest.bandwidth + 2 * hops


def waiting(
    network: Network, processes: int, near: Cable, far: Cable, hides: float = HIDES
) -> float:
    """Return the seconds of a step in which the processes wait for numbers.

    Args:
        network: What a step sends.
        processes: How many.
        near: What connects those of a machine.
        far: What connects machines.
        hides: The share of the backward pass that gradients are sent beside.
    """
    gradients = all_reduce(network.gradient_bytes, processes, near, far)
    last = all_reduce(network.last_bucket, processes, near, far)
    hidden = hides * BACKWARD * network.alone
    message = all_reduce(SMALL, processes, near, far)
    return max(last, gradients - hidden) + network.messages * message


def paper_table() -> str:
    """Return what GPUs would reach, under the assumptions above."""
    head = ["network, on each GPU", "gradients", "step alone"]
    head += [f"all-reduce, {count:,} GPUs" for count in GPUS]
    head += [f"efficiency, {count:,}" for count in GPUS]
    rows = []
    for network in ON_PAPER:
        row = [network.name, f"{network.gradient_bytes / MB:,.0f} MB"]
        row.append(f"{network.alone * 1e3:.0f} ms")
        for count in GPUS:
            seconds = all_reduce(network.gradient_bytes, count, IN_A_MACHINE, BETWEEN_MACHINES)
            row.append(f"{seconds * 1e3:.1f} ms")
        for count in GPUS:
            wait = waiting(network, count, IN_A_MACHINE, BETWEEN_MACHINES)
            row.append(f"{network.alone / (network.alone + wait):.2f}")
        rows.append(row)
    return table(head, rows)


def step(trial: dict[str, Any], left_out: str) -> float:
    """Return the seconds of the fastest step: what else a machine does makes steps only longer."""
    return min(trial["seconds"][left_out])


def predicted_share(trial: dict[str, Any], found: dict[str, Any], hides: float = HIDES) -> float:
    """Return which share of a step on two machines the formula gives to communication.

    Args:
        trial: One of the trainings that communication.py has made.
        found: Its results.
        hides: The share of the backward pass that gradients are sent beside.
    """
    cable = Cable(**found["cables"][trial["cable"]])
    network = Network(
        trial["network"],
        trial["gradient_bytes"],
        trial["bucket_bytes"][-1],
        step(trial, "everything"),
        trial["messages"],
    )
    wait = waiting(network, 2, cable, cable, hides) + trial["buffer_bytes"] / cable.bandwidth
    return wait / (network.alone + wait)


def measured_share(trial: dict[str, Any]) -> float:
    """Return which share of a step is gone where the processes tell each other nothing."""
    alone = step(trial, "everything")
    return max(0.0, 1 - alone / step(trial, "nothing"))


def measured_table(found: dict[str, Any]) -> str:
    """Return what two machines have reached, beside what the formula says."""
    head = ["network", "gradients", "cable", "step alone", "step", "share of communication"]
    head += ["by the formula", "if nothing hides"]
    rows = []
    for trial in found["trials"]:
        rows.append([
            trial["network"],
            f"{trial['gradient_bytes'] / MB:.1f} MB",
            trial["cable"],
            f"{step(trial, 'everything') * 1e3:.0f} ms",
            f"{step(trial, 'nothing') * 1e3:.0f} ms",
            f"{measured_share(trial):.2f}",
            f"{predicted_share(trial, found):.2f}",
            f"{predicted_share(trial, found, hides=0):.2f}",
        ])  # fmt: skip
    return table(head, rows)


def pieces_table(scaling: dict[str, Any]) -> str:
    """Return what a step of two processes takes that do not tell each other one thing."""
    if "pieces" not in scaling:
        return "Not measured yet.\n"
    pieces = scaling["pieces"]
    rows = []
    for piece, share in pieces["without"].items():
        row = [piece]
        for times in (pieces["seconds"][piece], pieces["at_work"][piece]):
            row.append(f"{median(times) * 1e3:.0f} ms")
        rows.append([*row, f"{share['median']:.2f}"])
    head = ["not told", "step", "of it at work", "as a part of the whole step"]
    return table(head, rows)


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def page(text: str, found: dict[str, Any], scaling: dict[str, Any]) -> str:
    """Return docs/scaling.md with its tables as they are now.

    Args:
        text: The page.
        found: What communication.py has measured.
        scaling: What scaling.py has measured.
    """
    tables = {
        "on paper": paper_table(),
        "measured": measured_table(found),
        "pieces": pieces_table(scaling),
    }
    for name, lines in tables.items():
        begin, end = MARK.format(name), MARK.format(f"end, {name}")
        before, _, rest = text.partition(begin)
        _, mark, after = rest.partition(end)
        assert mark, f"docs/scaling.md has lost its lines {begin}{end}"
        text = before + begin + lines + end + after
    return text


def main() -> None:
    """Write the tables."""
    found = json.loads(MEASURED.read_text(encoding="utf-8"))
    scaling = json.loads(TWO_CORES.read_text(encoding="utf-8"))
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(page(text, found, scaling), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
