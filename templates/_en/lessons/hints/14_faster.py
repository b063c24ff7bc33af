"""The hints of lesson 14, from a question to nearly the line, and what its cases are about."""

HINTS = {
    "median_seconds": [
        "How often is the function called altogether, and which of these calls are measured?",
        "A loop for the warm-up, then a loop with `time.perf_counter()` before and after each"
        " call. Python's module `statistics` has a `median`.",
        "`times.append(time.perf_counter() - start)` in the second loop, and"
        " `statistics.median(times)` at the end.",
    ],
    "accumulate_gradients": [
        "The lesson divides by the number of parts. When is the mean of the parts not the mean of"
        " all examples?",
        "`inputs.split(size)` and `targets.split(size)` give the parts. The loss of a part counts"
        " as much as its share of the examples.",
        "`(loss * len(some_inputs) / len(inputs)).backward()` for each part, and"
        " `model.zero_grad()` before the loop.",
    ],
    "training_bytes": [
        "How many tensors of the size of a parameter are there if it is trained, and how many if"
        " it is frozen?",
        "`weight.nbytes` is the size of a parameter, `weight.requires_grad` says whether it is"
        " trained.",
        "Add up `4 * weight.nbytes` for each parameter that is trained, and `weight.nbytes` for"
        " the others.",
    ],
    "moving_average": [
        "How could all the windows stand in one tensor, a window in each row?",
        "`series.unfold(0, width, 1)` is such a tensor: (N - width + 1, width). It copies nothing.",
        "The mean of each row: `.mean(dim=1)`.",
    ],
    "slowest_layer": [
        "A hook is told which layer it is called for. What has to be noted before the layer"
        " works, and what afterwards?",
        "`model.named_modules()` yields names and modules; `any(module.children())` says whether"
        " a module has others inside. Keep the start and the sum of seconds in dicts, by the"
        " layer's name.",
        "In the hook afterwards: `seconds[name] += time.perf_counter() - started[name]`. After"
        " `model(inputs)`, `remove()` all hooks; `max(seconds, key=seconds.get)` is the name.",
    ],
}

CASES = {
    "median_seconds": {
        "warmup": "the calls of the warm-up are made, and are not measured",
        "median": "the median is the time in the middle, when the times are sorted: one that is"
        " far off does not count",
        "even": "of an even number of times the median is the mean of the two in the middle",
        "one": "a single measured call",
    },
    "accumulate_gradients": {
        "equal": "parts of equal size, of at most `size` examples",
        "uneven": "the last part has fewer examples, so it counts less",
        "large": "all examples fit into one part",
        "old": "gradients of a step before are still there",
    },
    "training_bytes": {
        "four": "the parameter, a gradient and two moments: four times 11 numbers of 4 bytes",
        "frozen": "a frozen parameter has no gradient and no moments",
        "dtype": "numbers of bfloat16 take 2 bytes, and so do their gradients and moments",
        "buffers": "the buffers of a normalisation layer do not count",
        "tied": "two layers share a parameter, which is there once",
    },
    "moving_average": {
        "one": "a window of one number is the number itself",
        "all": "a window over all numbers gives a single mean",
        "random": "random numbers, and windows of different widths",
        "loop": "2000 numbers in windows of 300: a loop takes thousands of operations",
    },
    "slowest_layer": {
        "inside": "the layer is inside of a part of the model: its name says where, and a part is"
        " no layer",
        "often": "a layer that is called several times: its times add up",
        "left": "afterwards no hook and no gradient is left on the model",
    },
}
