"""One training in several processes, on one machine or many: see README.md in this folder."""
