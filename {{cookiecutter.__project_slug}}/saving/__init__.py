"""Files that survive: written whole, checked when read, one training at a time."""
