"""The hints of lesson 8, from a question to nearly the line, and what its cases are about."""

HINTS = {
    "weight_shapes": [
        "What does the lesson print of a network? It is more than the parameters.",
        "`model.state_dict().items()` yields names and tensors.",
        "A dict comprehension: `{name: tensor.shape for name, tensor in ...}`.",
    ],
    "copy_weights": [
        "What gives the weights of a network as a dict, and what takes such a dict?",
        "`state_dict` of the one, `load_state_dict` of the other. It copies into the target.",
        "`target.load_state_dict(...)` of `source.state_dict()`; then return `target`.",
    ],
    "round_trip": [
        "What writes a file, and what reads it? What must a file of a stranger never do?",
        "`torch.save` takes the state and the path. `torch.load` takes the path.",
        "Return what `torch.load` gives for the path, with `weights_only=True`.",
    ],
    "without_prefix": [
        "What shall become of a name that has the prefix in its middle, or not at all?",
        "Text has `.removeprefix`: it looks at the beginning alone.",
        "A dict comprehension over `state.items()`, with `name.removeprefix(prefix)`.",
    ],
    "snapshot": [
        "Whose memory do the tensors of a `state_dict` use?",
        "A tensor's `clone()` has its own memory.",
        "A dict comprehension over `model.state_dict().items()`, with a clone of each tensor.",
    ],
    "resume": [
        "What did the lesson read from its checkpoint, and who got it?",
        "`torch.load` the file. The model and the optimizer both have `load_state_dict`.",
        '`optimizer.load_state_dict(checkpoint["optimizer"])`, likewise the model; add 1 to epoch.',
    ],
}

CASES = {
    "weight_shapes": {
        "buffers": "not only parameters are saved: the running means of a BatchNorm, too",
        "nothing": "a network without weights saves nothing",
        "tied": "two layers share a weight, saved under both names; one buffer is not saved",
        "project": "the project's network",
    },
    "copy_weights": {
        "plain": "target itself must have changed: to give another network its name is not enough",
        "all": "every tensor of the state, with those that are no parameters",
        "target": "the network that is returned is the target itself",
        "source": "the source itself stays as it is",
        "memory": "the source is changed afterwards: the target must not change with it",
        "project": "the project's network",
    },
    "round_trip": {
        "content": "what was read is what was saved",
        "file": "the file that was asked for is read once more, safely: it holds the state",
        "folder": "the file is the only one in its folder",
        "again": "there is a file already: it is replaced",
        "read": "what is returned comes from the file, in which there are no gradients",
        "unsafe": "the state holds an object that is no plain value: to read it is refused",
    },
    "without_prefix": {
        "middle": "the prefix can be in the middle of a name, too: it stays there",
        "twice": "the prefix is there twice: it is taken away once",
        "other": "names without the prefix stay as they are",
        "letters": "the name goes on with letters of the prefix",
    },
    "snapshot": {
        "all": "every tensor of the state, with those that are no parameters",
        "tied": "two layers share a weight, saved under both names; one buffer is not saved",
        "later": "the network was changed after the snapshot was taken",
        "project": "the project's network",
    },
    "resume": {
        "epoch": "the number that is returned",
        "model": "all that the model saves, after it went on",
        "optimizer": "the next steps are those of a training that was never stopped",
        "rate": "the optimizer had another learning rate: the saved one is part of the state",
    },
}
