"""The hints of lesson 13, from a question to nearly the line, and what its cases are about."""

HINTS = {
    "attend_to_text": [
        "The lesson hides later steps. Which scores have to be hidden here, and of which shape"
        " are the scores?",
        "`torch.arange(key.shape[1]) >= lengths[:, None]` says what is filling: (N, S). The"
        " scores are (N, T, S): a mask (N, 1, S) fits all T steps.",
        "As in the lesson: scores, `scores.masked_fill(filling[:, None], float('-inf'))`, then"
        " `softmax(dim=2)`, then `@ value`.",
    ],
    "window_mask": [
        "How many steps lie between a row and a column, and which of these distances are allowed?",
        "`torch.arange(steps)[:, None] - torch.arange(steps)` is that distance, for all pairs at"
        " once. Columns that come later have a negative one.",
        "The distance must be at least 0, and smaller than `width`: `&` combines both.",
    ],
    "next_characters": [
        "How many full rows are there, if the last character of the text has no target?",
        "`(len(text) - 1) // length` rows. Make a tensor of the numbers of all characters first,"
        " and cut the inputs out of it; the targets are the same cut, one place later.",
        "`numbers[:end].view(rows, length)` with `end = rows * length`, and `numbers[1 : end +"
        " 1]` in the same way.",
    ],
    "draw_next": [
        "What would a division by temperature 0 give? So that is a case of its own.",
        "`argmax` for temperature 0. For all others `softmax`, then `torch.multinomial`;"
        " `.item()` makes a Python number of a tensor.",
        "`torch.multinomial((logits / temperature).softmax(dim=0), 1).item()`",
    ],
    "Residual": [
        "What has to be the first line of each `__init__` of an `nn.Module`, before layers are"
        " kept?",
        "After `super().__init__()`, keep the layer as `self.layer`, and an `nn.Parameter` as"
        " `self.scale`. `forward` calculates, and changes nothing.",
        "`self.scale = nn.Parameter(torch.zeros(1))`, and `x + self.scale * self.layer(x)`.",
    ],
    "many_heads": [
        "What are the shapes if each head stands in a dimension of its own, and where has it to"
        " stand so that each head is treated like a text of its own?",
        "`tensor.unflatten(2, (heads, -1))` is (N, T, heads, D / heads); `transpose(1, 2)` brings"
        " the heads to the front. `F.scaled_dot_product_attention` has `is_causal=True`.",
        "Bring the heads of the result back with `transpose(1, 2)`, then `flatten(2)` puts them"
        " side by side.",
    ],
}

CASES = {
    "attend_to_text": {
        "filling": "what stands behind the length of a text is filling: the weights of the others"
        " add up to 1",
        "alike": "where all scores are alike, each step of the other text has the same weight",
        "root": "the scores are divided by the root of the number of numbers in a query",
        "random": "texts of different lengths, and different numbers T, S, D and E",
    },
    "window_mask": {
        "back": "a step looks at itself and back, never ahead",
        "itself": "with a width of 1 a step looks at itself alone",
        "wide": "a window wider than the text looks at all steps before",
    },
    "next_characters": {
        "rest": "a row that would not be full is left out",
        "target": "each input needs the character behind it: the last one of the text is a target"
        " alone",
        "short": "a text that is too short for one row gives tensors of shape (0, length)",
    },
    "draw_next": {
        "zero": "at temperature 0 the largest logit wins, always",
        "low": "at a temperature near 0 the largest logit wins nearly always",
        "impossible": "a logit of minus infinity means that a character never comes",
        "one": "logits 0 and log 3 at temperature 1: the second comes up in 3 of 4 draws",
        "two": "logits 0 and 2 log 3 at temperature 2: again 3 of 4 draws",
        "quarter": "a low temperature of 0.25: the logits are divided by it, not multiplied",
    },
    "Residual": {
        "first": "as long as the scale is 0, what goes in comes out",
        "parameters": "the weights of the layer and the scale are parameters of the module",
        "half": "with another scale, that much of the layer's output is added, and x is as before",
        "trained": "an optimizer gets the scale and the weights of the layer, and changes them",
    },
    "many_heads": {
        "one": "one head is the attention of the lesson",
        "two": "two heads: each works with its own half of the numbers, and its scores are"
        " divided by the root of that half",
        "cut": "the numbers of each step are cut into parts, not the steps",
    },
}
