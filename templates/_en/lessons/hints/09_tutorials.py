"""The hints of lesson 9, from a question to nearly the line, and what its cases are about."""

HINTS = {
    "accuracy": [
        "`argmax(dim=1)` is the answer. The mean of True and False needs `.float()`.",
        "`argmax(dim=1)` is the answer. The mean of True and False needs `.float()`.",
        "`argmax(dim=1)` is the answer. The mean of True and False needs `.float()`.",
    ],
    "share": [
        "A slice with a step: `indices[start::step]`.",
        "A slice with a step: `indices[start::step]`.",
        "A slice with a step: `indices[start::step]`.",
    ],
    "average_gradients": [
        "`zip(*gradients)` groups by parameter; `torch.stack` makes a tensor.",
        "`zip(*gradients)` groups by parameter; `torch.stack` makes a tensor.",
        "`zip(*gradients)` groups by parameter; `torch.stack` makes a tensor.",
    ],
    "train": [
        "A loop around the training step of section 5, with `.item()` for each loss.",
        "A loop around the training step of section 5, with `.item()` for each loss.",
        "A loop around the training step of section 5, with `.item()` for each loss.",
    ],
}

CASES = {}
