"""Tell what is in pictures.  python predict.py PICTURE..."""

from pathlib import Path

from tyro.conf import Positional

from settings import UserError, find_run, run_command


def main(
    pictures: Positional[tuple[Path, ...]] = (), top: int = 3,
    run_dir: str | None = None, device: str = "auto",
) -> None:  # fmt: skip
    """Tell what is in pictures, with the best model of a run.

    Args:
        pictures: Image files of any size, PNG, JPEG and others; by default those of eval.py.
        top: How many classes to name, the likeliest first.
        run_dir: The run's folder; by default the newest run.
        device: Where to compute: auto, cpu, cuda, mps, xpu.
    """
    import torch  # loads slowly: --help must not wait

    from checkpoint import load_model
    from data import read_image
    from device import pick_device

    folder = find_run(run_dir)
    paths = pictures or sorted(folder.glob("examples/*/*.png"))
    if not paths:
        raise UserError("which picture? `python predict.py FILE`, or `python eval.py` for examples")
    place = pick_device(device)
    model, _, state = load_model(folder, place)
    images = torch.stack([read_image(path, state["inputs"]) for path in paths])  # (N, C, H, W)
    with torch.inference_mode():
        probabilities = model(images.to(place)).softmax(dim=1)  # (N, num_classes)
    for path, row in zip(paths, probabilities, strict=True):
        likeliest = row.argsort(descending=True)[: max(1, top)]
        print(f"{path}:", ", ".join(f"{state['classes'][i]} {row[i]:.1%}" for i in likeliest))


if __name__ == "__main__":
    run_command(main)
