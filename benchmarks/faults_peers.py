"""Let calls of a training that Lightning or Accelerate saves go wrong, as faults.py does.

    python benchmarks/faults_peers.py --peer lightning --every 20

Breaks what benchmarks/peers holds, and resumes it. Of each fault it counts: a file of a checkpoint
that is damaged under its final name, a resume that fails, another result than that of an unbroken
training. Needs torch, scikit-learn and the peer, and Linux: calls are counted by faults.c.
"""

import argparse
import shutil
import sys
import tempfile
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import torch
from faults import (
    HERE,
    RUN,
    Counts,
    Fault,
    attack,
    begin_again_with_library,
    read_options,
    report,
    run,
    same,
)

PEERS = ["lightning", "accelerate"]


class PeerCommand:
    """The training of a peer: what attack() needs to know of it."""

    name = "train"

    def __init__(self, words: list[str], before: Path) -> None:
        self.words = words
        self.before = before


class Peer:
    """The training of a peer, and what an unbroken one leaves."""

    spared = ("run/final.pt",)  # the script writes it, not the peer

    def __init__(self, peer: str, place: Path) -> None:
        self.folder = place / "project"
        shutil.copytree(HERE / "peers", self.folder)
        self.place = place
        self.train = [f"{peer}_digits.py", "--run", RUN]
        self.outcomes: Counter[str] = Counter()
        if peer == "lightning":
            import lightning  # noqa: F401  # once, for all copies of this process
        else:
            import accelerate  # noqa: F401
        import sklearn.datasets  # noqa: F401

        ended = run(self.folder, self.train)
        if ended.code != 0:
            raise SystemExit(ended.stderr)
        self.final = torch.load(self.folder / RUN / "final.pt", weights_only=True)

    def put(self, state: Path) -> None:
        """Let runs/ hold what a state holds."""
        shutil.rmtree(self.folder / "runs", ignore_errors=True)
        shutil.copytree(state, self.folder / "runs")

    def commands(self) -> list[PeerCommand]:
        """Return the commands that are broken."""
        nothing = self.place / "nothing"
        nothing.mkdir()
        return [PeerCommand(self.train, nothing)]

    def attempt(self, command: PeerCommand, fault: Fault, counts: Counts) -> list[str]:
        """Run the training with a fault and resume it; return what is wrong with it."""
        self.put(command.before)
        ended = run(self.folder, command.words, fault)
        if len(ended.calls) < fault.number:
            counts.missed += 1
            return []
        wrong = []
        if damaged_files(self.folder / RUN):
            wrong.append("a damaged file")
        if ended.code != 0:
            ended = run(self.folder, [*self.train, "--resume"])
            if ended.code != 0 and not list((self.folder / RUN).glob("*[0-9]*")):
                ended = run(self.folder, self.train)  # nothing was saved yet: as the user would
            if ended.code != 0:
                wrong.append("the resume fails")
        if ended.code == 0 and not self.is_exact():
            wrong.append("another result")
        kind = f"{fault.call}: {fault.kind}"
        counts.tried[kind] += 1
        if wrong:
            counts.failed[kind] += 1
        for outcome in wrong or ["exact"]:
            self.outcomes[outcome] += 1
        return wrong

    def is_exact(self) -> bool:
        """Return whether the training ended as an unbroken one."""
        try:
            final: Any = torch.load(self.folder / RUN / "final.pt", weights_only=True)
        except Exception:  # whatever a damaged file causes
            return False
        return same(self.final, final)


def damaged_files(folder: Path) -> list[str]:
    """Return the names of checkpoints that are damaged."""
    found = []
    for path in folder.rglob("*"):
        if path.name == "final.pt":
            continue
        if path.suffix in (".ckpt", ".bin", ".pkl", ".pt"):
            try:
                with zipfile.ZipFile(path) as archive:
                    if archive.testzip() is not None:
                        found.append(path.name)
            except (OSError, zipfile.BadZipFile):
                found.append(path.name)
        if path.suffix == ".safetensors":
            from safetensors.torch import load_file

            try:
                load_file(path)
            except Exception:  # it has an error of its own
                found.append(path.name)
    return found


def main() -> None:
    """Read the command line, break a peer's training, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peer", choices=PEERS, required=True)
    options = read_options(parser)
    begin_again_with_library()
    if sys.platform != "linux":
        sys.exit("this needs Linux")
    with tempfile.TemporaryDirectory() as place:
        peer = Peer(options.peer, Path(place).resolve())
        counts = attack(peer, options)
        counts.outcomes = dict(peer.outcomes)
    report(counts, options, peer=options.peer)


if __name__ == "__main__":
    main()
