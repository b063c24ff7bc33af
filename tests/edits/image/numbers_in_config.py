"""Other numbers, and a setting of one's own."""

FILE = "config.py"
REPLACE = [
    ("    batch_size: int = 64 ", "    batch_size: int = 50 "),
    ("    lr: float = 0.02 ", "    lr: float = 0.1 "),
    (
        "    width: int = 32 ",
        '    optimizer: str = "sgd"  # mine\n    team: str = "blue"  # mine\n    width: int = 16 ',
    ),
]
