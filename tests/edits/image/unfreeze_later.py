"""In the first epoch only the last layer learns, then all of them."""

FILE = "train.py"
REPLACE = [
    (
        "    model.train()\n    keep_frozen_statistics(model)\n",
        "    model.features.requires_grad_(len(run.history) > 0)\n"
        "    model.train()\n    keep_frozen_statistics(model)\n",
    ),
]
