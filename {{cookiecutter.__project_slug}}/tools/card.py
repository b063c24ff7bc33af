"""Write a run's model card: what the model does, how well, its limits, how to load it."""

from engine.settings import find_run, run_command


def main(run_dir: str | None = None) -> None:
    """Write the model card of a run, README.md, in its folder and in its export.

    It is a page in Markdown, as Hugging Face shows beside a model. What the project does not know,
    as the licence of your data, stands there as "not stated: write it here".

    Args:
        run_dir: The run's folder; by default the newest run.
    """
    folder = find_run(run_dir)
    print(f"the model card of {folder}")
    from tools.card_text import NOT_STATED, write_cards  # loads torch: --help must not wait for it

    cards = write_cards(folder)
    for path in cards:
        print(f"written to {path}")
    gaps = cards[0].read_text(encoding="utf-8").count(NOT_STATED)
    print(f"to be filled in by you, {gaps} times: {NOT_STATED!r}")


if __name__ == "__main__":
    run_command(main)
