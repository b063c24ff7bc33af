"""Answers to the exercises of lesson 6: unusual right ones, and plausible wrong ones."""

RIGHT = {
    "pad": [
        """
from torch.nn.utils.rnn import pad_sequence
return pad_sequence([torch.tensor(row) for row in rows], batch_first=True)
""",
        """
from itertools import zip_longest
return torch.tensor(list(zip_longest(*rows, fillvalue=0))).T
""",
        """
table = torch.zeros(len(rows), max(map(len, rows)), dtype=torch.int64)
for number, row in enumerate(rows):
    for column, value in enumerate(row):
        table[number, column] = value
return table
""",
        """
copies = [list(row) for row in rows]
width = len(max(copies, key=len))
for row in copies:
    while len(row) < width:
        row.append(0)
return torch.tensor(copies)
""",
    ],
    "brighter": [
        "return torch.where(pixels > 255 - by, 255, pixels + by).to(torch.uint8)",
        """
result = pixels.to(torch.float32) + by
result[result > 255] = 255
return result.byte()
""",
        "return 255 - torch.clamp((255 - pixels).to(torch.int16) - by, min=0).to(torch.uint8)",
        """
values = [min(value + by, 255) for value in pixels.flatten().tolist()]
return torch.tensor(values, dtype=torch.uint8).reshape(pixels.shape)
""",
    ],
    "batches_per_epoch": [
        """
full, rest = divmod(len(dataset), batch_size)
return full + (1 if rest else 0)
""",
        "return len(torch.utils.data.DataLoader(range(len(dataset)), batch_size=batch_size))",
        "return (len(dataset) + batch_size - 1) // batch_size",
        "return len(range(0, len(dataset), batch_size))",
        """
batches = 0
left = len(dataset)
while left > 0:
    left -= batch_size
    batches += 1
return batches
""",
    ],
    "class_counts": [
        """
labels = torch.tensor([int(dataset[index][1]) for index in range(len(dataset))])
return labels.bincount(minlength=classes)
""",
        """
from collections import Counter
counter = Counter(int(dataset[index][1]) for index in range(len(dataset)))
return torch.tensor([counter[number] for number in range(classes)], dtype=torch.int32)
""",
        """
labels = [int(dataset[index][1]) for index in range(len(dataset))]
return torch.tensor([sum(label == number for label in labels) for number in range(classes)])
""",
        """
labels = torch.tensor([int(dataset[i][1]) for i in range(len(dataset))])
return (labels[:, None] == torch.arange(classes)).sum(dim=0)
""",
    ],
    "Windows": [
        """
class Windows(Dataset):
    def __init__(self, series, length):
        self.rows = series.unfold(0, length + 1, 1)

    def __len__(self):
        return self.rows.shape[0]

    def __getitem__(self, index):
        row = self.rows[index]
        return row[:-1], row[-1]
""",
        """
class Windows(Dataset):
    def __init__(self, series, length):
        super().__init__()
        self.pairs = []
        for end in range(length, len(series)):
            self.pairs.append((series[end - length : end].clone(), series[end].clone()))

    def __len__(self):
        return len(self.pairs)

    def __getitem__(self, index):
        return self.pairs[index]
""",
        """
class Windows(torch.utils.data.TensorDataset):
    def __init__(self, series, length):
        count = series.numel() - length
        places = torch.arange(count)[:, None] + torch.arange(length)
        super().__init__(series[places], series[length:])
""",
        """
class Windows(Dataset):
    def __init__(self, series, length):
        self.series, self.length = series, length

    def __len__(self):
        return max(0, self.series.size(0) - self.length)

    def __getitem__(self, index):
        if not 0 <= index < len(self):
            raise IndexError(index)
        return torch.narrow(self.series, 0, index, self.length), self.series[self.length + index]
""",
    ],
    "erase_square": [
        """
import random
channels, height, width = picture.shape
top, left = random.randint(0, height - size), random.randint(0, width - size)
mask = torch.ones(height, width, dtype=picture.dtype)
mask[top : top + size, left : left + size] = 0
return picture * mask
""",
        """
row = torch.randint(0, picture.shape[1] - size + 1, (1,)).item()
column = torch.randint(0, picture.shape[2] - size + 1, (1,)).item()
result = picture.clone()
for channel in result:
    channel[row : row + size, column : column + size].zero_()
return result
""",
        """
import numpy as np
generator = np.random.default_rng()
top = generator.integers(picture.shape[-2] - size, endpoint=True)
left = generator.integers(picture.shape[-1] - size, endpoint=True)
result = picture.detach().numpy().copy()
result[..., top : top + size, left : left + size] = 0
return torch.from_numpy(result)
""",
        """
places = [(top, left) for top in range(picture.shape[1] - size + 1)
          for left in range(picture.shape[2] - size + 1)]
top, left = places[int(torch.rand(()) * len(places))]
rows = torch.arange(picture.shape[1])[:, None]
columns = torch.arange(picture.shape[2])
inside = (rows >= top) & (rows < top + size) & (columns >= left) & (columns < left + size)
return picture.masked_fill(inside, 0)
""",
    ],
    "split_by_person": [
        """
import random
val_names = random.Random(seed).sample(sorted(set(persons)), val_persons)
sides = [], []
for number, person in enumerate(persons):
    sides[person in val_names].append(number)
return sides
""",
        """
import numpy as np
names = np.unique(persons)
chosen = np.random.RandomState(seed).permutation(names)[:val_persons]
is_val = np.isin(persons, chosen)
return np.flatnonzero(~is_val).tolist(), np.flatnonzero(is_val).tolist()
""",
        """
torch.manual_seed(seed)
names = list(dict.fromkeys(persons))
chosen = [names[i] for i in torch.randperm(len(names))[:val_persons]]
val = [i for i in range(len(persons)) if persons[i] in chosen]
return sorted(set(range(len(persons))) - set(val)), val
""",
        """
import numpy as np

rng = np.random.default_rng(seed)
val = rng.choice(np.unique(persons), size=val_persons, replace=False)
is_val = np.isin(np.array(persons), val)
return np.flatnonzero(~is_val).tolist(), np.flatnonzero(is_val).tolist()
""",
        """
import random
pictures = {str(name): [] for name in sorted(set(persons))}
for number, person in enumerate(persons):
    pictures[person].append(number)
chosen = random.Random(seed).sample(list(pictures), val_persons)
val = sorted(sum((pictures[name] for name in chosen), []))
return [number for number in range(len(persons)) if number not in val], val
""",
        """
import numpy as np
generator = np.random.default_rng(seed)
chosen = set(generator.choice(np.unique(persons), val_persons, replace=False).tolist())
train = [i for i, person in enumerate(persons) if person not in chosen]
val = [i for i, person in enumerate(persons) if person in chosen]
return train, val
""",
        """
from sklearn.model_selection import GroupShuffleSplit

splitter = GroupShuffleSplit(n_splits=1, test_size=val_persons, random_state=seed)
train, val = next(splitter.split(persons, groups=persons))
return sorted(train.tolist()), sorted(val.tolist())
""",
    ],
}

