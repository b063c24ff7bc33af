"""eval.py also says how many of the surest answers are right."""

FILE = "eval.py"
REPLACE = [
    (
        "    write_scores(folder",
        "    certainty = answers.outputs.softmax(dim=1).amax(dim=1)\n"
        "    surest = certainty.topk(20).indices\n"
        "    right = (answers.predictions == answers.labels)[surest].sum().item()\n"
        '    print("of the 20 surest answers right:", right)\n'
        "    write_scores(folder",
    ),
]
