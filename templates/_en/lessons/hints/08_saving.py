"""The hints of lesson 8, from a question to nearly the line, and what its cases are about."""

HINTS = {
    "weight_shapes": [
        "`model.state_dict().items()` yields names and tensors.",
        "`model.state_dict().items()` yields names and tensors.",
        "`model.state_dict().items()` yields names and tensors.",
    ],
    "copy_weights": [
        "`target.load_state_dict(...)` of what `source.state_dict()` returns.",
        "`target.load_state_dict(...)` of what `source.state_dict()` returns.",
        "`target.load_state_dict(...)` of what `source.state_dict()` returns.",
    ],
    "round_trip": [
        "`torch.save(state, path)`, then `torch.load` with `weights_only=True`.",
        "`torch.save(state, path)`, then `torch.load` with `weights_only=True`.",
        "`torch.save(state, path)`, then `torch.load` with `weights_only=True`.",
    ],
    "without_prefix": [
        "A dict comprehension; text has `.removeprefix`.",
        "A dict comprehension; text has `.removeprefix`.",
        "A dict comprehension; text has `.removeprefix`.",
    ],
}

CASES = {}
