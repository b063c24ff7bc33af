"""Which project at the end of the lessons is about your own data: a key in PROJECTS of texts.py."""

OWN_DATA = "style"
