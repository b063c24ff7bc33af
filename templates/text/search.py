# What `python -m tools.sweep` tries: [one, of, these], or a number (from, to). If a range begins
# above 0, as many numbers are tried from 0.001 to 0.01 as from 0.01 to 0.1. A setting that is
# typed, such as --lr 0.01, is not searched.
SEARCH = {
    "lr": (0.003, 0.3),
    "batch_size": [16, 32, 64, 128],
    "margin": (0.0, 6.0),
    "dropout": (0.0, 0.7),
}
