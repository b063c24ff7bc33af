"""The names of the classes are fewer than the labels say."""

FILE = "data.py"
EXPECTED = ["labels", "9 names"]
REPLACE = [('"7", "8", "9"]', '"7", "8"]')]
