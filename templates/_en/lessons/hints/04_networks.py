"""The hints of lesson 4, from a question to nearly the line, and what its cases are about."""

HINTS = {
    "linear": [
        "Write the shapes down: (N, inputs) @ (inputs, outputs). Which one must be turned?",
        "Write the shapes down: (N, inputs) @ (inputs, outputs). Which one must be turned?",
        "Write the shapes down: (N, inputs) @ (inputs, outputs). Which one must be turned?",
    ],
    "convolution_size": [
        "Padding is added on both sides. Then: how many steps fit, plus one.",
        "Padding is added on both sides. Then: how many steps fit, plus one.",
        "Padding is added on both sides. Then: how many steps fit, plus one.",
    ],
    "read": [
        "`state = torch.zeros(...)`, then a loop over `inputs`, and `torch.stack` at the end.",
        "`state = torch.zeros(...)`, then a loop over `inputs`, and `torch.stack` at the end.",
        "`state = torch.zeros(...)`, then a loop over `inputs`, and `torch.stack` at the end.",
    ],
    "cross_entropy": [
        "`logits.log_softmax(dim=1)`, then `pick` of section 2, then the sign.",
        "`logits.log_softmax(dim=1)`, then `pick` of section 2, then the sign.",
        "`logits.log_softmax(dim=1)`, then `pick` of section 2, then the sign.",
    ],
    "count_weights": [
        "`model.parameters()` yields tensors; each knows its `numel()`.",
        "`model.parameters()` yields tensors; each knows its `numel()`.",
        "`model.parameters()` yields tensors; each knows its `numel()`.",
    ],
}

CASES = {}
