"""Answers to the exercises of lesson 7: unusual right ones, and plausible wrong ones."""

RIGHT = {}

WRONG = {
    "move": [
        """
for tensor in tensors:
    tensor.to(device)
return tensors
""",
        "return tensors[0].to(device)",
    ],
    "device_of": [
        'return torch.device("cpu")',
        "return model.device",
    ],
    "megabytes": [
        "return sum(part.numel() for part in model.parameters()) / 1e6",
        "return sum(part.numel() * 4 for part in model.parameters()) / 1e6",
    ],
    "product_in_bfloat16": [
        "return a @ b",
        "return a.to(torch.bfloat16) @ b",
    ],
}
