"""The hints of lesson 9, from a question to nearly the line, and what its cases are about."""

HINTS = {
    "accuracy": [
        "Which class has the highest logit? The lesson asks for it, too.",
        "`argmax(dim=1)` gives the answers. Compare them with the labels.",
        "The mean of True and False needs `.float()`; `.item()` makes a number of a tensor.",
    ],
    "train": [
        "What is a training step made of? Lesson 5 has one, and the lesson here has many.",
        "A loop over `batches`: the losses, `zero_grad`, `backward`, `step`. Collect the means.",
        "In the loop: `losses, _ = compute_loss(model, batch, config)`, `loss = losses.mean()`.",
    ],
    "evaluate": [
        "What would dropout do to the losses? And how much does a batch of two examples count?",
        "`model.training` says which mode it is in. Add up all losses, then divide.",
        '`F.cross_entropy(..., reduction="sum")` adds up. At the end: `model.train(was_training)`.',
    ],
    "confusion_matrix": [
        "For one example: which number of the matrix grows by 1?",
        "Begin with `torch.zeros(classes, classes, dtype=torch.long)`, and count in a loop.",
        "`for answer, label in zip(answers, labels):`, and the row is the label.",
    ],
    "worst_mistakes": [
        "Which answers are wrong? Only these may be in the result, however high other losses are.",
        '`reduction="none"` gives a loss for each example, `argsort(descending=True)` an order; '
        "the places in `losses[wrong]` would count only the wrong ones.",
        "With `order`, the indices sorted by loss: `order[wrong[order]][:count]`.",
    ],
}

CASES = {
    "accuracy": {
        "number": "one answer of two is right: the plain number 0.5",
        "random": "the numbers of examples and of classes differ, and logits are negative, too",
        "one": "one example",
    },
    "train": {
        "losses": "the mean loss of each batch, before its step: it tells of the steps before, too",
        "parameters": "every parameter after all steps; the optimizer has momentum",
        "groups": "the optimizer has two learning rates, and leaves some parameters alone",
    },
    "evaluate": {
        "number": "one batch, and the model is in evaluation mode: the mean, a plain number",
        "sizes": "the batches differ in size, and every example counts the same",
        "dropout": "the model has dropout, which must be off",
        "training": "the model was in training mode: all its layers are so again afterwards",
        "evaluation": "the model was in evaluation mode: all its layers are so again afterwards",
        "gradients": "no gradients are recorded while the model answers",
        "after": "gradients are recorded again afterwards",
    },
    "confusion_matrix": {
        "rows": "whole numbers; the row is the label, the column is the answer",
        "random": "many examples, so most places are counted more than once",
        "large": "300 in one place: more than torch.uint8 can hold",
        "missing": "classes that are in no label and no answer have zeros",
        "empty": "no example at all",
    },
    "worst_mistakes": {
        "wrong": "a right answer can have a high loss, too: it is no mistake",
        "order": "the highest loss first; indices count all examples, not the wrong ones alone",
        "fewer": "fewer answers are wrong than are asked for",
        "none": "no answer is wrong: the result is empty",
    },
}
