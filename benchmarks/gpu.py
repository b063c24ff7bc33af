"""Steps and samples per second on a GPU, beside a loop by hand whose data lie on the GPU.

    python benchmarks/gpu.py --project build/bench/my-torch-project [--rounds 5]
    python benchmarks/gpu.py --project ... --device cpu --quick --images 64     # to test the script

Digits, and a ResNet-18 on 50,000 random images of 32 x 32. Everyone computes in bf16 by autocast.
Peers that are not installed are left out. Writes results/gpu.json.
"""

import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from measure import CONTENDERS, interleave, ratio, read_options, run, target, write
from speed import LR, make_project

PEERS = {
    "Lightning, bare": ["lightning_.py"],
    "Lightning, default": ["lightning_.py", "--default"],
    "Accelerate": ["accelerate_.py"],
}
DIGITS = 1079  # for training
CHECK = """
import json, torch
device = torch.accelerator.current_accelerator(check_available=True)
name = torch.cuda.get_device_name() if device and device.type == "cuda" else ""
print(json.dumps({"card": name, "cuda": torch.version.cuda}))
"""


def find_card(device: str) -> dict[str, str]:
    """Return the GPU's name, as PyTorch and as nvidia-smi say it, or end with the reason."""
    if device == "cpu":
        return {"card": "none: a test of the script on the CPU"}
    said = subprocess.check_output([sys.executable, "-c", CHECK], encoding="utf-8")
    found = json.loads(said)
    if not found["card"]:
        sys.exit("PyTorch finds no NVIDIA GPU here: nothing was measured")
    if shutil.which("nvidia-smi"):
        words = ["nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader"]
        found["nvidia_smi"] = subprocess.check_output(words, encoding="utf-8").strip()
    return found


def measure(
    words: list[Any], folder: Path, epochs: int, sync: int, number: int
) -> dict[str, float]:
    """Run a contender or the project's train.py; the folder of an earlier run is removed."""
    for made in ("runs/bench", "lightning_logs"):
        shutil.rmtree(folder / made, ignore_errors=True)
    return run([*words, "--epochs", epochs], folder, epochs, sync)


def contest(options: Any, model: str, place: Path) -> tuple[dict[str, Any], int, float]:
    """Return how each contender is measured, how many epochs, and the images in a step."""
    resnet = model == "resnet"
    batch_size, images = (options.batch_size, options.images) if resnet else (64, DIGITS)
    epochs = 2 if options.quick else (6 if resnet else 30)
    steps = -(-images // batch_size)
    shape = ["--batch-size", batch_size, "--device", options.device]
    project = make_project(options.project, model, place)
    words = ["train.py", *shape, "--lr", LR, "--run-dir", "runs/bench"]
    if resnet:
        pictures = place / "pictures"
        run([CONTENDERS / "write_pictures.py", pictures, "--images", images], place)
        words += ["--data", pictures, "--image-size", 32]
    sync = 0 if options.device == "cpu" else steps
    makers = {"ours": partial(measure, words, project, epochs, sync)}
    more = {"floor": ["floor.py"]}
    more |= {name: words for name, words in PEERS.items() if is_installed(name)}
    for name, (script, *flags) in more.items():
        words = [CONTENDERS / script, *flags, "--model", model, *shape, "--images", images]
        makers[name] = partial(measure, words, place, epochs, sync)
    return makers, epochs, images / steps


def is_installed(peer: str) -> bool:
    """Return whether the package of a peer is here."""
    return importlib.util.find_spec(peer.split(",")[0].lower()) is not None


def main() -> None:
    """Measure, say whether the target is met, and write the result."""
    options = read_options(
        __doc__, 5,
        ("--device", {"default": "cuda"}),
        ("--images", {"type": int, "default": 50_000, "help": "random images for the ResNet"}),
        ("--batch-size", {"type": int, "default": 512, "help": "of the ResNet"}),
    )  # fmt: skip
    card, shapes, targets = find_card(options.device), {}, []
    with tempfile.TemporaryDirectory() as name:
        for model in ("mlp", "cnn", "resnet"):
            print(model)
            makers, epochs, images = contest(options, model, Path(name))
            found = interleave(makers, options.rounds)
            for result in (one for row in found.values() for one in row):
                result["samples_per_second"] = round(images / result["step_us"] * 1e6, 1)
            shapes[model] = {"epochs": epochs, "images_in_a_step": images, "measured": found}
            title = f"{model}: samples per second, ours / a loop by hand with the data on the GPU"
            value = ratio(found, "samples_per_second", "ours", "floor")
            targets.append(target(title, value, 0.95, most=False))
    write(options.results / "gpu.json", {**card, "targets": targets, "shapes": shapes})


if __name__ == "__main__":
    main()
