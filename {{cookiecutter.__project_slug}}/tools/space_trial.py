"""Ask the page of a folder that tools.space writes.  python space_trial.py EXAMPLE...

tools.space starts it there, where no file of the project is but those that were copied.
"""

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from engine.answers import answer
from engine.dataset import Inputs

SAID = "said"  # the names of the files with the answers, and with what was loaded


def answer_each(model: nn.Module, inputs: Inputs) -> dict[str, Tensor]:
    """Return a model's outputs for each input alone, by its name: of texts, lengths differ."""
    outputs = {}
    for number, (name, example) in enumerate(zip(inputs.names, inputs.examples, strict=True), 1):
        alone = Inputs([name], {}, [example], inputs.collate_fn)
        outputs[str(number)] = answer(model, alone)
    return outputs


def main() -> None:
    """Make the page, answer the examples, and write down the answers and what was loaded."""
    from data import read_inputs
    from tools.demo_page import build, read_space

    shown = read_space(Path.cwd())
    build(shown)
    said = Path(__file__).with_name(SAID)
    if len(sys.argv) > 1:
        inputs = read_inputs(tuple(sys.argv[1:]), shown.loaded.info)
        model = shown.loaded.model.to(torch.device("cpu"))
        save_file(answer_each(model, inputs), said.with_suffix(".safetensors"))
    said.with_suffix(".json").write_text(json.dumps(sorted(sys.modules)), encoding="utf-8")


if __name__ == "__main__":
    main()
