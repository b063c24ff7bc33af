"""A loop of one's own takes the mean of the losses as they are, though --class-weights is typed."""

FILE = "train.py"
OPTIONS = ["--class-weights", "1"]
EXPECTED = ["train_epoch does not call run.weigh_classes, so --class-weights changes nothing"]
REPLACE = [
    (
        "            losses = run.weigh_classes(losses, batch)"
        "  # changes nothing without --class-weights\n",
        "",
    ),
]
