"""Write on what was begun, with the best model of a run.  python predict.py "Once upon a time" """

import sys
from pathlib import Path

from tyro.conf import Positional

sys.path.insert(0, str(Path(__file__).parent))  # where PYTHONSAFEPATH leaves this folder out

from engine.settings import UserError, find_run, run_command
from engine.spreadsheet import check_output, write_table

HOTTEST = 1000  # temperature: long before it, all characters are equally likely


def main(
    inputs: Positional[tuple[str, ...]] = (),  # typed without a name: predict.py "Once" "He said"
    tokens: int = 300,
    temperature: float | None = None,
    top_k: int = 0,
    seed: int = 0,
    output: Path | None = None,
    run_dir: str | None = None,
    device: str = "auto",
) -> None:
    """Write on what was begun, with the best model of a run.

    Args:
        inputs: How the texts begin, or .txt files with a beginning; else the examples of eval.py.
            Of a chat model: questions.
        tokens: How many characters to write; of a chat model the most tokens of an answer.
        temperature: Below 1 likely characters come more often; 0 takes the likeliest. By default
            0.8, of a chat model 0.
        top_k: Only so many of the likeliest characters may come; 0: all may.
        seed: Of the first text, each next one has the next number. Another seed, another text.
        output: Also write the beginnings and the texts to this CSV file.
        run_dir: The run's folder; by default the newest run.
        device: Where to compute: auto, cpu, cuda, mps, xpu.
    """
    if tokens < 1 or top_k < 0:
        raise UserError("--tokens must be 1 or more, --top-k 0 or more")
    if temperature is not None and not 0 <= temperature <= HOTTEST:  # nan is neither
        raise UserError(f"--temperature must be from 0 to {HOTTEST}")
    if not 0 <= seed < 2**63:
        raise UserError("--seed must be from 0 to 2**63 - 1")
    # These load PyTorch, which takes a second: --help and mistakes must not wait for it.
    from config import Config
    from data import Info, read_inputs
    from engine.checkpoint import load_model
    from engine.device import pick_device
    from engine.writing import Draw, unknown_in, write_text
    from model import build_model

    folder = find_run(run_dir)
    if not inputs:
        inputs = tuple(str(path) for path in sorted(folder.glob("examples/*")))
    if not inputs:
        raise UserError("how shall it begin? `python predict.py TEXT`, or `python eval.py` first")
    if output is not None:
        check_output(output)

    loaded = load_model(folder, pick_device(device), Config, Info, build_model)
    asked = read_inputs(inputs, loaded.info)
    # The texts alone go to stdout, so that another program can read them.
    print(f"the best model of {folder} writes", file=sys.stderr)
    unknown = unknown_in(asked.names, loaded.info)
    if unknown:
        print(f"note: training has not seen {unknown}: each is read as the same", file=sys.stderr)

    if temperature is None:
        temperature = 0.0 if loaded.info.unit == "token" else 0.8
    texts = []
    for number, (begun, start) in enumerate(zip(asked.names, asked.examples, strict=True)):
        if number > 0:
            print("\n")
        print(begun, end="", flush=True)
        draw = Draw(temperature, top_k, seed + number)
        written = ""
        for character in write_text(loaded.model, start, tokens, draw, loaded.info):
            print(character, end="", flush=True)  # as it is written
            written += character
        texts.append(begun + written)
        print()
    if output is not None:
        write_table(output, {**asked.columns, "text": texts})
        print(f"written to {output}: {len(texts)} texts", file=sys.stderr)


if __name__ == "__main__":
    run_command(main)  # the arguments of main are the options: run_dir is --run-dir
