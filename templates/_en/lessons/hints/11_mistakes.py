"""Hints for exercises 11, in three steps, and what each case of their checks is about."""

HINTS = {
    "squared_error": [
        "What is the shape of `predictions - targets`? Print it.",
        "(N, 1) with (N,) becomes (N, N). Make both (N,) first: `squeeze`, `view` or `[:, 0]`.",
        "`predictions.squeeze(1) - targets` has the shape (N,).",
    ],
    "PointClassifier": [
        "What does `cross_entropy` expect: probabilities, or something else?",
        "Lesson 11, mistake 1: how many times is softmax computed here?",
        "`forward` returns what `self.output(hidden)` gives, the logits.",
    ],
    "walk_downhill": [
        "The first step is right, the second is not. What is in `point.grad` before the second?",
        "`backward` adds to `.grad`. Look at lesson 3.",
        "In the loop, before `backward`: `point.grad = None`",
    ],
    "predicted_classes": [
        "Which layers do something else in training than afterwards? What tells them?",
        "`model.eval()` and `model.train(...)`; `model.training` says how it is now.",
        "`before = model.training`, `model.eval()`, the answer, and last `model.train(before)`.",
    ],
    "standardize_parts": [
        "Which values does the mean come from? Which of them may training know?",
        "Mean and standard deviation are to be those of one part only.",
        "`mean, std = train.mean(dim=0), train.std(dim=0)`, for both parts.",
    ],
    "clipped_step": [
        "What is in the gradients when `clip_grad_norm_` is called?",
        "Go through the four lines one by one: which of them makes the gradients?",
        "The order: clear, `backward`, clip, step.",
    ],
    "shuffle_examples": [
        "Number three examples and go through the lines: which label does example 0 get?",
        "How many times is an order drawn? Each one is another.",
        "`order = torch.randperm(len(inputs))`, and both are indexed with it.",
    ],
    "movement": [
        "What is 3 - 5 where there are no negative numbers? Print it.",
        "Compute with a dtype that has negative numbers, and go back to uint8 at the end.",
        "`(after.int() - before.int()).abs()`, and then `.to(torch.uint8)`.",
    ],
    "with_positions": [
        "On which device is each tensor in this function? One does not come from the arguments.",
        "Functions that make tensors take a `device`, as they take a `dtype`.",
        "`torch.arange(length, dtype=..., device=sequences.device)`",
    ],
    "mean_of_losses": [
        "Print `total` in the loop. What stands there beside the number?",
        "A loss holds the graph it was computed with. What makes a plain number of it?",
        "Add `compute_loss(batch).item()` instead of the tensor.",
    ],
}

CASES = {
    "squared_error": {
        "all_right": "all predictions are right: the error is 0",
        "pairs": "each prediction has one target, that of its own example",
    },
    "PointClassifier": {
        "floor": "after a training with all answers right the loss should be close to 0",
        "alone": "the output for a point does not depend on the other points in the batch",
    },
    "walk_downhill": {
        "one_step": "one step: lr times the gradient",
        "more_steps": "several steps: each uses the gradient at its own point alone",
    },
    "predicted_classes": {
        "twice": "a network with dropout and batch normalisation, in either mode",
        "alone": "a single input: batch normalisation has no batch to take the mean of",
        "mode": "which mode the model is in afterwards",
    },
    "standardize_parts": {
        "alone": "one validation example: mean and deviation are those of the training inputs",
        "parts": "both parts are standardized with the same numbers",
    },
    "clipped_step": {
        "large": "gradients above the limit: all together are scaled down to it",
        "small": "gradients below the limit stay as they are",
        "left_over": "the model still had gradients of a step before",
    },
    "shuffle_examples": {
        "pairs": "each example keeps its own label",
        "all": "all examples are still there, each one once",
        "order": "the order is random, and another one with each call",
    },
    "movement": {
        "darker": "pixels that become darker",
        "brighter": "pixels that become brighter",
    },
    "with_positions": {
        "dtype": "the result has the dtype of the sequences",
        "device": "the sequences are on another device than the CPU (here `meta`)",
    },
    "mean_of_losses": {
        "mean": "the mean over the batches, each counts the same",
        "graph": "how many graphs of earlier losses are still held: none is needed any more",
    },
}
