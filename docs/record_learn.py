"""Write docs/learn.txt: what `python -m lessons` says, from the first exercise to the last.

With the Python and the folder of a generated project:  python docs/record_learn.py PROJECT

Before each run one more exercise is solved, and the next one has a typical wrong answer.
"""

import contextlib
import sys
import tempfile
from pathlib import Path
from textwrap import dedent, indent

HERE, PROJECT = Path(__file__).resolve().parent, Path(sys.argv[1]).resolve()
sys.path[:0] = [str(PROJECT), str(HERE.parent / "tests" / "lessons")]
from answers import ANSWERS  # noqa: E402  # they are found now

from lessons import runner  # noqa: E402

HOLE = "    raise NotImplementedError"


def fill(texts: dict[str, str], name: str, answer: str) -> dict[str, str]:
    """Return the files of exercises, one of them answered."""
    filled = dict(texts)
    for path, text in texts.items():
        before, start, after = text.partition(f"def {name}(")
        if start:
            after = after.replace(HOLE, indent(dedent(answer).strip(), "    "), 1)
            filled[path] = before + start + after
    return filled


def run(texts: dict[str, str], hint: bool = False) -> None:
    """Print what `python -m lessons` says to these files."""
    for path, text in texts.items():
        (runner.EXERCISES / path).write_text(text, encoding="utf-8")
    print("$ python -m lessons --hint" if hint else "$ python -m lessons")
    runner.report(hint=hint, watch=False)
    print()


files = {path.name: path.read_text(encoding="utf-8") for path in runner.EXERCISES.glob("*.py")}
record = (HERE / "learn.txt").open("w", encoding="utf-8")
with tempfile.TemporaryDirectory() as folder, record as out:
    runner.EXERCISES = Path(folder)
    with contextlib.redirect_stdout(out):
        run(files)
        run(files, hint=True)
        for name, (solution, wrong, _) in ANSWERS.items():
            run(fill(files, name, wrong))
            files = fill(files, name, solution)
        run(files)
