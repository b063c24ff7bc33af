"""The exported model answers for a point without PyTorch."""

import pytest

from config import Config
from export import main
from train import train

for package in ("onnxruntime", "onnxscript", "safetensors"):
    pytest.importorskip(package, reason="optional: pip install -e .[export]")


def test_points_get_answers(command, tmp_path):
    main(run_dir=str(train(Config(device="cpu", run_dir=str(tmp_path / "run")))))
    (tmp_path / "new.txt").write_text("0.1 0.2\n0.8 0.9\n", encoding="utf-8")
    answers = command(tmp_path / "run" / "export" / "infer_onnx.py", "new.txt").stdout.splitlines()
    assert [line.split()[2] for line in answers] == ["below", "above"]
