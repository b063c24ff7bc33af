"""Answer for texts with model.onnx, without PyTorch.  python infer_onnx.py "A SENTENCE" FILE.txt...

It needs: pip install numpy onnxruntime

A text goes in as the Unicode code points of its first max_length characters: in Unicode's form NFC,
with one space between words and none at the ends. Of several texts in one batch the shorter ones
have zeros behind their end.
"""

import argparse
import json
import unicodedata
from pathlib import Path

import numpy as np
import onnxruntime


def read_texts(words: list[str]) -> list[str]:
    """Return the texts that were typed, and those in files: one in each line."""
    lines = []
    for word in words:
        if word.endswith(".txt"):
            lines += Path(word).read_text(encoding="utf-8-sig").splitlines()
        else:
            lines.append(word)
    texts = [line.strip() for line in lines]
    return [text for text in texts if text]


def encode(text: str, max_length: int) -> np.ndarray:
    """Return the characters of a text as the network takes them: (1, T) int64."""
    words = unicodedata.normalize("NFC", text).split()
    characters = " ".join(words)[:max_length].replace("\0", " ")  # 0 is behind the end of a text
    codes = characters.encode("utf-32-le", errors="replace")  # 4 bytes for each
    return np.frombuffer(codes, dtype="<u4").astype(np.int64).reshape(1, -1)


def main() -> None:
    """Print the likeliest class of each text, and how likely it is."""
    parser = argparse.ArgumentParser(description="Answer for texts with model.onnx.")
    parser.add_argument("inputs", nargs="+", help="a sentence, or a file with one in each line")
    texts = read_texts(parser.parse_args().inputs)

    session = onnxruntime.InferenceSession(Path(__file__).with_name("model.onnx"))
    about = json.loads(session.get_modelmeta().custom_metadata_map["model.json"])
    (node,) = session.get_inputs()
    for text in texts:
        characters = encode(text, about["inputs"]["max_length"])
        (outputs,) = session.run(None, {node.name: characters})
        probabilities = np.asarray(outputs)[0]
        best = probabilities.argmax()
        print(f"{text}: {about['classes'][best]} {probabilities[best]:.1%}")


if __name__ == "__main__":
    main()
