"""The hints of lesson 6, from a question to nearly the line, and what its cases are about."""

HINTS = {
    "pad": [
        "How many columns has the table? How many zeros does each row still need?",
        "`max(len(row) for row in rows)` is the longest. `[0] * 3` is `[0, 0, 0]`.",
        "`torch.tensor` of a list with `row + [0] * (longest - len(row))` for each row.",
    ],
    "brighter": [
        "What is 250 + 10 in `torch.uint8`?",
        "Calculate in a larger type, `pixels.int()`, and limit the sum.",
        "`.clamp(max=255)` of the sum, then `.to(torch.uint8)`.",
    ],
    "batches_per_epoch": [
        "10 examples, 4 at a time: how many batches? And 8 examples?",
        "`len(dataset)` divided by `batch_size`, rounded up.",
        "`math.ceil(a / b)` rounds up, and so does `-(-a // b)`.",
    ],
    "class_counts": [
        "Where does the label of an example come from, and what has to be counted?",
        "`for index in range(len(dataset)):` goes through all; `_, label = dataset[index]`.",
        "Begin with `torch.zeros(classes, dtype=torch.long)`, and add 1 at `[label]` each time.",
    ],
    "Windows": [
        "With 5 numbers and a length of 3: at which places can a piece begin, so one is behind it?",
        "`__init__` puts both arguments into `self`. The slice `[index : index + length]` is one.",
        "The number behind is `self.series[index + self.length]`; there are T - length examples.",
    ],
    "erase_square": [
        "In which rows can the square begin, so that it lies wholly inside? In which columns?",
        "`torch.randint(n, ())` draws one of 0 to n - 1. Change a `.clone()` of the picture.",
        "`[:, top : top + size, left : left + size] = 0`; top is one of H - size + 1 rows.",
    ],
    "split_by_person": [
        "What is drawn at random here: pictures or persons?",
        "`sorted(set(persons))` are the persons; `random.Random(seed).sample(...)` draws some.",
        "Then go through `enumerate(persons)` twice: who was drawn, and who was not.",
    ],
}

CASES = {
    "pad": {
        "longest": "the longest row may be anywhere, and rows may hold zeros themselves",
        "equal": "rows of one length need no zeros",
    },
    "brighter": {
        "limit": "no pixel is over 255, and none starts again at 0",
        "picture": "a whole picture, with channels",
    },
    "batches_per_epoch": {
        "last": "the last batch is smaller than the others",
        "even": "the examples fill their batches exactly",
        "few": "there are fewer examples than a batch can hold",
        "project": "this project's training data",
    },
    "class_counts": {
        "none": "classes without any example count as well, also the last one",
        "large": "one class has 300 examples: more than torch.uint8 can hold",
        "labels": "each example is counted once, whatever the dataset keeps inside",
        "project": "this project's validation data",
    },
    "Windows": {
        "count": "how many examples there are: each has a number behind it",
        "examples": "all examples, one after the other",
        "batches": "a DataLoader makes batches of them, in another order",
        "own": "two datasets with other series: each keeps its own",
    },
    "erase_square": {
        "whole": "the square is as large as the picture",
        "places": "400 tries: (first row, first column, rows, columns) of what was made 0",
        "type": "the copy has the dtype of the picture",
    },
    "split_by_person": {
        "leak": "who is on pictures of both sides",
        "all": "each picture is on one side, and none is missing",
        "count": "how many persons are for validation",
        "order": "both lists are in ascending order",
        "seed": "the same seed gives the same split, whatever was drawn in between",
        "started": "a set has another order when Python is started again: the split has not",
        "seeds": "other seeds give other splits",
        "random": "60 seeds: everyone is drawn some time",
        "groups": "60 seeds: not always the same persons are drawn together",
    },
}
