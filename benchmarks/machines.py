"""Train on two machines, lose one of them in each way there is, and see what the other does.

    python benchmarks/machines.py --folder PROJECT

The machines are two network namespaces of Linux with a cable between them (a veth pair): needs
root, `ip`, and the packages of the project. Each runs its own torchrun. What must hold after each
fault: all processes that are left have ended within the bound, each has said our line, and a
resume on both machines ends as an unbroken training does, bit for bit. Prints one JSON line.
"""

import argparse
import csv
import json
import os
import platform
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import torch
from measure import commit
from torture import final_state, same

LINE = "error: another process of this training"
LATE = "error: not all 2 processes have come to"
ADDRESSES = ("10.77.0.1", "10.77.0.2")
FAULTS = (
    "cable out",  # both machines see that their link is down
    "cable dead",  # packets vanish without a word
    "machine lost",  # the second one: no packet of it comes any more
    "first machine lost",  # where the processes have met
    "process killed",
    "process stopped",
    "process that never comes",
)
# How the agents of torchrun find each other.
MEETINGS = {
    "static": ["--master-addr", ADDRESSES[0], "--master-port", "{port}", "--node-rank", "{number}"],
    "c10d": ["--rdzv-backend", "c10d", "--rdzv-id", "1"],
}
MEETINGS["c10d"] += ["--rdzv-conf", "is_host={first}", "--rdzv-endpoint", ADDRESSES[0] + ":{port}"]
# Nothing is drawn at random within a step, which differs between one process and two; and a small
# step does not make rounding grow.
TRAIN = "--device cpu --epochs 20 --limit-batches 11 --lr 0.001 --max-shift 0 --save-every 5"
SLACK = 10.0  # seconds on top of --timeout, on a busy machine
AGENTS = 60.0  # seconds in which torchrun itself must have ended then: it kills after 30
LONGEST = 300.0  # seconds; then a training is taken for one that hangs
ONE_THREAD = {"OMP_NUM_THREADS": "1"}  # more only wait for each other; and round differently


