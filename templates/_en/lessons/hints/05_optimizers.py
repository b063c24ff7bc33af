"""The hints of lesson 5, from a question to nearly the line, and what its cases are about."""

HINTS = {
    "sgd": [
        "A gradient points uphill. In which direction does the weight go, and how far?",
        "The step is `lr` times the gradient. Do not change `weight`: return a new tensor.",
        "One line: `weight`, minus `lr` times `gradient`. `-=` would change the tensor itself.",
    ],
    "momentum": [
        "What must be kept from one step to the next? What is it before the first one?",
        "Begin with `torch.zeros_like(weight)`. In the loop first the velocity, then the weight.",
        "The new velocity is `beta` times itself plus the gradient; `weight = weight - ...`.",
    ],
    "rmsprop": [
        "What is kept here from step to step: the gradients, or their squares?",
        "The mean square is `alpha` times itself plus `(1 - alpha)` times `gradient**2`.",
        "Divide `lr * gradient` by `(mean_square.sqrt() + 1e-8)`: 1e-8 is added to the root.",
    ],
    "adam": [
        "Which two means are kept? How do they differ from what the step divides?",
        "`enumerate(gradients, start=1)` counts the steps. Corrected values get their own names.",
        "The step: `lr * corrected_mean / (corrected_square.sqrt() + 1e-8)`.",
    ],
    "warmup_then_cosine": [
        "There are two stretches: in which of them is `step`? How far is it there, from 0 to 1?",
        "`if step < warmup:` even steps. After it, the share is `(step - warmup)` of how many?",
        "The share is of `steps - warmup`. The lesson has the half wave: `math.cos`, `math.pi`.",
    ],
    "training_step": [
        "Which three calls make a step of a training? They are in the lesson's `walk`.",
        "The loss to go back from is `losses.mean()`, one number. Nothing else clears gradients.",
        "`optimizer.zero_grad()`, `.backward()` of the mean loss, `optimizer.step()`.",
    ],
}

CASES = {
    "sgd": {"step": "one step, of a weight of another shape and with another learning rate"},
    "momentum": {
        "first": "the first step: the velocity was 0, and becomes the whole gradient",
        "velocity": "the velocity of the step before goes on; a step is taken for each gradient",
        "settings": "other shapes, other `lr` and `beta`",
    },
    "rmsprop": {
        "first": "the first step: the mean square was 0, and becomes `1 - alpha` of a square",
        "mean": "the mean square goes on from step to step",
        "settings": "other shapes, other `lr` and `alpha`",
        "tiny": "tiny gradients and zeros: 1e-8 is added to the root, not to what it is taken of",
    },
    "adam": {
        "first": "the first step: corrected, the means are the gradient and its square",
        "correction": "the means go on as they are; only what the step uses is divided",
        "settings": "other shapes, other `lr`, `beta1` and `beta2`",
        "tiny": "tiny gradients and zeros: 1e-8 is added to the root, not to what it is taken of",
    },
    "warmup_then_cosine": {
        "warmup": "a step of the warm-up: the first one is not 0",
        "cosine": "a step of the half wave, which begins after the warm-up",
    },
    "training_step": {
        "moved": "one step changes parameters: are the gradients there when `step` is called?",
        "mean": "how far all parameters moved: by the gradients of the mean loss, not of the sum",
        "one": "one step: what it returns, and every parameter after it",
        "two": "two steps in a row: the second one uses the gradients of its own batch alone",
        "optimizer": "an optimizer with momentum: its `step` changes the parameters",
        "large": "a step with large gradients: they are used as they are",
    },
}
