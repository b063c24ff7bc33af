"""The exported model answers for any text as predict.py does."""

import pytest

from config import Config
from predict import main as predict
from tools.export import main as export
from train import train

for package in ("onnxruntime", "onnxscript", "safetensors"):
    pytest.importorskip(package, reason="optional: pip install -e .[export]")

TEXTS = [
    "a",
    "한국말 아세요?",
    "🔥👩‍🔬 \U0001d54f",
    "long " * 99,
    "tab\there",
    "  spaces around  ",
    "한글",
]


@pytest.mark.parametrize("max_length", [1, 20])
def test_texts_of_all_kinds_get_the_answers_of_predict(
    start, tmp_path, capsys, if_it_fits, max_length
):
    run = tmp_path / "run"
    config = Config(
        epochs=1, limit_batches=30, max_length=max_length, device="cpu", run_dir=str(run)
    )
    with if_it_fits():
        train(config)
    export(run_dir=str(run))
    file = tmp_path / "texts.txt"
    file.write_text("in a file\n\n  한글  \n", encoding="utf-8-sig")
    capsys.readouterr()
    predict((*TEXTS, str(file)), top=1, run_dir=str(run), device="cpu")
    expected = capsys.readouterr().out.splitlines()
    answer = start(run / "export" / "infer_onnx.py", *TEXTS, file)
    assert answer.stdout.splitlines() == expected, answer.stderr
    assert len(expected) == len(TEXTS) + 2
    (tmp_path / "latin.txt").write_bytes("caf\u00e9".encode("latin-1"))
    for name in ("nowhere.txt", "latin.txt"):
        answer = start(run / "export" / "infer_onnx.py", tmp_path / name)
        assert answer.returncode == 2
        assert answer.stderr.startswith(f"error: {tmp_path / name} cannot be read as UTF-8: ")
        assert answer.stderr.count("\n") == 1
