"""The hints of lesson 3, from a question to nearly the line, and what its cases are about."""

HINTS = {
    "slope": [
        "Which three steps does the lesson take to find the gradient at 3?",
        "A tensor of `at` with `requires_grad=True`, the function of it, and `backward`.",
        "After `backward()`, `x.grad` is a tensor; `.item()` makes a Python number of it.",
    ],
    "fresh_gradients": [
        "What does `weight.grad` hold after a second `backward`?",
        "Gradients add up in one tensor: clear it between two losses, and keep what you found.",
        "In the loop: `weight.grad = None`, then `backward`, then append `weight.grad` to a list.",
    ],
    "error_gradient": [
        "Autograd fills `.grad` of a leaf only. How does one get a leaf from numbers like these?",
        "The lesson copies numbers into a leaf with `clone` and `requires_grad_`.",
        "`leaf = weight.clone().requires_grad_()`; then the mean of the squares, and `backward`.",
    ],
    "logits_only": [
        "Which two ways to stop autograd does the lesson show?",
        "`torch.no_grad()` around the call, or `detach()` after it. The star unpacks the tuple.",
        "`with torch.no_grad():`, and in it return `model(*inputs)`.",
    ],
    "double_until": [
        "Autograd follows what Python really does. How would you write it without autograd?",
        "A `while` loop with a new tensor each time; `.item()` and `detach()` leave the graph.",
        "`while x < limit:`, and in it `x = x * 2`, which leaves the given tensor alone.",
    ],
    "teacher_loss": [
        "Through which of the two answers must no gradient go back?",
        "`detach()` makes a constant. Which part of the difference should be one?",
        "Calculate with `teacher(inputs).detach()` in place of `teacher(inputs)`.",
    ],
    "walk_back": [
        "Which gradient is known at first, and which entry of the tape uses it?",
        "From the last entry to the first: the gradient at the result times the slope is added.",
        "`for result, parent, slope in reversed(tape):`; a name not met so far has gradient 0.",
    ],
}

CASES = {
    "slope": {
        "function": "Another function: its slope, exactly and with its sign, as autograd finds it.",
        "place": "The slope of the same function at another place.",
        "branch": "A function with an `if`: the slope is that of the branch that is taken.",
    },
    "fresh_gradients": {
        "alone": "Each gradient alone: not added to the one before, nor changed by the next.",
    },
    "error_gradient": {
        "mean": "Other sizes: the gradient is that of the mean over all N, and its shape is (F,).",
    },
    "logits_only": {
        "remembered": "The answer must not remember how it was calculated.",
        "inputs": "A network may take several inputs: all of the tuple.",
        "weights": "The network is to be trained later: its weights must still require gradients.",
        "mode": "Training mode or evaluation mode: the network answers in its own, and keeps it.",
    },
    "double_until": {
        "gradient": "From the result a way leads back to `x`: each doubling doubles the gradient.",
        "enough": "The number is large enough already, so nothing is doubled.",
        "equal": "Doubling arrives exactly at the limit, which is enough.",
    },
    "teacher_loss": {
        "constant": "What the teacher answers is a constant; what the student answers is not.",
        "shared": "Both use the same weight: its gradient comes through the student alone.",
    },
    "walk_back": {
        "multiplied": "Along one way the slopes are multiplied.",
        "added": "Several ways lead back to a name, some over other results: gradients add up.",
        "aside": "A result that the last one was not calculated from has the gradient 0.",
    },
}
