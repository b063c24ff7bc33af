"""Answers to the exercises of lesson 9: unusual right ones, and plausible wrong ones."""

RIGHT = {}

WRONG = {
    "accuracy": [
        "return (logits.argmax(dim=1) == labels).float().mean()",
        "return (logits.argmax(dim=1) == labels).sum().item()",
    ],
    "share": [
        "return indices.chunk(processes)[rank]",
        "return indices[rank:processes]",
    ],
    "average_gradients": [
        "return [torch.stack(each).sum(dim=0) for each in zip(*gradients)]",
        "return [torch.stack(each).mean(dim=0) for each in gradients]",
    ],
    "train": [
        """
history = []
for batch in batches:
    losses, _ = compute_loss(model, batch, config)
    losses.mean().backward()
    optimizer.step()
    history.append(losses.mean().item())
return history
""",
        """
history = []
for batch in batches:
    losses, _ = compute_loss(model, batch, config)
    history.append(losses.mean().item())
return history
""",
    ],
}
