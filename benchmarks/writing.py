"""How fast a language model writes 500 characters: with its key-value cache, and without.

    python benchmarks/writing.py --project P [--rounds 5] [--quick]

The project is one of task=language, as it is generated. The network is as large as its defaults,
and has not been trained, which changes no time. Without the cache the whole window is computed for
each character. Both write the same text, or it ends. One core. Writes results/writing.json.
"""

import json
import os
import statistics
import subprocess
import sys

from measure import read_options, write

CONTEXTS = (64, 128, 256, 512)
CHARACTERS = 500
SCRIPT = """
import json, sys, time
import torch
from torch import nn
from config import Config
from data import Info
from engine.writing import Draw, write_text
from model import build_model

class WithoutCache(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, characters):
        return self.model(characters)

def timed(model):
    began = time.perf_counter()
    text = "".join(write_text(model, torch.tensor([1]), int(sys.argv[2]), Draw(), info))
    return time.perf_counter() - began, text

context = int(sys.argv[1])
torch.manual_seed(0)
info = Info(characters="?" + "abcdefghijklmnopqrstuvwxyz" * 4, context=context)
model = build_model(Config(context=context), info).eval()
results = []
for _ in range(int(sys.argv[3])):
    cached, text = timed(model)
    whole, same = timed(WithoutCache(model).eval())
    assert text == same
    results.append([cached, whole])
print(json.dumps(results))
"""


def main() -> None:
    """Measure all, and write the results."""
    options = read_options(__doc__ or "", 5)
    results = {}
    for context in CONTEXTS[:1] if options.quick else CONTEXTS:
        said = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(context), str(CHARACTERS), str(options.rounds)],
            cwd=options.project,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            stdout=subprocess.PIPE,
            encoding="utf-8",
            check=True,
        ).stdout
        pairs = json.loads(said)
        results[str(context)] = {
            "seconds with the cache": round(statistics.median(one for one, _ in pairs), 3),
            "seconds without": round(statistics.median(two for _, two in pairs), 3),
            "times as fast": round(statistics.median(two / one for one, two in pairs), 2),
        }
        print(context, results[str(context)], flush=True)
    path = options.results / "writing.json"
    write(path, {"characters": CHARACTERS, "context": results})


if __name__ == "__main__":
    main()
