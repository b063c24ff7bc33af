"""The area under the ROC curve, and how many of the ill are found."""

from sklearn.metrics import recall_score, roc_auc_score

from engine.metrics import accuracy

FILE = "model.py"
OPTIONS = ["--best-by", "roc_auc"]


def roc_auc(logits, labels):
    return roc_auc_score(labels, logits.softmax(dim=1)[:, 1])


def found(logits, labels):
    return recall_score(labels, logits.argmax(dim=1), pos_label=0)


def metrics(info):
    return [roc_auc, found, accuracy]