class Machine:
    """A network namespace with one end of the cable."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.name = f"machine{number}-{os.getpid()}"
        self.card = f"v{number}-{os.getpid()}"
        self.log = Path()

    def ip(self, *words: str) -> None:
        """Run `ip` on this machine."""
        subprocess.run(["ip", "-netns", self.name, *words], check=True)

    def plug_in(self) -> None:
        """Give the card its address, and a way to the other machine."""
        self.ip("link", "set", "lo", "up")
        self.ip("address", "replace", ADDRESSES[self.number] + "/24", "dev", self.card)
        self.ip("link", "set", self.card, "up")
        self.ip("neighbour", "flush", "dev", self.card)
        with suppress(subprocess.CalledProcessError):
            other = ADDRESSES[1 - self.number]
            quiet = ["ip", "-netns", self.name, "neighbour", "del", other, "dev", self.card]
            subprocess.run(quiet, check=True, stderr=subprocess.DEVNULL)

    def forget_the_other(self) -> None:
        """Send all packets to a card that is not there: they vanish without a word."""
        there = [ADDRESSES[1 - self.number], "lladdr", "02:00:00:00:00:99", "dev", self.card]
        self.ip("neighbour", "replace", *there, "nud", "permanent")

    def limit(self, bits_per_second: float) -> None:
        """Let no more than this leave the machine; 0 lets all of it leave."""
        card = ["tc", "-netns", self.name, "qdisc"]
        if bits_per_second:
            # A token bucket filter: `latency` is how long a packet may wait, so that none is lost.
            rate = ["rate", f"{bits_per_second:.0f}bit", "burst", "128kb", "latency", "100ms"]
            subprocess.run([*card, "replace", "dev", self.card, "root", "tbf", *rate], check=True)
        else:
            gone = [*card, "delete", "dev", self.card, "root"]
            subprocess.run(gone, check=False, stderr=subprocess.DEVNULL)

    def processes(self) -> list[int]:
        """Return the numbers of all processes that run on this machine."""
        said = subprocess.run(
            ["ip", "netns", "pids", self.name], check=True, capture_output=True, encoding="utf-8"
        )
        return [int(number) for number in said.stdout.split()]

    def trainers(self) -> list[int]:
        """Return the numbers of those that torchrun has started."""
        found = []
        for number in self.processes():
            with suppress(OSError):
                words = Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0")
                if b"torch.distributed.run" not in words:
                    found.append(number)
        return found

    def kill_all(self) -> None:
        """End everything at once, as a power cut does."""
        for number in self.processes():
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        wait_until(lambda: not self.processes(), 10)


class Cluster:
    """Two machines and the cable between them."""

    def __init__(self, folder: Path, place: Path, minutes: float) -> None:
        self.folder = folder
        self.place = place
        self.minutes = minutes
        self.machines = [Machine(0), Machine(1)]
        self.started: list[subprocess.Popen] = []
        self.port = 29600 + os.getpid() % 1000

    def __enter__(self) -> "Cluster":
        one, other = self.machines
        for machine in self.machines:
            subprocess.run(["ip", "netns", "add", machine.name], check=True)
        ends = ["netns", one.name, "type", "veth", "peer", "name", other.card]
        subprocess.run(["ip", "link", "add", one.card, *ends, "netns", other.name], check=True)
        return self

    def __exit__(self, *_: object) -> None:
        for machine in self.machines:
            machine.kill_all()
            subprocess.run(["ip", "netns", "delete", machine.name], check=True)
        for process in self.started:
            process.wait()

    def start(
        self, meeting: str, words: list[str], programs: tuple[str, str] = ("train.py", "train.py")
    ) -> None:
        """Plug the cable in, and start a training on both machines, the output in files.

        Args:
            meeting: One of MEETINGS.
            words: Of the command line, behind the name of the program.
            programs: What each machine runs.
        """
        self.port += 1
        for machine in self.machines:
            machine.plug_in()
            machine.log = self.place / f"machine{machine.number}.log"
            known = {
                "port": self.port,
                "number": machine.number,
                "first": int(machine.number == 0),
            }
            ways = [word.format(**known) for word in MEETINGS[meeting]]
            command = ["ip", "netns", "exec", machine.name, sys.executable]
            command += ["-m", "torch.distributed.run", "--nnodes", "2", "--nproc-per-node", "1"]
            command += ["--local-addr", ADDRESSES[machine.number], *ways]
            command += [programs[machine.number], *words]
            environment = os.environ | {"GLOO_SOCKET_IFNAME": machine.card} | ONE_THREAD
            with machine.log.open("w", encoding="utf-8") as log:
                process = subprocess.Popen(
                    command, cwd=self.folder, env=environment, stdout=log, stderr=log
                )
            self.started.append(process)

    def is_over(self, *numbers: int) -> bool:
        """Return whether nothing runs any more on these machines."""
        return not any(self.machines[number].processes() for number in numbers)

    def are_trainers_over(self, *numbers: int) -> bool:
        """Return whether no process trains any more on these machines; torchrun may go on."""
        return not any(self.machines[number].trainers() for number in numbers)

    def said(self) -> str:
        """Return the last lines of both machines, for a person who looks for a mistake."""
        return "\n".join(
            machine.log.read_text(encoding="utf-8")[-3000:] for machine in self.machines
        )

    def break_down(self, fault: str) -> list[int]:
        """Do what the fault says, and return the machines on which all must end by themselves."""
        one, other = self.machines
        if fault == "cable out":
            one.ip("link", "set", one.card, "down")
            return [0, 1]
        if fault == "process killed":
            for number in other.trainers():
                os.kill(number, signal.SIGKILL)
            return [0, 1]
        if fault == "process stopped":
            for number in other.trainers():
                os.kill(number, signal.SIGSTOP)
            return [0]
        if fault == "process that never comes":
            return [0]
        one.forget_the_other()
        other.forget_the_other()
        if fault == "machine lost":
            other.kill_all()
            return [0]
        if fault == "first machine lost":
            one.kill_all()
            return [1]
        return [0, 1]


def wait_until(is_so, seconds: float) -> bool:
    """Wait until something is so; return whether it came in time."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def survivors(fault: str) -> list[int]:
    """Return the machines whose training process must say our line."""
    if fault in ("cable out", "cable dead"):
        return [0, 1]
    return [1] if fault == "first machine lost" else [0]


