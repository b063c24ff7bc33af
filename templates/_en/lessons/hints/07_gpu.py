"""The hints of lesson 7, from a question to nearly the line, and what its cases are about."""

HINTS = {
    "move": [
        "`.to` returns the moved tensor. It does not change the one that it is called on.",
        "`.to` returns the moved tensor. It does not change the one that it is called on.",
        "`.to` returns the moved tensor. It does not change the one that it is called on.",
    ],
    "device_of": [
        "Ask the first parameter: `next(model.parameters())`.",
        "Ask the first parameter: `next(model.parameters())`.",
        "Ask the first parameter: `next(model.parameters())`.",
    ],
    "megabytes": [
        "`numel()` numbers, each of `element_size()` bytes.",
        "`numel()` numbers, each of `element_size()` bytes.",
        "`numel()` numbers, each of `element_size()` bytes.",
    ],
    "product_in_bfloat16": [
        '`with torch.autocast("cpu", torch.bfloat16):`',
        '`with torch.autocast("cpu", torch.bfloat16):`',
        '`with torch.autocast("cpu", torch.bfloat16):`',
    ],
}

CASES = {}
