"""The page of this Space.  `python app.py` shows it on this machine: http://127.0.0.1:7860"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # where PYTHONSAFEPATH leaves this folder out

from engine.settings import run_command


def main(port: int = 7860) -> None:
    """Show the model of this folder on a web page, until Ctrl-C ends it.

    Args:
        port: The page is at http://127.0.0.1:PORT; Hugging Face looks for it at 7860.
    """
    from tools.demo_page import show_space

    show_space(Path(__file__).resolve().parent, port)


if __name__ == "__main__":
    run_command(main)
