"""How near to 60, 20 and 20 % a split by groups comes, ours and one made of scikit-learn's folds.

    python benchmarks/splits.py PROJECT      writes benchmarks/results/splits.json

scikit-learn's StratifiedGroupKFold makes five folds: three train, one validates, one tests. Of each
split stands there by how much the worst part misses its share of all examples, and by how much the
worst class in a part misses its share of that class. All groups are drawn at random.
"""

import sys
import time
from pathlib import Path

import numpy as np
import torch
from measure import write
from sklearn.model_selection import StratifiedGroupKFold
from torch import Tensor

RESULTS = Path(__file__).parent / "results" / "splits.json"
SHARES = (0.6, 0.2, 0.2)
# The number of examples, of groups and of classes, and how the groups are made.
CASES = [
    (1_000, 12, 3, "even"),
    (1_000, 30, 3, "even"),
    (1_000, 300, 3, "even"),
    (1_000, 60, 4, "one class each"),
    (2_000, 50, 3, "a few large ones"),
    (5_000, 100, 10, "even"),
    (300_000, 20_000, 10, "even"),
    (300_000, 150_000, 5, "even"),
]
MOST_FOR_FOLDS = 10_000  # with more examples scikit-learn takes minutes


def draw(examples: int, count: int, classes: int, kind: str) -> tuple[Tensor, Tensor]:
    """Return labels and groups (N,)."""
    generator = torch.Generator().manual_seed(examples + count)
    groups = torch.randint(count, (examples,), generator=generator)
    if kind == "a few large ones":
        groups = (torch.rand(examples, generator=generator) ** 3 * count).long()
    labels = (torch.rand(examples, generator=generator) ** 2 * classes).long()
    if kind == "one class each":
        labels = groups % classes
    return labels, groups


def split_by_folds(labels: Tensor, groups: Tensor) -> list[Tensor]:
    """Return the indices of the three parts, made of scikit-learn's folds."""
    folds = StratifiedGroupKFold(5).split(np.zeros(len(labels)), labels.numpy(), groups.numpy())
    tests = [torch.from_numpy(test) for _, test in folds]
    return [torch.cat(tests[:3]), tests[3], tests[4]]


def measure(parts: list[Tensor], labels: Tensor) -> dict[str, float]:
    """Return by how much the worst part and the worst class miss their shares."""
    totals = labels.bincount()
    worst_size = 0.0
    worst_class = 0.0
    for part, share in zip(parts, SHARES, strict=True):
        counts = labels[part].bincount(minlength=len(totals))
        worst_size = max(worst_size, abs(len(part) / len(labels) - share))
        worst_class = max(worst_class, (counts / totals - share).abs().max().item())
    return {"size": round(worst_size, 4), "class": round(worst_class, 4)}


def main() -> None:
    """Print and write what was measured."""
    sys.path.insert(0, sys.argv[1])
    from engine.splits import split_indices

    rows = []
    for case in CASES:
        labels, groups = draw(*case)
        row = dict(zip(("examples", "groups", "classes", "kind"), case, strict=True))
        began = time.process_time()
        parts = list(split_indices(labels, groups))
        row["seconds"] = round(time.process_time() - began, 2)
        row["ours"] = measure(parts, labels)
        if len(labels) <= MOST_FOR_FOLDS:
            row["scikit-learn"] = measure(split_by_folds(labels, groups), labels)
        print(row)
        rows.append(row)
    write(RESULTS, {"splits": rows})


if __name__ == "__main__":
    main()
