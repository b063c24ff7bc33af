"""The logits are as cross_entropy takes them: (N, K, T)."""

FILE = "model.py"
EXPECTED = ["the network of build_model gives a tensor (2, ", "logits (N, T, K), here (2, 16, K)"]
REPLACE = [
    (
        "        return self.follow(characters, None)\n",
        "        return self.follow(characters, None).transpose(1, 2)\n",
    ),
]
