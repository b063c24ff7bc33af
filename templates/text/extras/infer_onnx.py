"""Answer for texts with model.onnx, without PyTorch.  python infer_onnx.py "A SENTENCE" FILE.txt...

It needs: pip install numpy onnxruntime

A text goes in as the Unicode code points of its first max_length characters, without spaces at
its ends. Of several texts in one batch the shorter ones have zeros behind their end.
"""

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime


def encode(text: str, max_length: int) -> np.ndarray:
    """Return the characters (1, T) int64 of a text."""
    codes = text.replace("\0", " ")[:max_length].encode("utf-32-le", errors="replace")
    return np.frombuffer(codes, "<u4").astype(np.int64)[None]


def main() -> None:
    """Print the likeliest class of each text, and how likely it is."""
    parser = argparse.ArgumentParser(description="Answer for texts with model.onnx.")
    parser.add_argument("inputs", nargs="+", help="a sentence, or a file with one in each line")
    texts = []
    for one in parser.parse_args().inputs:
        is_file = one.endswith(".txt")
        texts += Path(one).read_text(encoding="utf-8-sig").splitlines() if is_file else [one]
    session: Any = onnxruntime.InferenceSession(Path(__file__).with_name("model.onnx"))
    about = json.loads(session.get_modelmeta().custom_metadata_map["model.json"])
    for text in filter(None, map(str.strip, texts)):
        characters = encode(text, about["inputs"]["max_length"])
        (probabilities,) = session.run(["probabilities"], {"characters": characters})[0]
        best = probabilities.argmax()
        print(f"{text}: {about['classes'][best]} {probabilities[best]:.1%}")


if __name__ == "__main__":
    main()
