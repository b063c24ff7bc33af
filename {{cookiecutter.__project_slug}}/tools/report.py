"""Bind a run into one page that anybody can open: report.html."""

from engine.settings import find_run, run_command


def main(run_dir: str | None = None, data: str | None = None) -> None:
    """Write a run's curves, scores, mistakes and settings into one page, report.html.

    Args:
        run_dir: The run's folder; by default the newest run.
        data: Where the run's data are now, if they have moved; the page says so. Other data are
            refused.
    """
    folder = find_run(run_dir)
    print(f"the report of {folder}")
    from tools.report_page import write_report  # loads torch: --help must not wait for it

    report = write_report(folder, data)
    print(f"written to {report}, which any browser opens and prints")


if __name__ == "__main__":
    run_command(main)
