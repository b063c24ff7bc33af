# What `python -m tools.sweep` tries: [one, of, these], or a number (from, to). A range that begins
# above 0 is tried evenly by its logarithm. What is typed, as --lr 0.01, is not searched.
SEARCH = {
    "lr": (0.002, 0.2),
    "batch_size": [32, 64, 128],
    "weight_decay": (0.001, 0.1),
    "optimizer": ["adamw", "rmsprop", "sgd"],
    "width": [16, 32, 64],
    "max_shift": [0, 1, 2],
}
