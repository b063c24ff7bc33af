# What python -m tools.sweep tries of these settings.
SEARCH = {"lr": (0.005, 0.5), "width": [4, 8, 16]}
