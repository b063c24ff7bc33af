"""How examples are shown to people: as pictures side by side."""

from typing import Any

from showing.plots import cut, use_all_fonts


def draw_examples(examples: list[Any], _: Any, said: list[list[str]], title: str) -> Any:
    """Return one picture of all pictures, above each what it is, and what it was taken for."""
    from matplotlib.figure import Figure

    use_all_fonts()
    across = min(6, max(1, len(examples)))
    down = -(-len(examples) // across)
    figure = Figure((max(4.5, 1.6 * across), 2.1 * down + 0.5), layout="constrained")
    figure.suptitle(title)
    for place, (picture, (true, answer, chance)) in enumerate(zip(examples, said, strict=True), 1):
        axes = figure.add_subplot(down, across, place)
        axes.axis("off")
        axes.imshow(picture, cmap="gray", vmin=0, vmax=255)
        axes.set_title(f"{cut(true, 16)}, not\n{cut(answer, 12)} ({chance})", fontsize=10)
    return figure
