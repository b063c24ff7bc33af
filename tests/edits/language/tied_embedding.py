"""The last layer shares its weights with the embedding."""

FILE = "model.py"
REPLACE = [
    (
        "        self.head = nn.Linear(width, characters, bias=False)\n",
        "        self.head = nn.Linear(width, characters, bias=False)\n"
        "        self.head.weight = self.embedding.weight\n",
    ),
]
