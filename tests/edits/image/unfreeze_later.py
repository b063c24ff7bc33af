"""In the first epoch only the last layer learns, then all of them."""

FILE = "train.py"
REPLACE = [
    (
        "    keep_frozen_statistics(model)  # what is frozen works as in evaluation\n",
        "    model.features.requires_grad_(len(run.history) > 0)\n"
        "    keep_frozen_statistics(model)  # what is frozen works as in evaluation\n",
    ),
]
