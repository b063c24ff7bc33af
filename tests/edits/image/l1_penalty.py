"""A penalty on large weights of the last layer, added to the loss in the loop."""

FILE = "train.py"
REPLACE = [
    (
        "            loss = losses.mean()\n",
        "            penalty = model.classifier.weight.abs().sum()\n"
        "            loss = losses.mean() + 1e-4 * penalty\n",
    ),
]
