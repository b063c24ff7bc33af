"""The hints of lesson 2, from a question to nearly the line, and what its cases are about."""

HINTS = {
    "all_sums": [
        "Make `a` a column with `a[:, None]`; then broadcasting repeats both.",
        "Make `a` a column with `a[:, None]`; then broadcasting repeats both.",
        "Make `a` a column with `a[:, None]`; then broadcasting repeats both.",
    ],
    "one_hot": [
        "Compare `labels[:, None]` with `torch.arange(classes)`, then `.long()`.",
        "Compare `labels[:, None]` with `torch.arange(classes)`, then `.long()`.",
        "Compare `labels[:, None]` with `torch.arange(classes)`, then `.long()`.",
    ],
    "pick": [
        "Index with two tensors at once: `table[rows, columns]`, rows 0, 1, 2, ...",
        "Index with two tensors at once: `table[rows, columns]`, rows 0, 1, 2, ...",
        "Index with two tensors at once: `table[rows, columns]`, rows 0, 1, 2, ...",
    ],
    "standardize": [
        "Lesson 2 takes the mean from each column. `std` takes `dim=0` just so.",
        "Lesson 2 takes the mean from each column. `std` takes `dim=0` just so.",
        "Lesson 2 takes the mean from each column. `std` takes `dim=0` just so.",
    ],
}

CASES = {}