WRONG = {
    "pad": [
        """
longest = max(len(row) for row in rows)
return torch.tensor([[0] * (longest - len(row)) + row for row in rows])
""",
        "return torch.tensor(rows)",
        """
longest = len(rows[0])
return torch.tensor([row + [0] * (longest - len(row)) for row in rows])
""",
        """
longest = max(len(row) for row in rows)
for row in rows:
    row += [0] * (longest - len(row))
return torch.tensor(rows)
""",
        """
table = torch.zeros(len(rows), max(len(row) for row in rows))
for number, row in enumerate(rows):
    table[number, : len(row)] = torch.tensor(row)
return table
""",
        """
longest = max(len(row) for row in rows)
return [row + [0] * (longest - len(row)) for row in rows]
""",
        """
shortest = min(len(row) for row in rows)
return torch.tensor([row[:shortest] for row in rows])
""",
    ],
    "brighter": [
        "return (pixels + by).clamp(max=255)",
        "return (pixels.int() + by).clamp(max=255)",
        "return (pixels.int() + by).to(torch.uint8)",
        "return (pixels.int() + by).clamp(max=250).to(torch.uint8)",
        "return torch.where(pixels > 245, 255, pixels + by).to(torch.uint8)",
        """
high = pixels > 255 - by
pixels += by
pixels[high] = 255
return pixels
""",
        "return torch.maximum(pixels, pixels + by)",
    ],
    "batches_per_epoch": [
        "return len(dataset) // batch_size",
        "return len(dataset) // batch_size + 1",
        "return len(dataset) / batch_size",
        "return round(len(dataset) / batch_size)",
        "return max(1, len(dataset) // batch_size)",
        "return len(dataset) // batch_size + len(dataset) % batch_size",
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
        """
counts = torch.zeros(classes, dtype=torch.long)
for index in range(len(dataset)):
    _, label = dataset[index]
    counts[label] = 1
return counts
""",
        """
counts = torch.zeros(classes, dtype=torch.long)
for index in range(len(dataset) - 1):
    _, label = dataset[index]
    counts[label] += 1
return counts
""",
        """
counts = {}
for index in range(len(dataset)):
    label = int(dataset[index][1])
    counts[label] = counts.get(label, 0) + 1
return torch.tensor(list(counts.values()))
""",
        """
counts = [0] * classes
for index in range(len(dataset)):
    counts[int(dataset[index][1])] += 1
return counts
""",
        """
_, labels = dataset.tensors
return labels.bincount(minlength=classes)
""",
        """
counts = torch.zeros(classes, dtype=torch.uint8)
for index in range(len(dataset)):
    counts[int(dataset[index][1])] += 1
return counts
""",
    ],
    "Windows": [
        """
class Windows(Dataset):
    def __init__(self, series, length):
        self.series, self.length = series, length

    def __len__(self):
        return len(self.series) - self.length + 1

    def __getitem__(self, index):
        return self.series[index : index + self.length], self.series[index + self.length]
""",
        """
class Windows(Dataset):
    def __init__(self, series, length):
        self.series, self.length = series, length

    def __len__(self):
        return len(self.series)

    def __getitem__(self, index):
        return self.series[index : index + self.length], self.series[index + self.length]
""",
        """
class Windows(Dataset):
    def __init__(self, series, length):
        self.series, self.length = series, length

    def __len__(self):
        return len(self.series) // self.length

    def __getitem__(self, index):
        start = index * self.length
        return self.series[start : start + self.length], self.series[start + self.length]
""",
        """
class Windows(Dataset):
    def __init__(self, series, length):
        self.series, self.length = series, length

    def __len__(self):
        return len(self.series) - self.length

    def __getitem__(self, index):
        return self.series[index : index + self.length], self.series[index + self.length - 1]
""",
        """
class Windows(Dataset):
    def __init__(self, series, length):
        self.series, self.length = series, length

    def __len__(self):
        return len(self.series) - self.length

    def __getitem__(self, index):
        end = index + self.length
        return self.series[index:end], self.series[end : end + 1]
""",
        """
class Windows(Dataset):
    def __init__(self, series, length):
        Windows.series, Windows.length = series, length

    def __len__(self):
        return len(self.series) - self.length

    def __getitem__(self, index):
        return self.series[index : index + self.length], self.series[index + self.length]
""",
        """
class Windows(Dataset):
    def __init__(self, series, length):
        self.series = series

    def __len__(self):
        return len(self.series) - 3

    def __getitem__(self, index):
        return self.series[index : index + 3], self.series[index + 3]
""",
        """
class Windows(Dataset):
    def __init__(self, series, length):
        self.series, self.length = series, length

    def __len__(self):
        return len(self.series) - self.length

    def __getitem__(self, index):
        return self.series[index : index + self.length]
""",
    ],
    "erase_square": [
        """
_, height, width = picture.shape
top, left = (height - size) // 2, (width - size) // 2
erased = picture.clone()
erased[:, top : top + size, left : left + size] = 0
return erased
""",
        """
_, height, width = picture.shape
top, left = torch.randint(height, ()), torch.randint(width, ())
erased = picture.clone()
erased[:, top : top + size, left : left + size] = 0
return erased
""",
        """
_, height, width = picture.shape
top = torch.randint(max(1, height - size), ())
left = torch.randint(max(1, width - size), ())
erased = picture.clone()
erased[:, top : top + size, left : left + size] = 0
return erased
""",
        """
_, height, width = picture.shape
top = torch.randint(height - size + 1, ())
left = torch.randint(width - size + 1, ())
picture[:, top : top + size, left : left + size] = 0
return picture
""",
        """
_, height, width = picture.shape
top = torch.randint(height - size + 1, ())
left = torch.randint(width - size + 1, ())
erased = picture.clone()
erased[0, top : top + size, left : left + size] = 0
return erased
""",
        """
_, height, width = picture.shape
place = torch.randint(min(height, width) - size + 1, ())
erased = picture.clone()
erased[:, place : place + size, place : place + size] = 0
return erased
""",
        """
_, height, width = picture.shape
top = torch.randint(width - size + 1, ())
left = torch.randint(height - size + 1, ())
erased = picture.clone()
erased[:, top : top + size, left : left + size] = 0
return erased
""",
        """
torch.manual_seed(0)
_, height, width = picture.shape
top = torch.randint(height - size + 1, ())
left = torch.randint(width - size + 1, ())
erased = picture.clone()
erased[:, top : top + size, left : left + size] = 0
return erased
""",
    ],
    "split_by_person": [
        """
generator = torch.Generator().manual_seed(seed)
order = torch.randperm(len(persons), generator=generator).tolist()
return sorted(order[val_persons:]), sorted(order[:val_persons])
""",
        """
chosen = sorted(set(persons))[:val_persons]
train = [i for i, person in enumerate(persons) if person not in chosen]
val = [i for i, person in enumerate(persons) if person in chosen]
return train, val
""",
        """
import random
random.seed(hash((seed, persons[0])))
names = sorted(set(persons))
chosen = random.sample(names, val_persons)
train = [i for i, person in enumerate(persons) if person not in chosen]
val = [i for i, person in enumerate(persons) if person in chosen]
return train, val
""",
        """
import random
chosen = random.sample(sorted(set(persons)), val_persons)
train = [i for i, person in enumerate(persons) if person not in chosen]
val = [i for i, person in enumerate(persons) if person in chosen]
return train, val
""",
        """
import random
chosen = random.Random(seed).sample(persons, val_persons)
train = [i for i, person in enumerate(persons) if person not in chosen]
val = [i for i, person in enumerate(persons) if person in chosen]
return train, val
""",
        """
import random
chosen = random.Random(seed).sample(sorted(set(persons)), val_persons)
train = [i for i, person in enumerate(persons) if person not in chosen]
val = [persons.index(person) for person in chosen]
return train, sorted(val)
""",
        """
import random
chosen = random.Random(seed).sample(sorted(set(persons)), val_persons)
val = [i for i, person in enumerate(persons) if person not in chosen]
train = [i for i, person in enumerate(persons) if person in chosen]
return train, val
""",
        """
import random
names = sorted(set(persons))
random.Random(seed).shuffle(names)
pictures = {name: [i for i, person in enumerate(persons) if person == name] for name in names}
val = sum((pictures[name] for name in names[:val_persons]), [])
train = sum((pictures[name] for name in names[val_persons:]), [])
return train, val
""",
        """
import random

names = list(set(persons))
val = set(random.Random(seed).sample(names, val_persons))
numbers = range(len(persons))
return [n for n in numbers if persons[n] not in val], [n for n in numbers if persons[n] in val]
""",
        """
names = sorted(set(persons))
val = {names[(seed + place) % len(names)] for place in range(val_persons)}
numbers = range(len(persons))
return [n for n in numbers if persons[n] not in val], [n for n in numbers if persons[n] in val]
""",
    ],
}
