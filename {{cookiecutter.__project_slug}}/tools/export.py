"""Write a run's best model for programs without PyTorch."""

from engine.settings import find_run, needs, run_command


def main(run_dir: str | None = None, data: str | None = None, web: bool = False) -> None:
    """Write a run's best model as ONNX and safetensors, with all that its inputs need.

    The files are written only if onnxruntime answers for the whole test data as PyTorch does.

    Args:
        run_dir: The run's folder; by default the newest run.
        data: Where the run's data are now, if they have moved. Other data are refused.
        web: Also write a web page that answers by itself, in any browser, without a server. What
            it needs of ONNX Runtime is fetched once.
    """
    folder = find_run(run_dir)
    print(f"the best model of {folder}")
    with needs("export"):  # imported here: --help and mistakes must not wait for it
        import onnxscript  # noqa: F401  torch.onnx looks for it later

        from tools.export_files import export

    export(folder, data, web)


if __name__ == "__main__":
    run_command(main)
