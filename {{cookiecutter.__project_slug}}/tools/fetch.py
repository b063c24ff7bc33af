"""Fetch a network that has learned already, to train with it where there is no web."""

from pathlib import Path

from tyro.conf import Positional

from engine.settings import UserError, run_command

CARD = "README.md"  # what the owners of a network say about it, on huggingface.co, too


def main(name: Positional[str] = "") -> None:
    """Fetch a network that has learned already into Hugging Face's cache, unless it is there.

    Then train.py finds it there, without the web.

    Args:
        name: Of the network, as --backbone or --base of train.py takes it.
    """
    from engine.backbone import WANTED, fetch  # load torch: --help must not wait for it

    if not name:
        raise UserError(f"which network? python -m tools.fetch NAME, such as {WANTED.example}")
    folder = fetch(name)
    files = [path for path in folder.rglob("*") if path.is_file()]
    megabytes = sum(path.stat().st_size for path in files) / 1e6
    print(f"{name} is here: {megabytes:.1f} MB in {folder}")
    licence = read_licence(folder / CARD)
    if licence:
        print(f"licence of its weights, as its card says: {licence}")
    else:
        print("its licence is not named there: look at its page before you publish anything")
    print(f'next: python train.py {WANTED.option} "{name}" --data DATA')


def read_licence(card: Path) -> str:
    """Return the licence that the first lines of a card name; '' where they name none.

    Args:
        card: A Markdown file that begins with lines of YAML between two lines of dashes:
            huggingface.co/docs/hub/model-cards
    """
    if not card.is_file():
        return ""
    first, *lines = card.read_text(encoding="utf-8", errors="replace").splitlines() or [""]
    if first.strip() != "---":
        return ""
    found = {}
    for line in lines:
        if line.strip() == "---":
            break
        key, _, value = line.partition(":")
        found[key] = value.strip().strip("\"'")
    licence = found.get("license", "")
    if licence == "other":  # one that huggingface.co does not know has a name of its own
        licence = found.get("license_name", licence)
    return licence


if __name__ == "__main__":
    run_command(main)
