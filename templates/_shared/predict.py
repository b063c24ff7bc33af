"""Answer for new inputs, with the best model of a run.  python predict.py INPUT..."""

import csv
from pathlib import Path

from tyro.conf import Positional

from settings import UserError, find_run, run_command


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
    import numpy as np  # these load slowly: --help must not wait
    import torch

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

    if classes := state["classes"]:
        chances, order = outputs.softmax(dim=1).sort(descending=True)  # (N, num_classes) both
        best = [[classes[i] for i in row[: max(1, top)]] for row in order]
        texts = [
            ", ".join(f"{one} {chance:.1%}" for one, chance in zip(row, chances[i], strict=False))
            for i, row in enumerate(best)
        ]
        columns["prediction"] = [row[0] for row in best]
        columns["probability"] = [f"{chance:.4f}" for chance in chances[:, 0]]
    else:
        numbers = outputs.numpy()  # as many digits as they have, and no exponent
        columns["prediction"] = texts = [np.format_float_positional(n, trim="-") for n in numbers]
    if output is None:
        print(*(f"{name}: {text}" for name, text in zip(names, texts, strict=True)), sep="\n")
        return
    with output.open("w", newline="", encoding="utf-8-sig") as file:  # so that Excel reads it too
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([columns, *zip(*columns.values(), strict=True)])
    print(f"written to {output}: {len(texts)} answers")


if __name__ == "__main__":
    run_command(main)
