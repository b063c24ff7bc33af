"""Answers to the exercises of lesson 1: unusual right ones, and plausible wrong ones."""

RIGHT = {}

WRONG = {
    "installed_version": [
        'return "2.0"',
        "return torch.version",
    ],
    "batch_shapes": [
        "return [len(tensor) for tensor in tensors]",
        "return tensors[0].shape",
    ],
    "count_classes": [
        "return len(data.train)",
        "return data.info.classes",
    ],
    "training_share": [
        "return len(data.train) / (len(data.val) + len(data.test))",
        "return len(data.train)",
    ],
}
