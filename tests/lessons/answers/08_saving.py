"""Answers to the exercises of lesson 8: unusual right ones, and plausible wrong ones."""

RIGHT = {}

WRONG = {
    "weight_shapes": [
        "return {name: tensor.shape for name, tensor in model.named_parameters()}",
        "return [tensor.shape for tensor in model.state_dict().values()]",
    ],
    "copy_weights": [
        "return source",
        "return target",
    ],
    "round_trip": [
        """
torch.save(state, path)
return state
""",
        """
torch.save(state, path)
return path
""",
    ],
    "without_prefix": [
        'return {name.replace(prefix, ""): value for name, value in state.items()}',
        "return {name.lstrip(prefix): value for name, value in state.items()}",
    ],
}
