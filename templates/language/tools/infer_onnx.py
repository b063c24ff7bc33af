"""Write on what was begun, with model.onnx and without PyTorch.  python infer_onnx.py "What is"

It needs: pip install numpy onnxruntime

A text goes in as the numbers of its characters (1, T): their places in `inputs.characters`, and 0
for those that are not there. Before that it is brought into Unicode's form NFC, with \\n at the end
of lines, no spaces before these, and no empty lines at both ends. Of a text that is longer than
`inputs.context` the end goes in; in the place of an empty one, a new line. Out come the
probabilities (1, K) of each character to be the next one; 0 stands for all unknown ones.
"""

import argparse
import json
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from engine.terminal import harmless, in_one_line


def read_beginning(word: str) -> str:
    """Return the text that was typed, or that in a file, as the model reads it."""
    text = word
    if word.endswith(".txt"):
        text = read_file(word)
    composed = unicodedata.normalize("NFC", text)
    lines = composed.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def read_file(name: str) -> str:
    """Return the text in a file. One that cannot be read ends the program."""
    try:
        return Path(name).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        print(in_one_line(f"error: {name} cannot be read as UTF-8: {error}"), file=sys.stderr)
        sys.exit(2)


def write_on(session: Any, text: str, temperature: float, seed: int) -> Iterator[str]:
    """Yield one character after the other, without an end.

    The network looks back `context` characters at most. When these are full, it begins a new window
    with the second half of them.
    """
    about = json.loads(session.get_modelmeta().custom_metadata_map["model.json"])
    characters = about["inputs"]["characters"]
    context = about["inputs"]["context"]
    (node,) = session.get_inputs()
    generator = np.random.default_rng(seed)
    numbers = [max(0, characters.find(character)) for character in text or "\n"]
    window = numbers[-context:]
    while True:
        (outputs,) = session.run(None, {node.name: np.array([window], dtype=np.int64)})
        number = choose(outputs[0], temperature, generator)
        yield characters[number]
        window.append(number)
        if len(window) > context:
            window = window[-max(1, context // 2) :]


def choose(probabilities: np.ndarray, temperature: float, generator: np.random.Generator) -> int:
    """Return the number of a character that is drawn; never 0, which stands for unknown ones."""
    chances = probabilities.astype(np.float64)
    chances[0] = 0
    if temperature == 0:
        return int(chances.argmax())
    # A power of probabilities: the same as logits that are divided by the temperature.
    chances = (chances / chances.max()) ** (1 / temperature)
    return int(generator.choice(len(chances), p=chances / chances.sum()))


def main() -> None:
    """Print each text and what the model writes behind it."""
    parser = argparse.ArgumentParser(description="Write on what was begun, with model.onnx.")
    parser.add_argument("inputs", nargs="+", help="how a text begins, or a .txt file with that")
    parser.add_argument("--tokens", type=int, default=300, help="how many characters to write")
    parser.add_argument("--temperature", type=float, default=0.8, help="0 takes the likeliest")
    parser.add_argument("--seed", type=int, default=0, help="of the first text; + 1 for each next")
    asked = parser.parse_args()
    if asked.tokens < 1 or asked.seed < 0 or not asked.temperature >= 0:
        parser.error("--tokens must be 1 or more, --temperature and --seed 0 or more")
    texts = [read_beginning(word) for word in asked.inputs]
    if not any(texts):
        parser.error("no text: how shall it begin?")

    session = onnxruntime.InferenceSession(Path(__file__).with_name("model.onnx"))
    for number, text in enumerate(texts):
        if number > 0:
            print("\n")
        print(harmless(text), end="", flush=True)  # a text must not command the terminal
        written = write_on(session, text, asked.temperature, asked.seed + number)
        for _ in range(asked.tokens):
            print(harmless(next(written)), end="", flush=True)
        print()


if __name__ == "__main__":
    main()
