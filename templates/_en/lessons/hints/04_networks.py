"""The hints of lesson 4, from a question to nearly the line, and what its cases are about."""

HINTS = {
    "linear": [
        "Write the shapes down: (N, I) @ what gives (N, O)? `weight` is (O, I).",
        "`@` sums over the last dimension of the left and the first of the right. `.T` turns.",
        "`inputs @` the turned `weight`, then `+ bias`: broadcasting adds it to each row.",
    ],
    "convolution_size": [
        "How wide is the picture with its padding? Which is the last place the window can have?",
        "The places are 0, stride, 2 * stride, ... up to the last one. How many are these?",
        "`//` divides and rounds down: the last place `// stride`, plus 1 for place 0.",
    ],
    "read": [
        "What does each step need that the step before has made? What does the first one need?",
        "How do you collect the states? A list can hold tensors; `torch.tensor` cannot join them.",
        "`states.append(state)` in the loop, with `torch.tanh`; `torch.stack(states)` is (T, S).",
    ],
    "cross_entropy": [
        "Which of an example's C probabilities counts? `pick` of lesson 2 takes one per row.",
        "`logits.softmax(dim=1)` makes probabilities of each row: (N, C). Which is the label's?",
        "`[torch.arange(len(labels)), labels]` takes one of each row; then `.log()`, and the sign.",
    ],
    "count_weights": [
        "The lesson prints how many numbers each parameter has. Which call says it?",
        "`model.parameters()` yields the parameters, those of the modules inside as well.",
        "`sum(... for parameter in model.parameters())`, with the `numel()` of each.",
    ],
    "dropout": [
        "How do you get, for each number by itself, a True with probability 1 - p?",
        "`torch.rand(inputs.shape)` has numbers from 0 up to 1. Which share of them is at least p?",
        "Multiply the inputs with `torch.rand(inputs.shape) >= p` (True is 1), divide by `1 - p`.",
    ],
    "TwoLayers": [
        "Which two modules does it hold, and what must `__init__` call before it makes them?",
        "`self.first = nn.Linear(...)` registers a layer. `forward` calls the layers in turn.",
        "In `forward`: the second layer of the `.relu()` of what the first layer makes of inputs.",
    ],
}

CASES = {
    "linear": {"rows": "the outputs of several examples; the layer may have other sizes"},
    "convolution_size": {
        "places": "the window moves by one pixel, and there is no padding",
        "padding": "padding is added on the left and on the right",
        "stride": "the window moves by several pixels; the last move must not leave the picture",
    },
    "read": {
        "one": "a sequence of one step has one state",
        "memory": "each state depends on the state before; T, F and S differ",
    },
    "cross_entropy": {
        "each": "each row is an example: its probabilities add up to 1, it has a loss of its own",
        "project": "the logits of this project's network",
    },
    "count_weights": {
        "buffers": "the running means of a normalisation are kept in the module, but not learned",
        "twice": "a layer that is used twice has its numbers once",
        "tied": "two layers with the same tensor as their weight: it is learned once",
        "project": "this project's network",
    },
    "dropout": {
        "evaluation": "outside of training nothing is changed",
        "nothing": "with p = 0 nothing becomes 0",
        "shape": "inputs of one axis, or of three: the shape stays",
        "share": "of 10000 numbers, the share that becomes 0, rounded, is p",
        "rest": "the numbers that are left are divided by 1 - p",
        "each": "each number has its own chance: no row and no column is 0 as a whole",
        "anew": "each call draws anew",
        "chance": "how many numbers become 0 is left to chance, too",
    },
    "TwoLayers": {
        "prepared": "`super().__init__()` prepares the module, before `self` gets anything",
        "registered": "`parameters()` finds the weights and biases of both layers, and no others",
        "forward": "the outputs of the two layers, with a ReLU in between and none behind",
        "gradient": "`backward` reaches every parameter: counted are those without a gradient",
    },
}
