"""The data are plain lists of pairs."""

from data import Info, load_cancer, read_input
from engine.columns import learn_columns
from engine.dataset import Data
from engine.splits import number_classes, split_indices

FILE = "data.py"


def load_data(config):
    table = load_cancer()
    labels, classes = number_classes(table.pop("diagnosis"), None)
    split = split_indices(labels)
    learned = learn_columns(table, split.train.tolist())
    info = Info(classes=classes, numbers=learned.numbers, categories={})
    numbers, categories = read_input(table, info)
    pairs = []
    for row, label in enumerate(labels.tolist()):
        pairs.append(((numbers[row], categories[row]), label))
    return Data(
        train=[pairs[index] for index in split.train],
        val=[pairs[index] for index in split.val],
        test=[pairs[index] for index in split.test],
        info=info,
    )
