"""Handwritten digits, for lessons that need pictures: real ones, which nobody has to download."""

from importlib.metadata import distribution

import numpy as np
import torch
from torch import Tensor


def read_digits() -> tuple[Tensor, Tensor]:
    """Return 1,797 pictures (N, 8, 8) uint8, from 0 to 16, and the digit that each shows (N,).

    They are those of `sklearn.datasets.load_digits()`, from its file: to import sklearn takes as
    long as a lesson may.
    """
    file = str(distribution("scikit-learn").locate_file("sklearn/datasets/data/digits.csv.gz"))
    table = torch.tensor(np.loadtxt(file, delimiter=",", dtype=np.uint8))  # (N, 64 + 1)
    return table[:, :64].reshape(-1, 8, 8), table[:, 64].long()
