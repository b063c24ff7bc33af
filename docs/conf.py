"""The site made of these pages.  nox -s docs builds it into build/site."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

DOCS = Path(__file__).resolve().parent
REPOSITORY = "https://github.com/gdg-gist/torch-starter"

project = html_title = "torch-starter"
extensions = ["myst_parser"]
myst_heading_anchors = 3  # links to headings work as on GitHub, and are checked
html_theme = "furo"  # brings all it shows: no font and no script from another host
html_theme_options = {
    "source_repository": REPOSITORY,
    "source_branch": "main",
    "source_directory": "docs/",
}
html_show_copyright = False
html_copy_source = html_use_index = False


def link_to_repository(_: Any, page: str, source: list[str]) -> None:
    """Let links to what is no page here, scripts and folders, lead to GitHub, which shows them."""

    def whole(link: re.Match[str]) -> str:
        target = (DOCS / page).parent.joinpath(link[1]).resolve()
        is_page = target.suffix == ".md" and target.is_relative_to(DOCS)
        if is_page or target.suffix in {".png", ".svg"} or not target.exists():
            return link[0]  # Sphinx takes it, or says that it leads nowhere
        return f"]({REPOSITORY}/blob/main/{quote(target.relative_to(DOCS.parent).as_posix())})"

    source[0] = re.sub(r"\]\(([^)#:\s]+)\)", whole, source[0])


def setup(app: Any) -> None:
    """Sphinx calls this when it starts."""
    app.connect("source-read", link_to_repository)
