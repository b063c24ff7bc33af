import torch
import torch.nn.functional as F

from config import Config
from engine.dataset import Batch
from model import compute_loss


def accuracy(logits: torch.Tensor, labels: torch.Tensor) -> float:
    return (logits.argmax(dim=1) == labels).float().mean().item()


def train(
    model: torch.nn.Module,
    optimizer: torch.optim.Optimizer,
    batches: list[Batch],
    config: Config,
) -> list[float]:
    history = []
    model.train()
    for batch in batches:
        losses, _ = compute_loss(model, batch, config)
        loss = losses.mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        history.append(loss.item())
    return history


def evaluate(model: torch.nn.Module, batches: list[tuple[torch.Tensor, torch.Tensor]]) -> float:
    was_training = model.training
    model.eval()
    total = 0.0
    examples = 0
    with torch.no_grad():
        for inputs, labels in batches:
            total += F.cross_entropy(model(inputs), labels, reduction="sum").item()
            examples += len(labels)
    model.train(was_training)
    return total / examples


def confusion_matrix(answers: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    # Each pair of label and answer has a number of its own, and bincount counts numbers.
    counts = torch.bincount(classes * labels + answers, minlength=classes * classes)
    return counts.view(classes, classes)


def worst_mistakes(logits: torch.Tensor, labels: torch.Tensor, count: int) -> torch.Tensor:
    losses = F.cross_entropy(logits, labels, reduction="none")
    wrong = logits.argmax(dim=1) != labels
    order = losses.argsort(descending=True)
    return order[wrong[order]][:count]
