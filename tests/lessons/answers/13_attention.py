"""Answers to the exercises of lesson 13: unusual right ones, and plausible wrong ones."""

RIGHT = {
    "attend_to_text": [
        """
rows = []
for number, length in enumerate(lengths.tolist()):
    keys, values = key[number, :length], value[number, :length]
    scores = query[number] @ keys.T / query.shape[-1] ** 0.5
    rows.append(torch.softmax(scores, -1) @ values)
return torch.stack(rows)
""",
        """
known = torch.arange(key.shape[1])[None, None, :] < lengths[:, None, None]
return nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=known)
""",
        """
scores = torch.einsum("ntd,nsd->nts", query, key) / query.size(-1) ** 0.5
weights = torch.exp(scores - scores.max())
known = (torch.arange(key.size(1)) < lengths.unsqueeze(1)).float()
weights = weights * known.unsqueeze(1)
return torch.bmm(weights / weights.sum(2, keepdim=True), value)
""",
    ],
    "window_mask": [
        "return torch.ones(steps, steps, dtype=torch.bool).tril().triu(1 - width)",
        """
mask = torch.zeros((steps, steps), dtype=torch.bool)
for row in range(steps):
    mask[row, max(0, row - width + 1) : row + 1] = True
return mask
""",
        """
rows = [[0 <= i - j <= width - 1 for j in range(steps)] for i in range(steps)]
return torch.tensor(rows)
""",
        """
ones = torch.ones(steps, steps)
return (torch.tril(ones) - torch.tril(ones, diagonal=-width)).bool()
""",
    ],
    "next_characters": [
        """
place = {character: number for number, character in enumerate(sorted(set(text)))}
rows = [], []
for start in range(0, len(text) - length, length):
    for shift in (0, 1):
        piece = text[start + shift : start + shift + length]
        rows[shift].append([place[character] for character in piece])
return tuple(torch.tensor(row, dtype=torch.long).reshape(-1, length) for row in rows)
""",
        """
alphabet = sorted(set(text))
numbers = torch.tensor([alphabet.index(character) for character in text], dtype=torch.int32)
if len(text) <= length:
    return torch.zeros(0, length).long(), torch.zeros(0, length).long()
pieces = numbers.unfold(0, length + 1, length)
return pieces[:, :-1], pieces[:, 1:]
""",
        """
codes = torch.tensor([ord(character) for character in text])
_, numbers = torch.unique(codes, return_inverse=True)
rows = (len(numbers) - 1) // length
places = torch.arange(rows)[:, None] * length + torch.arange(length)
return [numbers[places], numbers[places + 1]]
""",
    ],
    "draw_next": [
        """
if not temperature:
    return int(torch.argmax(logits))
return int(torch.distributions.Categorical(logits=logits / temperature).sample())
""",
        """
import random
if temperature == 0:
    return logits.tolist().index(max(logits.tolist()))
weights = torch.exp((logits - logits.max()) / temperature)
return random.choices(range(len(logits)), weights.tolist())[0]
""",
        """
if temperature == 0:
    return logits.max(dim=0).indices.item()
noise = -torch.log(-torch.log(torch.rand(len(logits))))
return (logits / temperature + noise).argmax().item()
""",
        """
temperature = max(temperature, 1e-6)
sums = torch.softmax(logits.double() / temperature, 0).cumsum(0)
return min(int(torch.searchsorted(sums, torch.rand(1).double(), right=True)), len(logits) - 1)
""",
    ],
    "Residual": [
        """
class Residual(nn.Module):
    def __init__(self, layer):
        super(Residual, self).__init__()
        self.layer = layer
        self.register_parameter("scale", nn.Parameter(torch.tensor([0.0])))

    def forward(self, x):
        return torch.addcmul(x, self.scale, self.layer(x))
""",
        """
class Residual(torch.nn.Module):
    def __init__(self, layer):
        nn.Module.__init__(self)
        self.scale = torch.nn.Parameter(torch.Tensor([0]), requires_grad=True)
        self.layer = layer

    def forward(self, x):
        found = self.layer(x.clone())
        found = found * self.scale
        found = found + x
        return found
""",
        """
class Residual(nn.Module):
    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.add_module("layer", layer)
        self.scale = nn.Parameter(torch.empty(1))
        nn.init.zeros_(self.scale)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = x.clone()
        y += self.layer(x) * self.scale
        return y
""",
    ],
    "many_heads": [
        """
results = []
for q, k, v in zip(*(tensor.chunk(heads, dim=2) for tensor in (query, key, value))):
    results.append(nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True))
return torch.cat(results, dim=-1)
""",
        """
n, t, d = query.shape
q = query.reshape(n, t, heads, d // heads)
k = key.reshape(n, t, heads, d // heads)
v = value.reshape(n, t, heads, d // heads)
scores = torch.einsum("nthd,nshd->nhts", q, k) / (d // heads) ** 0.5
scores = scores + torch.full((t, t), float("-inf")).triu(1)
return torch.einsum("nhts,nshd->nthd", scores.softmax(-1), v).reshape(n, t, d)
""",
        """
size = query.shape[2] // heads
means = torch.zeros_like(value)
for head in range(heads):
    part = slice(head * size, (head + 1) * size)
    for step in range(query.shape[1]):
        q, k = query[:, step : step + 1, part], key[:, : step + 1, part]
        weights = (q @ k.mT / size**0.5).softmax(2)
        means[:, step, part] = (weights @ value[:, : step + 1, part])[:, 0]
return means
""",
    ],
}

