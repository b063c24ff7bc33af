"""A few bytes that stand for many: other contents have another digest."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import BinaryIO

import numpy as np

DIGEST = 16  # bytes
AT_ONCE = 2**24  # bytes that one thread digests
WAITING = max(2, min(16, os.cpu_count() or 1))  # blocks that are in memory at the same time


def digest_of(content: bytes) -> bytes:
    """Return the digest of a few bytes, at most some megabytes."""
    return hashlib.blake2b(content, digest_size=DIGEST).digest()


def digest_of_many(content: np.ndarray) -> bytes:
    """Return the digest of many bytes, found by all cores together.

    One core reads 0.5 to 2 GB in a second.

    Args:
        content: (N,) uint8, such as a file that is mapped.
    """
    starts = range(0, len(content), AT_ONCE)
    return digest_of_blocks(content[start : start + AT_ONCE].data for start in starts)


def digest_of_file(file: BinaryIO) -> bytes:
    """Return the digest of all that is in an open file: that of digest_of_many."""

    def blocks() -> Iterator[bytes]:
        file.seek(0)
        while block := file.read(AT_ONCE):
            yield block

    return digest_of_blocks(blocks())


def digest_of_blocks(blocks: Iterable[bytes | memoryview]) -> bytes:
    """Return the digest of blocks of bytes, each digested by one thread."""
    left = iter(blocks)
    some = list(islice(left, WAITING))
    if len(some) <= 1:  # to start threads would take longer
        return digest_of(b"".join(map(sha256, some)))
    digests: list[bytes] = []
    with ThreadPoolExecutor(WAITING) as pool:
        while some:
            digests += pool.map(sha256, some)
            some = list(islice(left, WAITING))
    return digest_of(b"".join(digests))


def sha256(block: bytes | memoryview) -> bytes:
    """Return another digest, for which most processors have instructions: they make it fast."""
    return hashlib.sha256(block).digest()
