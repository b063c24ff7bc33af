"""Answers to the exercises of lesson 6: unusual right ones, and plausible wrong ones."""

RIGHT = {}

WRONG = {
    "pad": [
        """
longest = max(len(row) for row in rows)
return torch.tensor([[0] * (longest - len(row)) + row for row in rows])
""",
        "return torch.tensor(rows)",
    ],
    "brighter": [
        "return (pixels + by).clamp(max=255)",
        "return (pixels.int() + by).clamp(max=255)",
    ],
    "batches_per_epoch": [
        "return len(dataset) // batch_size",
        "return len(dataset) // batch_size + 1",
    ],
    "class_counts": [
        """
labels = torch.tensor([int(dataset[index][1]) for index in range(len(dataset))])
return labels.bincount()
""",
        """
counts = torch.zeros(classes)
for index in range(len(dataset)):
    _, label = dataset[index]
    counts[label] += 1
return counts
""",
    ],
}
