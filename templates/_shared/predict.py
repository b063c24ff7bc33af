"""Answer for new inputs, with the best model of a run.  python predict.py INPUT..."""

import sys
from pathlib import Path

from tyro.conf import Positional

sys.path.insert(0, str(Path(__file__).parent))  # where PYTHONSAFEPATH leaves this folder out

from engine.settings import UserError, find_run, run_command
from engine.spreadsheet import check_output, write_table
from engine.terminal import in_one_line


def main(
    inputs: Positional[tuple[str, ...]] = (),  # typed without a name: predict.py a.png b.png
    output: Path | None = None,
    top: int = 3,
    run_dir: str | None = None,
    device: str = "auto",
) -> None:
    """Answer for new inputs, with the best model of a run.

    Args:
        inputs: What to answer for, in the form that README.md says; else the examples of eval.py.
        output: Also write the inputs and the answers to this CSV file.
        top: How many classes to name, the likeliest first.
        run_dir: The run's folder; by default the newest run.
        device: Where to compute: auto, cpu, cuda, mps, xpu.
    """
    # These load PyTorch, which takes a second: --help and mistakes must not wait for it.
    from config import Config
    from data import Info, read_inputs
    from engine.answers import answer, put_into_words
    from engine.checkpoint import load_model
    from engine.device import pick_device
    from model import build_model

    folder = find_run(run_dir)
    if not inputs:
        inputs = tuple(str(path) for path in sorted(folder.glob("examples/*")))
    if not inputs:
        raise UserError("which input? `python predict.py INPUT`, or `python eval.py` for examples")
    if output is not None:
        check_output(output)

    loaded = load_model(folder, pick_device(device), Config, Info, build_model)
    asked = read_inputs(inputs, loaded.info)
    # The answers alone go to stdout, so that another program can read them.
    print(f"the best model of {folder} answers", file=sys.stderr)
    outputs = answer(loaded.model, asked)  # logits (N, K), or numbers (N,)
    lines, answers = put_into_words(outputs, loaded.info.classes, max(1, top))

    if output is None:
        names = [in_one_line(name) for name in asked.names]
        for name, line in zip(names, lines, strict=True):
            print(f"{name}: {line}")
        return
    write_table(output, {**asked.columns, **answers})
    print(f"written to {output}: {len(lines)} answers")


if __name__ == "__main__":
    run_command(main)  # the arguments of main are the options: run_dir is --run-dir
