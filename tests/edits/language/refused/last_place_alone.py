"""The network says what comes behind the window, not what comes at each place."""

FILE = "model.py"
EXPECTED = ["the network of build_model gives a tensor (2, ", "logits (N, T, K), here (2, 16, K)"]
REPLACE = [
    ("        return self.head(normalize(x))\n", "        return self.head(normalize(x[:, -1]))\n")
]
