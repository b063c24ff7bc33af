"""Commands that show, compare and hand on trained models: `python -m tools` lists them."""
