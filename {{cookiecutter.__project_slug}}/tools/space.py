"""Write a run's best model as a Hugging Face Space: a web page that anybody can open."""

from engine.settings import UserError, find_run, needs, run_command


def main(
    run_dir: str | None = None,
    push: str | None = None,
    data: str | None = None,
) -> None:
    """Write a run's best model as a folder that is a Hugging Face Space.

    The folder is written only if its page, started in it, answers the examples as predict.py does.

    Args:
        run_dir: The run's folder; by default the newest run.
        push: Also put it onto Hugging Face under this name, such as you/digits: for all to see.
        data: Where the run's data are now, if they have moved. Other data are refused.
    """
    if push is not None and push.count("/") != 1:
        raise UserError(f"--push is {push}: your name there, a slash, a name for the Space")
    folder = find_run(run_dir)
    print(f"the best model of {folder}")
    with needs("demo"):  # imported here: --help and mistakes must not wait for it
        import gradio  # noqa: F401  a page is made of it

        from tools.space_files import write_space
        from tools.space_push import push_space

    space = write_space(folder, data)
    if push is not None:
        push_space(space, push)


if __name__ == "__main__":
    run_command(main)