WRONG = {
    "attend_to_text": [
        "return nn.functional.scaled_dot_product_attention(query, key, value)",
        """
scores = query @ key.transpose(1, 2)
filling = torch.arange(key.shape[1]) >= lengths[:, None]
return scores.masked_fill(filling[:, None], float("-inf")).softmax(dim=2) @ value
""",
        """
scores = query @ key.transpose(1, 2) / query.shape[2] ** 0.5
filling = torch.arange(key.shape[1]) >= lengths[:, None]
return scores.masked_fill(filling[:, None], 0).softmax(dim=2) @ value
""",
        """
scores = query @ key.transpose(1, 2) / query.shape[2] ** 0.5
known = torch.arange(key.shape[1]) < lengths[:, None]
return scores.softmax(dim=2) * known[:, None] @ value
""",
        """
scores = query @ key.transpose(1, 2) / query.shape[2] ** 0.5
filling = torch.arange(key.shape[1]) > lengths[:, None]
return scores.masked_fill(filling[:, None], float("-inf")).softmax(dim=2) @ value
""",
        """
scores = query @ key.transpose(1, 2) / query.shape[1] ** 0.5
filling = torch.arange(key.shape[1]) >= lengths[:, None]
return scores.masked_fill(filling[:, None], float("-inf")).softmax(dim=2) @ value
""",
        """
length = lengths.max()
key, value = key[:, :length], value[:, :length]
return nn.functional.scaled_dot_product_attention(query, key, value)
""",
    ],
    "window_mask": [
        "return torch.ones(steps, steps, dtype=torch.bool).tril()",
        """
place = torch.arange(steps)
return (place[:, None] - place).abs() < width
""",
        "return torch.ones(steps, steps, dtype=torch.bool).tril().triu(-width)",
        "return torch.ones(steps, steps, dtype=torch.bool).triu().tril(width - 1)",
        "return torch.ones(steps, steps).tril().triu(1 - width)",
        "return ~torch.ones(steps, steps, dtype=torch.bool).tril().triu(1 - width)",
    ],
    "next_characters": [
        """
alphabet = sorted(set(text))
numbers = torch.tensor([alphabet.index(character) for character in text])
pieces = numbers.unfold(0, length + 1, 1)
return pieces[:, :-1], pieces[:, 1:]
""",
        """
alphabet = sorted(set(text))
numbers = torch.tensor([alphabet.index(character) for character in text])
rows = len(text) // length
inputs = numbers[: rows * length].view(rows, length)
return inputs, inputs.roll(-1, dims=1)
""",
        """
alphabet = list(dict.fromkeys(text))
numbers = torch.tensor([alphabet.index(character) for character in text])
rows = (len(text) - 1) // length
end = rows * length
return numbers[:end].view(rows, length), numbers[1 : end + 1].view(rows, length)
""",
        """
alphabet = sorted(set(text))
numbers = torch.tensor([alphabet.index(character) for character in text])
rows = (len(text) - 1) // length
end = rows * length
return numbers[1 : end + 1].view(rows, length), numbers[:end].view(rows, length)
""",
        """
alphabet = sorted(set(text))
numbers = torch.tensor([alphabet.index(character) for character in text])
end = len(text) // length * length
return numbers[:end].view(-1, length), numbers[1 : end + 1].view(-1, length)
""",
        """
numbers = torch.tensor([ord(character) - ord("a") for character in text])
rows = (len(text) - 1) // length
end = rows * length
return numbers[:end].view(rows, length), numbers[1 : end + 1].view(rows, length)
""",
    ],
    "draw_next": [
        "return logits.argmax().item()",
        """
if temperature == 0:
    return logits.argmax().item()
return torch.multinomial(logits.softmax(dim=0), 1).item()
""",
        """
if temperature == 0:
    return logits.argmax().item()
return torch.multinomial((logits * temperature).softmax(dim=0), 1).item()
""",
        "return torch.multinomial((logits / temperature).softmax(dim=0), 1).item()",
        """
if temperature == 0:
    return logits.argmax()
return torch.multinomial((logits / temperature).softmax(dim=0), 1)
""",
        """
if temperature < 0.5:
    return logits.argmax().item()
return torch.multinomial((logits / temperature).softmax(dim=0), 1).item()
""",
        """
if temperature == 0:
    return logits.argmax().item()
return torch.multinomial(logits.softmax(dim=0) / temperature, 1).item()
""",
        """
torch.manual_seed(0)
if temperature == 0:
    return logits.argmax().item()
return torch.multinomial((logits / temperature).softmax(dim=0), 1).item()
""",
    ],
    "Residual": [
        """
class Residual(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.layer = layer
        self.scale = torch.zeros(1)

    def forward(self, x):
        return x + self.scale * self.layer(x)
""",
        """
class Residual(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.layer = layer
        self.scale = nn.Parameter(torch.ones(1))

    def forward(self, x):
        return x + self.scale * self.layer(x)
""",
        """
class Residual(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.layer = layer
        self.scale = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        return self.scale * x + self.layer(x)
""",
        """
class Residual(nn.Module):
    def __init__(self, layer):
        self.layer = layer
        self.scale = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        return x + self.scale * self.layer(x)
""",
        """
class Residual(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.layer = layer
        self.scale = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        x += self.scale * self.layer(x)
        return x
""",
        """
class Residual(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.layer = layer
        self.scale = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        return x
""",
        """
class Residual(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.layer = layer
        self.scale = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        return x + self.scale.item() * self.layer(x)
""",
    ],
    "many_heads": [
        "return nn.functional.scaled_dot_product_attention(query, key, value, is_causal=True)",
        """
n, t, d = query.shape
q, k, v = (tensor.reshape(n, heads, t, d // heads) for tensor in (query, key, value))
means = nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
return means.reshape(n, t, d)
""",
        """
n, t, d = query.shape
q, k, v = (tensor.view(n, t, heads, d // heads).transpose(1, 2) for tensor in (query, key, value))
means = nn.functional.scaled_dot_product_attention(q, k, v)
return means.transpose(1, 2).reshape(n, t, d)
""",
        """
n, t, d = query.shape
q, k, v = (tensor.view(n, t, heads, d // heads).transpose(1, 2) for tensor in (query, key, value))
means = nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
return means.reshape(n, t, d)
""",
        """
n, t, d = query.shape
q, k, v = (tensor.view(n, t, heads, d // heads).transpose(1, 2) for tensor in (query, key, value))
scale = d**-0.5
means = nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True, scale=scale)
return means.transpose(1, 2).reshape(n, t, d)
""",
        """
results = []
for head in range(heads):
    q, k, v = (tensor[..., head::heads] for tensor in (query, key, value))
    results.append(nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True))
return torch.cat(results, dim=2)
""",
    ],
}
