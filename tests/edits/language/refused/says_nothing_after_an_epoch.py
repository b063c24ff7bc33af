"""What is said after an epoch is printed, and not returned."""

FILE = "data.py"
EXPECTED = ["data.py: after_epoch of what load_data returned gives a NoneType", "a line of text"]
REPLACE = [
    (
        "        after_epoch=partial(line_after_epoch, info=info),\n",
        "        after_epoch=lambda model: print(line_after_epoch(model, info)),\n",
    ),
]
