"""What an exercise is tried with. The files in checks/ yield cases, the runner tries them."""

from types import FunctionType
from typing import Any


class Case:
    """One try of an answer, and what must come out."""

    def __init__(
        self,
        arguments: tuple[Any, ...] = (),
        expected: Any = None,
        *,
        about: str = "",
        run: FunctionType | None = None,
        view: FunctionType | None = None,
        changes: tuple[int, ...] = (),
    ) -> None:
        """Describe a case.

        Args:
            arguments: The answer is called with them, unless `run` says how it is tried.
            expected: What must come out: see `difference` of lessons/compare.py.
            about: The key, in CASES of hints/, of the sentence about what this case stands for.
            run: Tries the answer in another way, as in two steps in a row, and returns what is
                compared. It gets the function or the class that is the answer.
            view: Takes what the answer returned, and returns what of it is compared.
            changes: The places of the arguments that the answer may change; 0 is the first.
        """
        self.arguments = arguments
        self.expected = expected
        self.about = about
        self.run = run
        self.view = view
        self.changes = changes


class OneOf:
    """Several values, each of which is right."""

    def __init__(self, *values: Any) -> None:
        """Take the values; a difference is told to the first of them."""
        self.values = values
