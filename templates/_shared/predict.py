"""Answer for new inputs, with the best model of a run.  python predict.py INPUT..."""

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

from tyro.conf import Positional

from commands.settings import UserError, find_run, run_command


def main(
    inputs: Positional[tuple[str, ...]] = (), output: Path | None = None, top: int = 3,
    run_dir: str | None = None, device: str = "auto",
) -> None:  # fmt: skip
    """Answer for new inputs, with the best model of a run.

    Args:
        inputs: What to answer for, README.md says in which form; by default eval.py's examples.
        output: Also write the inputs and the answers to this CSV file.
        top: How many classes to name, the likeliest first.
        run_dir: The run's folder; by default the newest run.
        device: Where to compute: auto, cpu, cuda, mps, xpu.
    """
    import torch  # loads slowly: --help must not wait

    from checkpoint import load_model
    from data import read_inputs
    from device import pick_device

    folder = find_run(run_dir)
    inputs = inputs or tuple(str(path) for path in sorted(folder.glob("examples/*")))
    if not inputs:
        raise UserError("which input? `python predict.py INPUT`, or `python eval.py` for examples")
    if output and (output.exists() or not output.parent.is_dir()):
        why = "is there already" if output.exists() else "is in no folder that exists"
        raise UserError(f"{output} {why}: name another --output")
    place = pick_device(device)
    model, _, state = load_model(folder, place)
    names, columns, batch = read_inputs(inputs, state)
    with torch.inference_mode():
        parts = zip(*(tensor.split(256) for tensor in batch), strict=True)
        outputs = torch.cat([model(*(one.to(place) for one in part)).cpu() for part in parts])

    texts, answers = put_into_words(outputs, state["classes"], max(1, top))
    columns |= answers
    if output is None:
        print(*(f"{name}: {text}" for name, text in zip(names, texts, strict=True)), sep="\n")
        return
    with output.open("w", newline="", encoding="utf-8-sig") as file:  # so that Excel reads it too
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([columns, *zip(*columns.values(), strict=True)])
    print(f"written to {output}: {len(texts)} answers")


def put_into_words(outputs: Any, classes: list[str], top: int) -> tuple[list[str], dict[str, Any]]:
    """Return a line for each answer, and what --output has in its new columns."""
    if not classes:  # 7 digits, as a float has, and no exponent
        numbers = [f"{Decimal(f'{number:.7g}'):f}" for number in outputs]
        return numbers, {"prediction": numbers}
    chances, order = outputs.softmax(dim=1).sort(descending=True)  # (N, num_classes) both
    best = [[classes[i] for i in row[:top]] for row in order]
    lines = [
        ", ".join(f"{name} {chance:.1%}" for name, chance in zip(names, row, strict=False))
        for names, row in zip(best, chances, strict=True)
    ]
    sure = [f"{chance:.4f}" for chance in chances[:, 0]]
    return lines, {"prediction": [names[0] for names in best], "probability": sure}


if __name__ == "__main__":
    run_command(main)
