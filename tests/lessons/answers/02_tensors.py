"""Answers to the exercises of lesson 2: unusual right ones, and plausible wrong ones."""

RIGHT = {}

WRONG = {
    "all_sums": [
        "return a + b",
        "return a + b[:, None]",
    ],
    "one_hot": [
        "return labels[:, None] == torch.arange(classes)",
        "return torch.eye(classes)[labels]",
    ],
    "pick": [
        "return table[:, columns]",
        "return table.max(dim=1).values",
    ],
    "standardize": [
        "return (table - table.mean()) / table.std()",
        "return (table - table.mean(dim=1, keepdim=True)) / table.std(dim=1, keepdim=True)",
    ],
}
