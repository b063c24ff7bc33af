"""What `python -m lessons` says, and the hints. The code asks for them by name."""

TEXTS = {
    "next": "Next:",
    "solved": "Solved:",
    "unsolved": "Not solved yet:",
    "unknown": "no exercise is called {name}, nearest are {nearest}; all: python -m lessons --list",
    "hole": "nothing is written here yet",
    "missing": "the file has no function of this name",
    "tried": "tried:   ",
    "got": "got:     ",
    "expected": "expected:",
    "hint": "Hint:",
    "stuck": "A hint: python -m lessons --hint",
    "watching": "Waiting until you save an exercise. Ctrl-C ends this.",
    "done": "All are solved. Now make the project yours: data.py, model.py, config.py.",
}

HINTS = {
    # 1 What PyTorch is
    "installed_version": "Python packages keep it in `__version__`.",
    "batch_shapes": "Each tensor has a `.shape`. A list comprehension makes a list of them.",
    "count_classes": "What does `data.info.classes` hold? `len` counts it.",
    "training_share": "Add up the lengths of the three parts, then divide.",
    # 2 Tensors
    "all_sums": "Make `a` a column with `a[:, None]`; then broadcasting repeats both.",
    "one_hot": "Compare `labels[:, None]` with `torch.arange(classes)`, then `.long()`.",
    "pick": "Index with two tensors at once: `table[rows, columns]`, rows 0, 1, 2, ...",
    "standardize": "Lesson 2 takes the mean from each column. `std` takes `dim=0` just so.",
    # 3 Autograd
    "slope": "Make a tensor of `at` with `requires_grad=True`; `.item()` makes a number of one.",
    "fresh_gradients": "Gradients add up: set `weight.grad = None` before each `backward`.",
    "error_gradient": "Work on `weight.clone().requires_grad_()`: only a leaf gets a `.grad`.",
    "logits_only": "`with torch.no_grad():`, and in it the call of the model.",
    # 4 Neural networks
    "linear": "Write the shapes down: (N, inputs) @ (inputs, outputs). Which one must be turned?",
    "convolution_size": "Padding is added on both sides. Then: how many steps fit, plus one.",
    "read": "`state = torch.zeros(...)`, then a loop over `inputs`, and `torch.stack` at the end.",
    "cross_entropy": "`logits.log_softmax(dim=1)`, then `pick` of section 2, then the sign.",
    "count_weights": "`model.parameters()` yields tensors; each knows its `numel()`.",
    # 5 Optimizers
    "sgd": "One line. Do not change `weight` itself: return a new tensor.",
    "momentum": "The velocity begins at 0. First multiply it by `beta`, then add the gradient.",
    "rmsprop": "Keep a mean of `gradient**2`, and divide by its `sqrt()` plus 1e-8.",
    "training_step": "`optimizer.zero_grad()`, `.backward()` of the mean loss, `optimizer.step()`.",
    # 6 Data
    "pad": "Find the longest row first. `[0] * 3` is `[0, 0, 0]`.",
    "brighter": "Calculate in a larger type, `pixels.int()`; `clamp`; then back to `torch.uint8`.",
    "batches_per_epoch": "Rounded up: `math.ceil(a / b)`, or `-(-a // b)`.",
    "class_counts": "A loop over all indices adds 1s to `torch.zeros(classes, dtype=torch.long)`.",
    # 7 GPU
    "move": "`.to` returns the moved tensor. It does not change the one that it is called on.",
    "device_of": "Ask the first parameter: `next(model.parameters())`.",
    "megabytes": "`numel()` numbers, each of `element_size()` bytes.",
    "product_in_bfloat16": '`with torch.autocast("cpu", torch.bfloat16):`',
    # 8 Saving and loading
    "weight_shapes": "`model.state_dict().items()` yields names and tensors.",
    "copy_weights": "`target.load_state_dict(...)` of what `source.state_dict()` returns.",
    "round_trip": "`torch.save(state, path)`, then `torch.load` with `weights_only=True`.",
    "without_prefix": "A dict comprehension; text has `.removeprefix`.",
    # 9 From a classifier to distributed training
    "accuracy": "`argmax(dim=1)` is the answer. The mean of True and False needs `.float()`.",
    "share": "A slice with a step: `indices[start::step]`.",
    "average_gradients": "`zip(*gradients)` groups by parameter; `torch.stack` makes a tensor.",
    "train": "A loop around the training step of section 5, with `.item()` for each loss.",
}
