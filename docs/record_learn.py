"""Write docs/learn.txt: what `python -m lessons` says, from the first exercise to the last.

With the Python and the folder of a generated project:  python docs/record_learn.py PROJECT

Each exercise gets a typical wrong answer first, then its solution.
"""

import contextlib
import os
import sys
import tempfile
from pathlib import Path

PROJECT = Path(sys.argv[1]).resolve()
ROOT = Path(__file__).resolve().parents[1]
os.environ["PROJECT"] = str(PROJECT)
sys.path[:0] = [str(PROJECT), str(ROOT / "tests" / "lessons")]
from study_guide import LESSON_OF, SHIPPED, WRONG, fill, with_solution  # noqa: E402

from lessons import progress, runner, tutor, words  # noqa: E402  # they are found now


def run(name: str = "", hint: bool = False) -> None:
    """Print what the command says."""
    options = [name] if name else []
    options += ["--hint"] if hint else []
    print("$ python -m lessons", *options)
    tutor.Tutor(name).report(hint=hint)
    print()


def record() -> None:
    """Print the whole session."""
    run()
    for _ in range(words.STEPS):
        run(hint=True)
    texts = dict(SHIPPED)
    names = list(LESSON_OF)
    for name, following in zip(names, [*names[1:], None], strict=True):
        lesson = LESSON_OF[name]
        path = runner.EXERCISES / f"{lesson}.py"
        path.write_text(fill(texts[lesson], name, WRONG[name][0]), encoding="utf-8")
        run(name)
        texts[lesson] = with_solution(texts[lesson], name)
        path.write_text(texts[lesson], encoding="utf-8")
        run(name)
        if following is None or LESSON_OF[following] != lesson:
            run()


def main() -> None:
    """Write the session."""
    out = (ROOT / "docs" / "learn.txt").open("w", encoding="utf-8", newline="\n")
    with tempfile.TemporaryDirectory() as folder, out, contextlib.redirect_stdout(out):
        runner.EXERCISES = tutor.EXERCISES = Path(folder)
        progress.FILE = Path(folder) / "progress.json"
        for lesson, text in SHIPPED.items():
            (runner.EXERCISES / f"{lesson}.py").write_text(text, encoding="utf-8")
        record()


if __name__ == "__main__":
    main()
