"""Numbers are learned with the Huber loss, on a table of one's own."""

import torch.nn.functional as F

FILE = "model.py"
OPTIONS = ["--data", "houses.csv", "--target", "price", "--best-by", "mae"]


def compute_loss(model, batch, config):
    (numbers, categories), labels = batch
    outputs = model(numbers, categories)
    if labels.is_floating_point():
        scale = model.std
        losses = F.huber_loss(outputs / scale, labels / scale, reduction="none", delta=0.5)
        return losses, outputs
    return F.cross_entropy(outputs, labels, reduction="none"), outputs


def prepare(project):
    import random

    random.seed(0)
    lines = ["rooms,garden,area,price\n"]
    for _ in range(300):
        rooms = random.randint(1, 6)
        garden = random.choice(["yes", "no", "shared"])
        area = 20 * rooms + random.random() * 30
        price = 1000 * area + 20000 * (garden == "yes") + random.gauss(0, 5000)
        lines.append(f"{rooms},{garden},{area:.1f},{price:.0f}\n")
    (project / "houses.csv").write_text("".join(lines), encoding="utf-8")
