"""What a beginner writes: scikit-learn's data, item by item, the optimizer's defaults.

    python naive.py --model mlp --batch-size 64 --epochs 20

TensorDataset and DataLoader as in PyTorch's quickstart, AdamW with a constant rate, .item() in each
step, a validation in each epoch, and the weights saved at the end.
"""

import torch
from common import LR, build_model, read_arguments
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def main() -> None:
    """Train, validate after each epoch, save the weights."""
    options = read_arguments(__doc__)
    images, labels = load_digits(return_X_y=True)
    images = torch.tensor(images, dtype=torch.float32).reshape(-1, 1, 8, 8)
    labels = torch.tensor(labels)
    train_x, rest_x, train_y, rest_y = train_test_split(images, labels, train_size=1079)
    val_x, _, val_y, _ = train_test_split(rest_x, rest_y, train_size=359)
    train_loader = DataLoader(
        TensorDataset(train_x, train_y), batch_size=options.batch_size, shuffle=True
    )
    val_loader = DataLoader(TensorDataset(val_x, val_y), batch_size=options.batch_size)

    model = build_model(options.model, train_x)
    loss_fn = nn.CrossEntropyLoss()
    optimizer = torch.optim.AdamW(model.parameters(), lr=LR)
    for epoch in range(options.epochs):
        model.train()
        total = 0.0
        for x, y in train_loader:
            optimizer.zero_grad()
            loss = loss_fn(model(x), y)
            loss.backward()
            optimizer.step()
            total += loss.item()

        model.eval()
        correct = 0
        with torch.no_grad():
            for x, y in val_loader:
                correct += (model(x).argmax(1) == y).sum().item()
        accuracy = correct / len(val_x)
        print(f"epoch {epoch + 1}: loss {total / len(train_loader):.4f}, accuracy {accuracy:.4f}")
    torch.save(model.state_dict(), "model.pt")


if __name__ == "__main__":
    main()
