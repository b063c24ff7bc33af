"""The hints of lesson 10, from a question to nearly the line, and what its cases are about."""

HINTS = {
    "share": [
        "With two processes, which places does number 1 get? And with three, number 0?",
        "The first index of a process stands at place `rank`. How far is it to the next one?",
        "A slice has a start, an end and a step: `indices[start::step]`.",
    ],
    "average_gradients": [
        "What do the lists have in common at place 0? How many numbers does the mean go over?",
        "`zip(*gradients)` puts together what all processes have for one parameter.",
        "In a loop over `zip(*gradients)`: `torch.stack(each)`, and its mean over dimension 0.",
    ],
    "equal_shares": [
        "How long must the deck be, so that all get the same number of cards?",
        "Add cards from the beginning until `len(deck) % processes` is 0. Then deal as in `share`.",
        "In the loop: `deck.append(indices[len(deck) % len(indices)])`. Keep `indices` as it is.",
    ],
    "mean_loss": [
        "What is the sum of all losses of a process, if you know their mean and their number?",
        "Add up the sums, and divide once, by the number of all examples.",
        "Leave out processes whose count is 0: `0 * float('nan')` is nan.",
    ],
}

CASES = {
    "share": {
        "two": "two processes, and a number of indices that does not come out even",
        "many": "more than two processes",
        "order": "the indices are shuffled: the places are dealt, not the numbers",
        "few": "there are fewer indices than processes, so one gets none",
    },
    "average_gradients": {
        "two": "two processes, and one parameter",
        "shapes": "three parameters of different shapes, one without a dimension",
        "three": "the number of processes is not always two",
        "one": "one process: its gradients are the mean",
    },
    "equal_shares": {
        "even": "it comes out even: nothing is added",
        "filled": "the deck is filled up from the beginning, and then dealt",
        "few": "there are fewer indices than processes",
        "order": "the indices are shuffled",
    },
    "mean_loss": {
        "same": "all processes had the same number of examples",
        "weights": "a process with more examples counts more",
        "none": "a process had no examples, and its mean is nan",
    },
}
