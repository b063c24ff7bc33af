"""The exported model answers for any picture as predict.py does."""

import numpy as np
import pytest
from PIL import Image

from config import Config
from predict import main as predict
from tools.export import main as export
from train import train

for package in ("onnxruntime", "onnxscript", "safetensors"):
    pytest.importorskip(package, reason="optional: pip install -e .[export]")

ORIENTATION = 0x0112  # the number of the tag that says how a photo is turned
QUARTER_TO_THE_RIGHT = 6


def save_all_kinds(folder, seed):
    """Write pictures of many sizes and kinds: bright, dark, deep, transparent, turned, thin."""
    generator = np.random.default_rng(seed)
    folder.mkdir(parents=True)
    turned = Image.Exif()
    turned[ORIENTATION] = QUARTER_TO_THE_RIGHT
    for number, brightness in enumerate((20, 120, 230)):
        height, width = generator.integers(9, 200, 2)
        pixels = generator.normal(brightness, 40, (height, width, 4)).clip(0, 255).astype(np.uint8)
        grey = pixels[..., 0]
        colour = Image.fromarray(pixels[..., :3])
        colour.save(folder / f"{number}.jpg", exif=turned)
        colour.convert("P").save(folder / f"{number}.gif")
        Image.fromarray(pixels).save(folder / f"{number} transparent.png")
        Image.fromarray(grey).save(folder / f"{number} 회색.png")
        Image.fromarray(grey.astype(np.uint16) << 8).save(folder / f"{number} deep.png")
        Image.fromarray(grey.astype(np.float32) / 255).save(folder / f"{number} float.tif")
        colour.resize((300, 2 + number)).save(folder / f"{number} thin.png")


@pytest.mark.parametrize("own", [True, False], ids=["their own size", "digits"])
def test_pictures_of_all_kinds_get_the_answers_of_predict(start, tmp_path, capsys, if_it_fits, own):
    for seed, name in enumerate(("one", "둘")):
        save_all_kinds(tmp_path / "pictures" / name, seed)
    run = tmp_path / "run"
    data = str(tmp_path / "pictures") if own else None
    with if_it_fits():
        train(Config(data=data, epochs=1, limit_batches=30, device="cpu", run_dir=str(run)))
    export(run_dir=str(run))
    pictures = [str(path) for path in sorted((tmp_path / "pictures").rglob("*.*"))]
    assert len(pictures) == 42
    capsys.readouterr()
    predict(tuple(pictures), top=1, run_dir=str(run), device="cpu")
    expected = capsys.readouterr().out.splitlines()
    answer = start(run / "export" / "infer_onnx.py", *pictures)
    assert answer.stdout.splitlines() == expected, answer.stderr
