"""The last layer is as large as that of a tokenizer."""

FILE = "model.py"
EXPECTED = [
    "model.py: the network of build_model gives 50257 logits at each place",
    "the last layer needs len(info.characters) outputs",
]
REPLACE = [
    (
        "        self.head = nn.Linear(width, characters, bias=False)\n",
        "        self.head = nn.Linear(width, 50257, bias=False)\n",
    ),
]
