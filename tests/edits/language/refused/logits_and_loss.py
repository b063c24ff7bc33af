"""The network gives its loss, too, as nanoGPT's does."""

FILE = "model.py"
EXPECTED = ["the network of build_model gives a tuple of 2", "it must give one tensor, logits"]
REPLACE = [
    (
        "        return self.follow(characters, None)\n",
        "        return self.follow(characters, None), None\n",
    ),
]
