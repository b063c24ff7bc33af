"""predict.py says the class alone."""

FILE = "predict.py"
REPLACE = [
    (
        '            print(f"{name}: {line}")\n',
        "            print(Path(name).name, line.split()[0])\n",
    ),
]
