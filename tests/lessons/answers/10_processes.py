"""Answers to the exercises of lesson 10: unusual right ones, and plausible wrong ones."""

RIGHT = {
    "share": [
        "places = torch.arange(len(indices))\nreturn indices[places % processes == rank]",
        "mine = [int(i) for place, i in enumerate(indices) if place % processes == rank]\n"
        "return torch.tensor(mine, dtype=indices.dtype)",
        "return indices.clone()[range(rank, len(indices), processes)]",
        "return indices[torch.arange(len(indices)).remainder(processes).eq(rank).nonzero()[:, 0]]",
    ],
    "average_gradients": [
        "return [sum(each) / len(each) for each in zip(*gradients)]",
        """
means = []
for number in range(len(gradients[0])):
    total = torch.zeros_like(gradients[0][number])
    for process in gradients:
        total += process[number]
    means.append(total / len(gradients))
return means
""",
        """
total = [tensor.clone() for tensor in gradients[0]]
for process in gradients[1:]:
    for tensor, other in zip(total, process):
        tensor += other
return tuple(tensor / len(gradients) for tensor in total)
""",
        "return [torch.mean(torch.stack(list(each)), 0) for each in zip(*gradients)]",
    ],
    "equal_shares": [
        """
deck = list(indices)
while len(deck) % processes:
    deck.append(indices[len(deck) % len(indices)])
return [deck[rank::processes] for rank in range(processes)]
""",
        """
from torch.utils.data import DistributedSampler
return [
    [indices[place] for place in DistributedSampler(indices, processes, rank, shuffle=False)]
    for rank in range(processes)
]
""",
        """
import itertools
shares = [[] for _ in range(processes)]
cards = itertools.cycle(indices)
for _ in range(-(-len(indices) // processes)):
    for one in shares:
        one.append(next(cards))
return tuple(shares)
""",
        """
missing = -len(indices) % processes
deck = torch.tensor(indices + (indices * processes)[:missing])
return deck.view(-1, processes).T.tolist()
""",
    ],
    "mean_loss": [
        """
total = 0.0
for mean, count in zip(means, counts):
    if count:
        total += mean * count
return total / sum(counts)
""",
        "weights = torch.tensor(counts) / sum(counts)\n"
        "return torch.nansum(torch.tensor(means) * weights).item()",
        """
losses = []
for mean, count in zip(means, counts):
    losses += [mean] * count
return sum(losses) / len(losses)
""",
        "return torch.dot(torch.tensor(means).nan_to_num(), torch.tensor(counts).float()).item() "
        "/ sum(counts)",
    ],
}

WRONG = {
    "share": [
        "return indices.chunk(processes)[rank]",
        "return indices[rank:processes]",
        "return indices[rank::2]",
        "return indices[indices % processes == rank]",
        "return indices[1::processes]",
        "return torch.arange(rank, len(indices), processes)",
        "return indices[rank::processes].tolist()",
        "size = len(indices) // processes\nreturn indices[rank * size : (rank + 1) * size]",
        "return indices.view(-1, processes)[:, rank]",
        "return indices.sort().values[rank::processes]",
    ],
    "average_gradients": [
        "return [torch.stack(each).sum(dim=0) for each in zip(*gradients)]",
        "return [torch.stack(each).mean(dim=0) for each in gradients]",
        "return [sum(each) / 2 for each in zip(*gradients)]",
        "return [torch.stack(each).mean() for each in zip(*gradients)]",
        "return [(a + b) / 2 for a, b in zip(gradients[0], gradients[1])]",
        """
for other in gradients[1:]:
    for ours, theirs in zip(gradients[0], other):
        ours += theirs
return [ours / len(gradients) for ours in gradients[0]]
""",
        "return gradients[0]",
        "return [torch.stack(each).median(dim=0).values for each in zip(*gradients)]",
        "return torch.stack([torch.stack(each).mean(dim=0) for each in zip(*gradients)])",
        "return [sum(each) / len(gradients[0]) for each in zip(*gradients)]",
    ],
    "equal_shares": [
        "return [indices[rank::processes] for rank in range(processes)]",
        """
length = len(indices) // processes
return [indices[rank::processes][:length] for rank in range(processes)]
""",
        """
while len(indices) % processes:
    indices.append(indices[0])
return [indices[rank::processes] for rank in range(processes)]
""",
        """
deck = indices + indices[: -len(indices) % processes]
return [deck[rank::processes] for rank in range(processes)]
""",
        """
deck = indices + indices[: processes - len(indices) % processes]
return [deck[rank::processes] for rank in range(processes)]
""",
        """
size = -(-len(indices) // processes)
deck = (indices * processes)[: size * processes]
return [deck[rank * size : (rank + 1) * size] for rank in range(processes)]
""",
        """
deck = indices + [0] * (-len(indices) % processes)
return [deck[rank::processes] for rank in range(processes)]
""",
        """
deck = indices + [indices[-1]] * (-len(indices) % processes)
return [deck[rank::processes] for rank in range(processes)]
""",
    ],
    "mean_loss": [
        "return sum(means) / len(means)",
        "return sum(mean * count for mean, count in zip(means, counts)) / sum(counts)",
        "return sum(mean * count for mean, count in zip(means, counts) if count) / len(counts)",
        "return sum(mean * count for mean, count in zip(means, counts) if count)",
        "return torch.tensor(means).nanmean().item()",
        "return (2 * means[0] + means[1]) / 3",
        "total = sum(mean * count for mean, count in zip(means, counts) if count)\n"
        "return torch.tensor(total / sum(counts))",
    ],
}
