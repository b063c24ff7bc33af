"""Put the runs side by side.  python runs.py --help"""

from commands.settings import run_command
from extras.runs import badness, list_runs, show_runs


def main(best: bool = False) -> None:
    """Print a line for each run in runs/: its scores, how long it took, in what it differs.

    Args:
        best: The best validation first, instead of the newest run.
    """
    runs = list_runs()
    show_runs(sorted(runs, key=badness) if best else runs)


if __name__ == "__main__":
    run_command(main)
