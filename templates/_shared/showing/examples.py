"""How examples are shown to people: as a table in a picture."""

from typing import Any

from showing.plots import cut, use_all_fonts


def draw_examples(
    examples: dict[str, list[str]], names: list[str], said: list[list[str]], title: str
) -> Any:
    """Return the picture of up to 12 examples, a row for each, and what is said of them."""
    from matplotlib.figure import Figure

    use_all_fonts()
    figure = Figure((4, 1))  # saved with all that reaches beyond it
    axes = figure.subplots()
    axes.axis("off")
    axes.set_title(title, loc="left", pad=12)
    rows = [(*row, *words) for *row, words in zip(*examples.values(), said, strict=True)]
    most = 64 if len(examples) == 1 else 22
    rows = [(*examples, *names), *rows[:12]]
    cells = [[cut(cell, most) + "   " for cell in row] for row in rows]
    table = axes.table(cells, cellLoc="left", loc="upper left", edges="horizontal")
    table.AXESPAD = 0
    table.auto_set_font_size(False)
    table.auto_set_column_width(range(len(cells[0])))
    table.scale(1, 1.6)
    for cell in table.get_celld().values():
        cell.PAD = 0
        cell.set(linewidth=0.5, edgecolor="grey")
    return figure
