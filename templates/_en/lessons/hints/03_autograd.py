"""The hints of lesson 3, from a question to nearly the line, and what its cases are about."""

HINTS = {
    "slope": [
        "Make a tensor of `at` with `requires_grad=True`; `.item()` makes a number of one.",
        "Make a tensor of `at` with `requires_grad=True`; `.item()` makes a number of one.",
        "Make a tensor of `at` with `requires_grad=True`; `.item()` makes a number of one.",
    ],
    "fresh_gradients": [
        "Gradients add up: set `weight.grad = None` before each `backward`.",
        "Gradients add up: set `weight.grad = None` before each `backward`.",
        "Gradients add up: set `weight.grad = None` before each `backward`.",
    ],
    "error_gradient": [
        "Work on `weight.clone().requires_grad_()`: only a leaf gets a `.grad`.",
        "Work on `weight.clone().requires_grad_()`: only a leaf gets a `.grad`.",
        "Work on `weight.clone().requires_grad_()`: only a leaf gets a `.grad`.",
    ],
    "logits_only": [
        "`with torch.no_grad():`, and in it the call of the model.",
        "`with torch.no_grad():`, and in it the call of the model.",
        "`with torch.no_grad():`, and in it the call of the model.",
    ],
}

CASES = {}
