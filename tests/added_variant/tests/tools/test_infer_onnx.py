"""The exported model answers for a point without PyTorch."""

import pytest

from config import Config
from train import train

for package in ("onnxruntime", "onnxscript", "safetensors"):
    pytest.importorskip(package, reason='needs pip install -e ".[export]"')


def test_points_get_answers(command, start, tmp_path):
    folder = train(Config(device="cpu", run_dir=str(tmp_path / "run")))
    exported = command("export", "--run-dir", folder)
    assert exported.returncode == 0, exported.stderr
    (tmp_path / "new.txt").write_text("0.1 0.2\n0.8 0.9\n", encoding="utf-8")
    said = start(folder / "export" / "infer_onnx.py", "new.txt").stdout
    assert [line.split()[2] for line in said.splitlines()] == ["below", "above"]
