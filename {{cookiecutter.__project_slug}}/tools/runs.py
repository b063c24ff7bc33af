"""Print all runs side by side, a line for each."""

from engine.settings import run_command


def main(best: bool = False) -> None:
    """Print a line for each run in runs/: its scores, how long it took, in what it differs.

    Args:
        best: The best validation first, instead of the newest run.
    """
    # They load torch: --help must not wait for it.
    from tools.run_files import best_by_of, list_runs, sort_by_score
    from tools.run_table import show_runs

    runs = list_runs()
    if best:
        show_runs(sort_by_score(runs), first=best_by_of(runs))
    else:
        show_runs(runs)


if __name__ == "__main__":
    run_command(main)
