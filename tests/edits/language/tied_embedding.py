"""The last layer shares its weights with the embedding."""

FILE = "model.py"
REPLACE = [
    (
        "        nn.init.zeros_(self.head.weight)\n",
        "        self.head.weight = self.embedding.weight\n"
        "        nn.init.normal_(self.embedding.weight, std=0.02)\n",
    ),
]
