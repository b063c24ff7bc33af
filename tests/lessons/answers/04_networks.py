"""Answers to the exercises of lesson 4: unusual right ones, and plausible wrong ones."""

RIGHT = {}

WRONG = {
    "linear": [
        "return inputs @ weight + bias",
        "return inputs @ weight.T",
    ],
    "convolution_size": [
        "return (size + padding - kernel) // stride + 1",
        "return (size + 2 * padding - kernel) // stride",
    ],
    "read": [
        "return torch.tanh(inputs @ weight.T)",
        """
state = torch.zeros(len(memory))
for one in inputs:
    state = torch.tanh(weight @ one + memory @ state)
return state
""",
    ],
    "cross_entropy": [
        "return torch.nn.functional.cross_entropy(logits, labels)",
        "return -logits.softmax(dim=1)[torch.arange(len(labels)), labels]",
    ],
    "count_weights": [
        "return len(list(model.parameters()))",
        "return sum(len(part) for part in model.parameters())",
    ],
}
