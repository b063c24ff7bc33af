"""predict.py ends a text where its line ends."""

FILE = "predict.py"
REPLACE = [
    (
        '            print(character, end="", flush=True)  # as it is written\n',
        '            if character == "\\n":\n'
        "                break\n"
        '            print(character, end="", flush=True)\n',
    ),
]