def try_fault(cluster: Cluster, meeting: str, fault: str, train: list[str], run: Path) -> dict:
    """Break one training, and return what came of it."""
    words = [*train, "--timeout", str(cluster.minutes), "--run-dir", str(run)]
    never = fault == "process that never comes"
    second = "train.py"
    if never:
        sleeper = cluster.place / "sleeper.py"
        sleeper.write_text("import time\ntime.sleep(1000)\n", encoding="utf-8")
        second = str(sleeper)
    cluster.start(meeting, words, ("train.py", second))
    log = cluster.machines[0].log
    if never:
        # The first one waits from here on, as soon as it has loaded PyTorch.
        wait_until(lambda: cluster.machines[0].trainers() and cluster.machines[1].trainers(), 60)
        time.sleep(10)
    else:
        begun = wait_until(
            lambda: "epoch   3 " in log.read_text(encoding="utf-8") or cluster.is_over(0), LONGEST
        )
        if not begun or cluster.is_over(0):
            sys.exit(f"{fault}: the training did not get far enough to be broken\n{cluster.said()}")
        time.sleep(random.uniform(0, 0.3))
    left = cluster.break_down(fault)
    began = time.monotonic()
    longest = (2 if never else 1) * cluster.minutes * 60 + SLACK  # two waits to connect
    in_time = wait_until(lambda: cluster.are_trainers_over(*left), longest)
    seconds = time.monotonic() - began
    # Where the first machine cannot be reached, the torchrun of the second one waits until the
    # system gives the connection up: a quarter of an hour. It trains nothing any more.
    agents = [number for number in left if number == 0 or fault == "process killed"]
    agents_in_time = wait_until(lambda: cluster.is_over(*agents), AGENTS)
    if not in_time or not agents_in_time:
        print(f"{meeting}, {fault}: not over\n{cluster.said()}", file=sys.stderr)
    line = LATE if never else LINE
    logs = [cluster.machines[number].log.read_text("utf-8") for number in survivors(fault)]
    lines = [sum(one.startswith(line) for one in log.splitlines()) for log in logs]
    for machine in cluster.machines:
        machine.kill_all()
    if lines != [1] * len(lines):
        print(f"{meeting}, {fault}: {lines} lines\n{cluster.said()}", file=sys.stderr)
    return {
        "in_time": in_time,
        "seconds": round(seconds, 1),
        "torchrun_in_time": agents_in_time,
        "line": lines == [1] * len(lines),
        "traceback": any(is_our_traceback(log) for log in logs),
    }


def is_our_traceback(log: str) -> bool:
    """Return whether a traceback goes through the project. torchrun shows one of its own."""
    return "Traceback" in log and ('/train.py", line' in log or "/engine/" in log)


def go_on(cluster: Cluster, meeting: str, words: list[str]) -> bool:
    """Train on both machines to the end; return whether they got there."""
    cluster.start(meeting, words)
    done = wait_until(lambda: cluster.is_over(0, 1), LONGEST)
    codes = [process.wait() for process in cluster.started[-2:]] if done else []
    if codes != [0, 0]:
        print(f"{meeting}: exit codes {codes}\n{cluster.said()}", file=sys.stderr)
    return codes == [0, 0]


def train_alone(folder: Path, words: list[str]) -> str:
    """Train in one process, and return what it printed."""
    command = [sys.executable, "train.py", *words]
    environment = os.environ | ONE_THREAD
    done = subprocess.run(
        command, cwd=folder, env=environment, check=True, capture_output=True, encoding="utf-8"
    )
    return done.stdout


def try_resume(cluster: Cluster, meeting: str, train: list[str], run: Path, unbroken: Path) -> dict:
    """Go on with a broken run, on both machines and in one process; say how that ended."""
    if not (run / "last.pt").exists():  # it never began
        done = go_on(cluster, meeting, [*train, "--run-dir", str(run)])
        return {"exact": done and is_same(unbroken, run)}
    fewer = run.with_name(run.name + "-alone")
    shutil.copytree(run, fewer)
    interrupted = len(losses(run)) // 2 if (run / "metrics.csv").exists() else 0  # epochs before
    done = go_on(cluster, meeting, ["--resume", "--timeout", "5", "--run-dir", str(run)])
    said = train_alone(cluster.folder, ["--resume", "--run-dir", str(fewer)])
    apart = difference(unbroken, fewer, interrupted + 1)
    shutil.rmtree(fewer)
    return {
        "exact": done and is_same(unbroken, run),
        "told": "number of processes was 2, now it is 1" in said,
        "losses_apart_in_one_process": apart,
    }


