"""The hints of lesson 1, from a question to nearly the line, and what its cases are about."""

HINTS = {
    "installed_version": [
        "How does the lesson find out which version of NumPy is installed?",
        "A Python package keeps its version as text in `__version__`.",
        "Return the `__version__` of `torch`.",
    ],
    "batch_shapes": [
        "Which three things does a tensor know of itself? One of them is asked for here.",
        "Each tensor has a `.shape`. A list comprehension collects it from all of them.",
        "`[tensor. ... for tensor in tensors]`: which word stands in the gap?",
    ],
    "count_classes": [
        "What does the lesson print about the classes, and how many names is that?",
        "`data.info.classes` is a list, one name for each class. What counts a list?",
        "`len` of `data.info.classes`.",
    ],
    "training_share": [
        "How many examples are there in all, if they lie in three parts?",
        "`len` counts each of `data.train`, `data.val` and `data.test`.",
        "Divide `len(data.train)` by the sum of the three lengths; mind the brackets.",
    ],
}

CASES = {
    "installed_version": {
        "elsewhere": "Another computer may have another version, so PyTorch itself must be asked.",
    },
    "batch_shapes": {
        "count": "A list may hold any number of tensors, each with any number of axes.",
        "empty": "A tensor may hold one number and have no axis, or an axis may have size 0.",
    },
    "count_classes": {
        "unseen": "There are classes of which these data hold no example: they count as well.",
        "numbers": "Data whose labels are numbers to predict have no classes.",
    },
    "training_share": {
        "exact": "The share of other data, as exact as Python can say it.",
        "empty": "A part may be empty.",
    },
}
