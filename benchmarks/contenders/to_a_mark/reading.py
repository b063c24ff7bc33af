"""No training: import torch, read the data with the project's data.py, build the network.

    python reading.py --project PROJECT [--settings JSON]

Says "scored 1" when all is there: so long every trainer with the project's data.py takes at least.
"""

from job import load_job, read_arguments, say


def main() -> None:
    """Read."""
    load_job(read_arguments(__doc__))
    say(1)


if __name__ == "__main__":
    main()
