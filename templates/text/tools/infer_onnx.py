"""Answer for texts with model.onnx, without PyTorch.  python infer_onnx.py "A SENTENCE" FILE.txt...

It needs: pip install numpy onnxruntime
and also, where a tokenizer.json lies beside it: pip install tokenizers

Of a text its first max_length characters are read: in Unicode's form NFC, with one space between
words and none at the ends. They go in as their Unicode code points. If there is a tokenizer.json,
they go in as the numbers of their tokens instead, each larger by 1. Of several texts in one batch
the shorter ones have zeros behind their end.
"""

import argparse
import json
import sys
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from engine.terminal import in_one_line

TOKENIZER = Path(__file__).with_name("tokenizer.json")


def read_texts(words: list[str]) -> list[str]:
    """Return the texts that were typed, and those in files: one in each line."""
    lines = []
    for word in words:
        if word.endswith(".txt"):
            lines += read_file(word).splitlines()
        else:
            lines.append(word)
    texts = [line.strip() for line in lines]
    return [text for text in texts if text]


def read_file(name: str) -> str:
    """Return the text in a file. One that cannot be read ends the program."""
    try:
        return Path(name).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        print(in_one_line(f"error: {name} cannot be read as UTF-8: {error}"), file=sys.stderr)
        sys.exit(2)


def read_tokenizer() -> Any:
    """Return the tokenizer that lies beside this file; None where there is none."""
    if not TOKENIZER.exists():
        return None
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(TOKENIZER))


def encode(text: str, max_length: int, tokenizer: Any) -> np.ndarray:
    """Return the characters of a text, or its tokens, as the network takes them: (1, T) int64."""
    words = unicodedata.normalize("NFC", text).split()
    characters = " ".join(words)[:max_length].replace("\0", " ")  # 0 is behind the end of a text
    if tokenizer is not None:
        readable = characters.encode("utf-8", errors="replace").decode("utf-8")
        tokens = tokenizer.encode(readable).ids or [0]
        return np.array([tokens], dtype=np.int64) + 1
    codes = characters.encode("utf-32-le", errors="replace")  # 4 bytes for each
    return np.frombuffer(codes, dtype="<u4").astype(np.int64).reshape(1, -1)


def main() -> None:
    """Print the likeliest class of each text, and how likely it is."""
    parser = argparse.ArgumentParser(description="Answer for texts with model.onnx.")
    parser.add_argument("inputs", nargs="+", help="a sentence, or a file with one in each line")
    texts = read_texts(parser.parse_args().inputs)

    session = onnxruntime.InferenceSession(Path(__file__).with_name("model.onnx"))
    about = json.loads(session.get_modelmeta().custom_metadata_map["model.json"])
    tokenizer = read_tokenizer()
    (node,) = session.get_inputs()
    for text in texts:
        numbers = encode(text, about["inputs"]["max_length"], tokenizer)
        (outputs,) = session.run(None, {node.name: numbers})
        probabilities = np.asarray(outputs)[0]
        best = probabilities.argmax()
        line = f"{text}: {about['classes'][best]} {probabilities[best]:.1%}"
        print(in_one_line(line))  # a text must not command the terminal


if __name__ == "__main__":
    main()
