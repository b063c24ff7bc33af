"""Hints for exercises 12, in three steps, and what each case of their checks is about."""

HINTS = {
    "best_epoch": [
        "Go through the losses with a finger: what do you have to remember, what to count?",
        "Remember the best epoch. `epoch - best` says for how long nothing better came.",
        "In the loop: a lower loss makes a new `best`; then `if epoch - best >= patience:` return.",
    ],
    "range_of_rates": [
        "How many times is the factor applied between the first rate and the last?",
        "`count - 1` times, so factor to the power of `count - 1` is `highest / lowest`.",
        "`factor = (highest / lowest) ** (1 / (count - 1))`, and then `lowest * factor**step`.",
    ],
    "choose_rate": [
        "Which losses count at all? Cut the list there first.",
        "`math.isfinite` finds the end; `losses[max(0, i - 1) : i + 2]` has the neighbours.",
        "Make a list of the means; `means.index(min(means))` is the place of the rate.",
    ],
    "diagnose": [
        "Which of the three answers comes first in the rules, which only if that is not so?",
        "The last entry is `[-1]`; what counts for the validation loss is also its `min`.",
        '`if train_losses[-1] > guessing / 2:` return "underfitting"; then the second rule.',
    ],
    "decayed_step": [
        "Which parameters have a gradient, and which of those have two dimensions?",
        "Begin with a copy of the dict; for each gradient put a new tensor in it.",
        "`weights - lr * (gradient + weight_decay * weights)` for what decays.",
    ],
}

CASES = {
    "best_epoch": {
        "later": "a lower loss would come later, but training has ended by then",
        "in_a_row": "how many epochs in a row had no new lowest loss",
        "never": "patience never runs out, a new lowest loss is no waiting: all epochs are trained",
        "equal": "an equal loss is no new lowest one",
    },
    "range_of_rates": {
        "factor": "each rate is the same factor times the one before",
        "two": "two rates: the lowest and the highest",
    },
    "choose_rate": {
        "infinite": "a loss that is nan or infinite: it and all after it do not count",
        "mean": "a single low loss: the mean with its neighbours counts",
        "ends": "at the ends of the list there are fewer neighbours",
        "equal": "equal means: the lowest rate counts",
    },
    "diagnose": {
        "rises": "the validation loss has risen again",
        "high": "the training loss is still above half of what guessing has",
        "little": "the validation loss is hardly above its lowest value, or just there",
        "first": "both rules fit: underfitting comes first",
        "last": "what counts is the last training loss",
        "gap": "the validation loss is far above the training loss, but it has not risen",
    },
    "decayed_step": {
        "bias": "gradients of zero: only what has two or more dimensions gets smaller",
        "step": "the gradient and the decay together",
        "none": "no weight decay: plain SGD",
        "frozen": "a parameter without a gradient stays as it is",
    },
}
