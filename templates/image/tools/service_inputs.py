"""What tools.serve takes: pictures, each a file of its own as base64."""

import base64
import binascii
import tempfile
from pathlib import Path
from typing import Any

from config import Config
from data import Info
from engine.checkpoint import LoadedModel
from engine.picture_file import PictureError
from engine.settings import UserError
from tools.picture_trial import limit_pixels
from tools.service_answers import answer_files

MOST_BYTES = 10_000_000  # of a request; as base64 a file takes a third more


def answer_asked(
    loaded: LoadedModel[Config, Info], asked: list[Any], parameters: dict[str, Any]
) -> list[Any]:
    """Return what predict.py answers to each picture.

    Args:
        loaded: The model.
        asked: Each the base64 of a picture file; what stands before a comma, as in
            data:image/png;base64, is left out.
        parameters: top_k.

    Raises:
        UserError: One of them is no picture.
    """
    limit_pixels()
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number, text in enumerate(asked, 1):
            if not isinstance(text, str):
                raise UserError(f"input {number} is no text: the base64 of a picture is needed")
            try:
                content = base64.b64decode(text.rpartition(",")[2], validate=True)
            except (binascii.Error, ValueError) as error:
                raise UserError(f"input {number} is no base64") from error
            path = Path(folder, f"{number}.png")  # its first bytes tell what it is, not its name
            path.write_bytes(content)
            files.append(str(path))
        try:
            return answer_files(loaded, files, len(files), parameters)
        except (PictureError, UserError) as error:
            raise UserError(str(error).replace(f"{folder}/", "input ")) from error
