"""What tools.serve takes: how texts begin. It writes on, as predict.py does."""

from typing import Any

from config import Config
from data import Info, read_input
from engine.checkpoint import LoadedModel
from engine.documents import read_as
from engine.settings import UserError
from engine.writing import Draw, write_text
from tools.form_fields import HOTTEST, LAST_SEED, MOST_CHARACTERS, MOST_WRITTEN
from tools.service_answers import whole_number

MOST_BYTES = 2_000_000  # of a request
MOST_TOP_K = 1_000_000  # more than there are characters, or tokens


def answer_asked(
    loaded: LoadedModel[Config, Info], asked: list[Any], parameters: dict[str, Any]
) -> list[Any]:
    """Return each beginning with what the model writes behind it; of a chat model the answer.

    Args:
        loaded: The model.
        asked: How the texts begin.
        parameters: max_new_tokens (characters; of a chat model tokens), temperature, top_k, seed:
            those of predict.py.

    Raises:
        UserError: One of them is no text, empty or too long.
    """
    count = whole_number(parameters, "max_new_tokens", 300, 1, MOST_WRITTEN)
    if count * len(asked) > MOST_WRITTEN:
        raise UserError(f"all texts together can get at most {MOST_WRITTEN:,} new characters")
    top_k = whole_number(parameters, "top_k", 0, 0, MOST_TOP_K)
    seed = whole_number(parameters, "seed", 0, 0, LAST_SEED)
    is_chat = loaded.info.unit == "token"
    temperature = parameters.get("temperature", 0 if is_chat else 0.8)  # as in predict.py
    is_number = isinstance(temperature, int | float) and not isinstance(temperature, bool)
    if not is_number or not 0 <= temperature <= HOTTEST:  # nan is refused too
        raise UserError(f"temperature must be a number from 0 to {HOTTEST}")
    beginnings = []
    for number, text in enumerate(asked, 1):
        if not isinstance(text, str) or len(text) > MOST_CHARACTERS:
            reason = f"a text of at most {MOST_CHARACTERS:,} characters is needed"
            raise UserError(f"input {number}: {reason}")
        begun = read_as(text.encode("utf-8", "replace").decode("utf-8"))
        if not begun:
            raise UserError(f"input {number} is empty: how shall it begin?")
        beginnings.append(begun)
    answers = []
    for number, begun in enumerate(beginnings):
        draw = Draw(temperature, top_k, seed + number)  # as in predict.py
        start = read_input(begun, loaded.info)
        written = "".join(write_text(loaded.model, start, count, draw, loaded.info))
        # The answer of a chat model does not repeat the question.
        answers.append({"generated_text": written if is_chat else begun + written})
    return answers
