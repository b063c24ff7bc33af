"""The hints of lesson 5, from a question to nearly the line, and what its cases are about."""

HINTS = {
    "sgd": [
        "One line. Do not change `weight` itself: return a new tensor.",
        "One line. Do not change `weight` itself: return a new tensor.",
        "One line. Do not change `weight` itself: return a new tensor.",
    ],
    "momentum": [
        "The velocity begins at 0. First multiply it by `beta`, then add the gradient.",
        "The velocity begins at 0. First multiply it by `beta`, then add the gradient.",
        "The velocity begins at 0. First multiply it by `beta`, then add the gradient.",
    ],
    "rmsprop": [
        "Keep a mean of `gradient**2`, and divide by its `sqrt()` plus 1e-8.",
        "Keep a mean of `gradient**2`, and divide by its `sqrt()` plus 1e-8.",
        "Keep a mean of `gradient**2`, and divide by its `sqrt()` plus 1e-8.",
    ],
    "training_step": [
        "`optimizer.zero_grad()`, `.backward()` of the mean loss, `optimizer.step()`.",
        "`optimizer.zero_grad()`, `.backward()` of the mean loss, `optimizer.step()`.",
        "`optimizer.zero_grad()`, `.backward()` of the mean loss, `optimizer.step()`.",
    ],
}

CASES = {}
