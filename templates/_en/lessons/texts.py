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
    "difference": "first difference, {where}: {got}, expected: {expected}",
    "kind": "difference: {got}, expected: {expected}",
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
    "done": "All are solved. Now make the project yours: data.py, model.py, config.py.",
}
