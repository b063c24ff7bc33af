"""The field has another name, and not everywhere."""

FILE = "data.py"
EXPECTED = ["context"]
CODE = 1
REPLACE = [
    (
        "    context: int  # so many characters the network looks back, with --base tokens\n",
        "    block_size: int\n",
    ),
    (
        "    info = Info(characters=characters, context=config.context)\n",
        "    info = Info(characters=characters, block_size=config.context)\n",
    ),
]
