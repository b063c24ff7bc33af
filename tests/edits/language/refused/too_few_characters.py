"""The network knows the letters alone."""

FILE = "model.py"
EXPECTED = ["model.py: the network of build_model cannot take ", "out of range", "model.py, line"]
REPLACE = [("        characters=len(info.characters),\n", "        characters=26,\n")]
