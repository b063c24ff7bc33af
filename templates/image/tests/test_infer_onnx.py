"""The exported model answers for any picture as predict.py does."""

import numpy as np
import pytest
from PIL import Image

from config import Config
from export import main
from predict import main as predict
from train import train

for package in ("onnxruntime", "onnxscript", "safetensors"):
    pytest.importorskip(package, reason="optional: pip install -e .[export]")


def save_all_kinds(folder, seed):
    """Write pictures of many sizes and kinds: bright, dark, 16 bits, transparent, turned."""
    draw = np.random.default_rng(seed)
    folder.mkdir(parents=True)
    for number, level in enumerate((20, 120, 230)):
        high, wide = draw.integers(9, 200, 2)
        pixels = np.clip(draw.normal(level, 40, (high, wide, 4)), 0, 255).astype(np.uint8)
        color, turned = Image.fromarray(pixels[..., :3]), Image.Exif()
        turned[0x0112] = 6  # orientation: a quarter to the right
        color.save(folder / f"{number}.jpg", exif=turned)
        color.convert("P").save(folder / f"{number}.gif")
        Image.fromarray(pixels).save(folder / f"{number} transparent.png")
        Image.fromarray(pixels[..., 0]).save(folder / f"{number} 회색.png")
        Image.fromarray(pixels[..., 1].astype(np.uint16) << 8).save(folder / f"{number} deep.png")


@pytest.mark.parametrize("own", [True, False], ids=["64 by 64 in colour", "digits"])
def test_pictures_of_all_kinds_get_the_answers_of_predict(command, tmp_path, capsys, own):
    for number, name in enumerate(("one", "둘")):
        save_all_kinds(tmp_path / "pictures" / name, number)
    run, data = tmp_path / "run", str(tmp_path / "pictures") if own else None
    train(Config(data=data, epochs=1, width=8, device="cpu", run_dir=str(run)))
    main(run_dir=str(run))
    pictures = [str(path) for path in sorted((tmp_path / "pictures").rglob("*.*"))]
    assert len(pictures) == 30
    capsys.readouterr()
    predict(tuple(pictures), top=1, run_dir=str(run), device="cpu")
    expected = capsys.readouterr().out.splitlines()
    answer = command(run / "export" / "infer_onnx.py", *pictures)
    assert answer.stdout.splitlines() == expected, answer.stderr
