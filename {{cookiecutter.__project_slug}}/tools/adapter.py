"""What a chat model was taught, as files of its own: an adapter, or merged into the whole model."""

from engine.settings import find_run, needs, run_command


def main(run_dir: str | None = None, merge: bool = False) -> None:
    """Write what a chat model was taught (--base) as files that other programs read.

    Into adapter/ of the run's folder, a few megabytes which go with the base that they were
    trained on; huggingface.co/docs/peft reads them. With --merge into merged/, as a whole model,
    which huggingface.co/docs/transformers reads.

    Args:
        run_dir: The run's folder; by default the newest run.
        merge: Write the whole model.
    """
    folder = find_run(run_dir)
    print(f"the best model of {folder}")
    with needs("pretrained"):  # imported here: --help and mistakes must not wait for it
        import safetensors  # noqa: F401

        from tools.adapter_files import write_adapter, write_merged

    target = write_merged(folder) if merge else write_adapter(folder)
    files = [path for path in target.rglob("*") if path.is_file()]
    megabytes = sum(path.stat().st_size for path in files) / 1e6
    print(f"written to {target}: {megabytes:.1f} MB")


if __name__ == "__main__":
    run_command(main)
