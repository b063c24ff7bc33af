# What `python -m tools.sweep` tries: [one, of, these], or a number (from, to). If a range begins
# above 0, as many numbers are tried from 0.001 to 0.01 as from 0.01 to 0.1. A setting that is
# typed, such as --lr 0.01, is not searched.
SEARCH = {
    "lr": (0.001, 0.03),
    "batch_size": [8, 16, 32],
    "width": [64, 96, 128, 192],
    "layers": [2, 3, 4, 6],
    "dropout": (0.0, 0.4),
}
