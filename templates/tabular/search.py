# What `python -m tools.sweep` tries: [one, of, these], or a number (from, to). A range that begins
# above 0 is tried evenly by its logarithm. What is typed, as --lr 0.01, is not searched.
SEARCH = {
    "lr": (0.0005, 0.05),
    "batch_size": [16, 32, 64],
    "weight_decay": (0.005, 0.5),
    "optimizer": ["adamw", "rmsprop", "sgd"],
    "width": [32, 64, 128, 256],
    "dropout": (0.0, 0.7),
}
