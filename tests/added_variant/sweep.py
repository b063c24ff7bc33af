"""Search for better settings: many trainings, each with others.  python sweep.py --trials 30"""

from commands.settings import one_line_errors, parse
from extras.search import Sweep, search

SEARCH = {"lr": (0.005, 0.5), "width": [4, 8, 16]}  # what is tried, of the settings in config.py

if __name__ == "__main__":
    with one_line_errors():
        search(parse(Sweep), SEARCH)