def is_same(one: Path, other: Path) -> bool:
    """Return whether two runs ended alike, to the last bit."""
    return same(final_state(one, "last.pt"), final_state(other, "last.pt"))


def summary(tries: list[dict]) -> dict:
    """Return the counts of several tries of one fault."""
    failed = 0
    for one in tries:
        is_close = one.get("losses_apart_in_one_process", 0) <= 1e-5 and one.get("told", True)
        is_ended = one["in_time"] and one["torchrun_in_time"]
        if not (is_ended and one["line"] and one["exact"] and is_close) or one["traceback"]:
            failed += 1
    apart = [one.get("losses_apart_in_one_process", 0) for one in tries]
    return {
        "tries": len(tries),
        "failed": failed,
        "ended_in_time": sum(one["in_time"] for one in tries),
        "said_our_line": sum(one["line"] for one in tries),
        "exact": sum(one["exact"] for one in tries),
        "tracebacks": sum(one["traceback"] for one in tries),
        "longest_seconds": max(one["seconds"] for one in tries),
        "losses_apart_in_one_process": max(apart),
    }


def losses(run: Path) -> list[float]:
    """Return the losses of a run, epoch by epoch."""
    with (run / "metrics.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [float(row[name]) for row in rows for name in ("train_loss", "val_loss")]


def difference(one: Path, other: Path, epochs: int) -> float:
    """Return how far the losses of two runs are apart at most, in their first epochs.

    In an epoch with another number of processes sums are rounded otherwise. In those that follow,
    what was rounded is learned from, and grows.
    """
    pairs = list(zip(losses(one), losses(other), strict=True))
    return max(abs(mine - theirs) for mine, theirs in pairs[: 2 * epochs])


def main() -> None:
    """Read the command line, break trainings, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, required=True, help="the project")
    parser.add_argument("--timeout", type=float, default=0.25, help="minutes")
    parser.add_argument("--tries", type=int, default=2, help="of each fault and meeting")
    parser.add_argument("--faults", nargs="*", default=FAULTS, choices=FAULTS)
    parser.add_argument("--meetings", nargs="*", default=[*MEETINGS], choices=[*MEETINGS])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--train", default=TRAIN)
    options = parser.parse_args()
    random.seed(options.seed)
    train = options.train.split()

    cases: dict[str, dict] = {}
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        alone = place / "alone"
        train_alone(options.folder, [*train, "--run-dir", str(alone)])
        with Cluster(options.folder, place, options.timeout) as cluster:
            for meeting in options.meetings:
                unbroken = place / f"unbroken-{meeting}"
                done = go_on(cluster, meeting, [*train, "--run-dir", str(unbroken)])
                apart = difference(alone, unbroken, 1) if done else 1.0
                cases[f"{meeting}, no fault"] = {
                    "tries": 1,
                    "failed": int(apart > 1e-5),
                    "losses_apart_from_one_process": apart,
                }
                for fault in options.faults:
                    tries = []
                    for number in range(options.tries):
                        run = place / f"{meeting}-{number}"
                        one = try_fault(cluster, meeting, fault, train, run)
                        one |= try_resume(cluster, meeting, train, run, unbroken)
                        shutil.rmtree(run, ignore_errors=True)
                        tries.append(one)
                        print(meeting, fault, one, file=sys.stderr, flush=True)
                    cases[f"{meeting}, {fault}"] = summary(tries)
    said = {
        "date": time.strftime("%Y-%m-%d"),
        "commit": commit(),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "timeout_seconds": options.timeout * 60,
        "tries": sum(case["tries"] for case in cases.values()),
        "failed": sum(case["failed"] for case in cases.values()),
        "cases": cases,
    }
    print(json.dumps(said))


if __name__ == "__main__":
    main()
