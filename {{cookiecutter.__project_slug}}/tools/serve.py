"""Answer other programs on this machine: JSON in, JSON out."""

from engine.settings import UserError, find_run, needs, run_command


def main(run_dir: str | None = None, port: int = 8000, device: str = "auto") -> None:
    """Answer other programs on this machine with a run's best model, until Ctrl-C ends it.

    POST /predict takes {"inputs": ...} and answers with a list, as predict.py would; GET /health
    says whether it is ready. tools/README.md has an example.

    Args:
        run_dir: The run's folder; by default the newest run.
        port: It is at http://127.0.0.1:PORT, which only this machine can reach.
        device: Where to compute: auto, cpu, cuda, mps, xpu.
    """
    if not 1 <= port <= 65535:
        raise UserError(f"--port is {port}: it must be from 1 to 65535")
    folder = find_run(run_dir)
    print(f"the best model of {folder}")
    with needs("serve"):  # imported here: --help and mistakes must not wait for it
        from tools.service import serve

    serve(folder, port, device)


if __name__ == "__main__":
    run_command(main)
