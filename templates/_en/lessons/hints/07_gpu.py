"""The hints of lesson 7, from a question to nearly the line, and what its cases are about."""

HINTS = {
    "move": [
        "Where is a tensor after `tensor.to(device)`, and where is what this returns?",
        "`.to` returns the moved tensor. It does not change the one that it is called on.",
        "A list comprehension: `tensor.to(device)` for each tensor of the list.",
    ],
    "device_of": [
        "Which tensors does a network have? What does each of them know?",
        "`model.parameters()` yields its weights. The first one is enough.",
        "`next(model.parameters())` is the first one, and it has a `.device`.",
    ],
    "megabytes": [
        "How many numbers does a tensor hold, and how many bytes is each?",
        "`numel()` numbers, each of `element_size()` bytes. Add that up over all parameters.",
        "The sum of `weights.numel() * weights.element_size()`, divided by a million.",
    ],
    "product_in_bfloat16": [
        "In which block did the lesson call its model? On which device are you here?",
        "`torch.autocast` takes the type of the device, as text, and the dtype.",
        'The product stands inside of `with torch.autocast("cpu", torch.bfloat16):`',
    ],
    "move_batch": [
        "If you could move each part of a tuple, what would be left to do?",
        "The function may call itself for each part. `isinstance` tells what a part is.",
        "For a dict: `{name: move_batch(part, device) for name, part in batch.items()}`.",
    ],
    "add_positions": [
        "Where is a tensor that `torch.arange` makes, if nobody says where?",
        "The second size is `inputs.shape[1]`. Broadcasting adds a row to each row.",
        "`torch.arange(..., device=inputs.device)`.",
    ],
}

CASES = {
    "move": {
        "batch": "tensors of a batch, on the device where they are already",
        "meta": "the tensors that are returned are on the other device",
        "stay": "the tensors that were given stay where they were",
    },
    "device_of": {
        "cpu": "a network on the CPU",
        "meta": "a network on another device",
        "names": "a network whose layers have other names, on another device",
    },
    "megabytes": {
        "bias": "more than one tensor of weights",
        "half": "numbers of two bytes",
        "mixed": "layers of different dtypes",
        "frozen": "a part of the weights is frozen: they take memory, too",
        "buffers": "the running means of a BatchNorm are no parameters: they do not count",
        "project": "the project's network",
    },
    "product_in_bfloat16": {
        "values": "the inputs are rounded to bfloat16, not only the product",
        "autocast": "autocast is on while the product is calculated",
        "after": "autocast is off again afterwards",
    },
    "move_batch": {
        "tensor": "the batch is one tensor",
        "tuple": "inputs and labels",
        "nested": "tuples, lists and dicts in each other",
        "other": "texts and numbers stay as they are",
        "values": "on the CPU, where the numbers can be compared",
        "type": "a tuple stays a tuple, a list a list",
        "stay": "the batch that was given stays where it was",
    },
    "add_positions": {
        "sizes": "the sizes differ from case to case",
        "device": "the inputs are on another device",
    },
}
