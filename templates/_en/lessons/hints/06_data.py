"""The hints of lesson 6, from a question to nearly the line, and what its cases are about."""

HINTS = {
    "pad": [
        "Find the longest row first. `[0] * 3` is `[0, 0, 0]`.",
        "Find the longest row first. `[0] * 3` is `[0, 0, 0]`.",
        "Find the longest row first. `[0] * 3` is `[0, 0, 0]`.",
    ],
    "brighter": [
        "Calculate in a larger type, `pixels.int()`; `clamp`; then back to `torch.uint8`.",
        "Calculate in a larger type, `pixels.int()`; `clamp`; then back to `torch.uint8`.",
        "Calculate in a larger type, `pixels.int()`; `clamp`; then back to `torch.uint8`.",
    ],
    "batches_per_epoch": [
        "Rounded up: `math.ceil(a / b)`, or `-(-a // b)`.",
        "Rounded up: `math.ceil(a / b)`, or `-(-a // b)`.",
        "Rounded up: `math.ceil(a / b)`, or `-(-a // b)`.",
    ],
    "class_counts": [
        "A loop over all indices adds 1s to `torch.zeros(classes, dtype=torch.long)`.",
        "A loop over all indices adds 1s to `torch.zeros(classes, dtype=torch.long)`.",
        "A loop over all indices adds 1s to `torch.zeros(classes, dtype=torch.long)`.",
    ],
}

CASES = {}
