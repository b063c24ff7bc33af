"""The last layer has a wrong number of outputs."""

FILE = "model.py"
EXPECTED = ["build_model", "(2, 7)", "(2, 10)"]
REPLACE = [("Linear(numbers, num_classes)", "Linear(numbers, 7)")]
