"""Show a trained model on a web page, on this machine alone."""

import sys

from engine.settings import UserError, find_run, run_command


def main(
    run_dir: str | None = None,
    port: int = 7860,
    share: bool = False,
    device: str = "auto",
    data: str | None = None,
) -> None:
    """Show a run's best model on a web page, until Ctrl-C ends it.

    Args:
        run_dir: The run's folder; by default the newest run.
        port: The page is at http://127.0.0.1:PORT, which only this machine can open.
        share: Also ask Gradio's servers for a public link, which works as long as this runs.
        device: Where to compute: auto, cpu, cuda, mps, xpu.
        data: Where the run's data are now, if they have moved: the form of a table is made from
            them. Other data are refused.
    """
    if not 1 <= port <= 65535:
        raise UserError(f"--port is {port}: it must be from 1 to 65535")
    encoding = sys.getfilesystemencoding()
    if encoding != "utf-8":  # Gradio cannot name files then
        raise UserError(f"the names of files are {encoding} here: set PYTHONUTF8=1 and start again")
    folder = find_run(run_dir)
    print(f"the best model of {folder}")
    from tools.demo_page import show  # loads slowly: --help and mistakes must not wait

    show(folder, port, share, device, data)


if __name__ == "__main__":
    run_command(main)
