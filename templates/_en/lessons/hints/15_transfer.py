"""The hints of lesson 15, from a question to nearly the line, and what its cases are about."""

HINTS = {
    "freeze_all_but": [
        "A model with all frozen and a model with one part free again: in which order do the two"
        " steps come?",
        "`requires_grad_(False)` of a module sets all parameters in it. With an underscore:"
        " `model.requires_grad = False` would set nothing but an attribute.",
        "`model.requires_grad_(False)`, then `model.get_submodule(name).requires_grad_(True)`.",
    ],
    "replace_last_linear": [
        "How do you find out which layers of a model are linear, and which of these is the last?",
        "`enumerate(model)` yields places and layers, `isinstance(layer, nn.Linear)` says what a"
        " layer is. Take the last of these places; work on `copy.deepcopy(model)`.",
        "`model[place] = nn.Linear(old.in_features, classes, bias=old.bias is not None)`",
    ],
    "count_trainable": [
        "Which tensors of a model does an optimizer get, and what do they say about whether they"
        " are frozen?",
        "`model.parameters()` yields each parameter once, also where layers share it. `numel()`"
        " is how many numbers it has.",
        "Add up `weight.numel()` of those that have `weight.requires_grad`.",
    ],
    "two_rates": [
        "How can you tell whether a parameter of the model is one of the new part? Comparing"
        " tensors with `==` compares their numbers.",
        "A `set` of tensors, or their `id`, tells them apart by which one it is: `of_new ="
        " set(new.parameters())`, then `weight in of_new`.",
        "One list of those with `weight.requires_grad` that are in `of_new`, and one of those"
        ' that are not: `{"params": ..., "lr": lr}`.',
    ],
    "load_what_fits": [
        "What does `model.load_state_dict` say to a name that is missing, and what to a shape"
        " that differs?",
        "`strict=False` lets names be missing, but a shape that differs is an error in any case."
        " So leave these tensors out before: compare with `model.state_dict()`.",
        "Collect `fitting`, a dict of what has a name in `own` and `own[name].shape`;"
        " `model.load_state_dict(fitting, strict=False)`; return `sorted(own.keys() -"
        " fitting.keys())`.",
    ],
}

CASES = {
    "freeze_all_but": {
        "alone": "all is frozen but the named part; the names `head` and `head2` begin alike",
        "inside": "a part with parts inside, and a part of a part",
        "frozen": "everything was frozen before: the named part is set free",
    },
    "replace_last_linear": {
        "last": "only the last linear layer is new: all others have the weights of the model, and"
        " the model stays as it is",
        "behind": "other layers stand behind the last linear one",
        "bias": "the new layer has a bias only if the old one had one",
    },
    "count_trainable": {
        "buffers": "the statistics of a normalisation layer are buffers: no optimizer changes them",
        "frozen": "frozen parameters do not count",
        "shared": "two layers share a parameter, which counts once",
    },
    "two_rates": {
        "rates": "the new part has the one rate, all the rest the other; the names `head` and"
        " `head2` begin alike",
        "inside": "the new part is any part of the model, not always the last",
        "frozen": "frozen parameters are in no group",
        "equal": "two layers have equal numbers, and are two layers all the same",
    },
    "load_what_fits": {
        "all": "everything fits, the statistics of normalisation layers as well",
        "shape": "tensors of another shape are left out, all others are loaded",
        "turned": "as many numbers in another shape do not fit",
        "more": "the state has names that the model has not; the dict itself stays as it is",
        "less": "what the state has not stays as it is in the model",
    },
}
