"""What `python -m lessons` says. The code asks for it by name."""

TEXTS = {
    "next": "Next:",
    "solved": "Solved:",
    "unsolved": "Not solved yet:",
    "unknown": "no exercise or lesson is called {name}, nearest are {nearest}; "
    "all: python -m lessons --list",
    "hole": "nothing is written here yet",
    "missing": "the file has no function or class of this name",
    "tried": "tried:   ",
    "got": "got:     ",
    "expected": "expected:",
    "difference": "first difference at {where}: {got}, expected {expected}",
    "kind": "difference: {got}, expected {expected}",
    "about": "what this is about:",
    "changed": "the answer is right, but it changes {name}, which the caller still needs: "
    "work on a copy",
    "endless": "after {seconds} seconds the answer had not ended; it was at this line:",
    "hint": "Hint {number} of {all}:",
    "stuck": "A hint: {command}",
    "more": "One more hint: {command}",
    "last_hint": "That was the last hint. To leave it out for now: python -m lessons --skip",
    "other_way": "Another way to write {name}:",
    "lesson_done": "Lesson {number} of {all} is finished. Well done!",
    "watching": "Waiting until you save an exercise. Ctrl-C ends this.",
    "run_dir": "--run-dir belongs to a project: python -m lessons --project NAME",
    "done": "All are solved. Now make the project yours: data.py, model.py, config.py.",
}

# What `python -m lessons --project NAME` says.
PROJECTS = {
    "photos": "your own photos",
    "table": "a table of your club",
    "texts": "your own texts",
    "style": "in the style of a text of your own",
    "own-data": "your own data",
    "small": "a model a tenth the size",
    "web": "something on a web page",
    "unknown": "{name} is no project here; there are: {names}",
    "no_eval": "there is no {path} yet: {command}",
    "damaged": "{path} is damaged: {command}",
    "other_part": "{path} is about the {part} data, and the bar is about the test data: {command}",
    "earlier": "{path} is about an earlier model of this run: {command}",
    "title": "Project {name}: {what}",
    "run": "the run: {folder}",
    "own_data": "trained on your own data (--data): {data}",
    "example_data": "no, on the example data",
    "own_dataset": "those of your data.py",
    "enough": "at least {least} test examples: {count}",
    "simpler": "{metric} {score}: at most {point} worse than the best simpler model, "
    "{model} with {other}",
    "no_simpler": "eval.json has no {metric} of a simpler model to compare with: "
    "run eval.py without --no-baseline",
    "a_tenth": "{weights:,} weights, at most a tenth of the {other:,} of {folder}",
    "near": "{metric} {score}: at most {point} worse than {folder} with {other}",
    "no_larger": "a larger run to compare with: no evaluated run on the same data has "
    "{times} times its {weights:,} weights",
    "page": "a page answers at {address}: python -m tools.demo",
    "reached": "The bar is reached. Well done!",
    "not_reached": "Not reached yet. What to do: lessons/projects.md",
}
