"""The hints of lesson 2, from a question to nearly the line, and what its cases are about."""

HINTS = {
    "all_sums": [
        "Look at the picture of the lesson: what are the shapes of the two that make a table?",
        "A column (N, 1) and a row (M,) make a table (N, M). How does `a` become a column?",
        "`a[:, None]` is the column; then add `b`.",
    ],
    "one_hot": [
        "In the row of label 2, which of the numbers 0, 1, 2, ... are equal to the label?",
        "Compare a column of labels with `torch.arange(classes)`; make numbers of the `bool`s.",
        "`==` between `labels[:, None]` and `torch.arange(classes)`, then `.long()`.",
    ],
    "pick": [
        "At which places, as pairs of a row and a column, are the numbers?",
        "The lesson takes numbers at pairs: a list of rows, then a list of columns.",
        "Index `table` with two tensors: `torch.arange(len(table))` for the rows, and `columns`.",
    ],
    "standardize": [
        "What must be taken from each column to make its mean 0? By what must it be divided then?",
        "The lesson takes from each column its mean with `dim=0`. `std` takes `dim=0` just so.",
        "Subtract `table.mean(dim=0)`, then divide all of it by `table.std(dim=0)`.",
    ],
    "numpy_product": [
        "Of which types are the two (double: float64, float: float32)? What does `@` need?",
        "`torch.from_numpy` makes a tensor; `.float()` makes its numbers float32.",
        "`torch.from_numpy(array).float()`, then `@ weight`, and of the result `.numpy()`.",
    ],
    "shrink": [
        "Which four axes does a picture have if each block of 2 by 2 has two axes of its own?",
        "`reshape` to (H // 2, 2, W // 2, 2): axis 1 goes down in a block, axis 3 across.",
        "`picture.reshape(height // 2, 2, width // 2, 2)`, then the `mean` over `dim=(1, 3)`.",
    ],
}

CASES = {
    "all_sums": {
        "square": "As many numbers in `a` as in `b`: still a table, with a row for each of `a`.",
        "sizes": "Any number of rows and columns, and numbers with a point.",
    },
    "one_hot": {
        "unseen": "There are columns for all `classes`, also for those that no label has.",
    },
    "pick": {
        "same": "Two rows may pick the same column.",
        "one": "A table of one row: the answer still has one axis, of size 1.",
    },
    "standardize": {
        "columns": "Each column has a mean and a deviation of its own.",
    },
    "numpy_product": {
        "types": "float64 from NumPy, float32 from PyTorch, and an array of float32 as the answer.",
    },
    "shrink": {
        "blocks": "A block is two numbers of one row and the two numbers right below them.",
    },
}
