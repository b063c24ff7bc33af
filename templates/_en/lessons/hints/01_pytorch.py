"""The hints of lesson 1, from a question to nearly the line, and what its cases are about."""

HINTS = {
    "installed_version": [
        "Python packages keep it in `__version__`.",
        "Python packages keep it in `__version__`.",
        "Python packages keep it in `__version__`.",
    ],
    "batch_shapes": [
        "Each tensor has a `.shape`. A list comprehension makes a list of them.",
        "Each tensor has a `.shape`. A list comprehension makes a list of them.",
        "Each tensor has a `.shape`. A list comprehension makes a list of them.",
    ],
    "count_classes": [
        "What does `data.info.classes` hold? `len` counts it.",
        "What does `data.info.classes` hold? `len` counts it.",
        "What does `data.info.classes` hold? `len` counts it.",
    ],
    "training_share": [
        "Add up the lengths of the three parts, then divide.",
        "Add up the lengths of the three parts, then divide.",
        "Add up the lengths of the three parts, then divide.",
    ],
}

CASES = {}
