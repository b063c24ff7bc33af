"""Answers to the exercises of lesson 4: unusual right ones, and plausible wrong ones."""

RIGHT = {
    "linear": [
        "return torch.nn.functional.linear(inputs, weight, bias)",
        'return torch.einsum("ni,oi->no", inputs, weight) + bias',
        """
rows = []
for example in inputs:
    rows.append(torch.stack([(example * row).sum() for row in weight]) + bias)
return torch.stack(rows)
""",
        """
layer = torch.nn.Linear(weight.shape[1], weight.shape[0])
with torch.no_grad():
    layer.weight.copy_(weight)
    layer.bias.copy_(bias)
    return layer(inputs)
""",
        "return (weight @ inputs.T + bias[:, None]).T",
    ],
    "convolution_size": [
        """
import math
return math.floor((size - kernel + 2 * padding) / stride) + 1
""",
        "return len(range(0, size + 2 * padding - kernel + 1, stride))",
        """
places = 0
begin = -padding
while begin + kernel <= size + padding:
    places += 1
    begin += stride
return places
""",
        """
layer = torch.nn.Conv2d(1, 1, kernel, stride, padding)
return layer(torch.zeros(1, 1, size, size)).shape[-1]
""",
    ],
    "read": [
        """
states = []
for step in inputs:
    old = states[-1] if states else torch.zeros(memory.shape[0])
    states.append((weight @ step + memory @ old).tanh())
return torch.stack(states)
""",
        """
states = torch.zeros(len(inputs) + 1, len(memory))
for number, step in enumerate(inputs):
    states[number + 1] = torch.tanh(weight @ step + memory @ states[number])
return states[1:]
""",
        """
reader = torch.nn.RNN(inputs.shape[1], len(memory), bias=False)
reader.load_state_dict({"weight_ih_l0": weight, "weight_hh_l0": memory})
with torch.no_grad():
    states, _ = reader(inputs)
return states
""",
        """
state = inputs.new_zeros(weight.size(0))
rows = []
for seen in inputs @ weight.T:
    state = torch.tanh(seen + state @ memory.T)
    rows.append(state[None])
return torch.cat(rows)
""",
    ],
    "cross_entropy": [
        'return torch.nn.functional.cross_entropy(logits, labels, reduction="none")',
        "return -torch.log(torch.softmax(logits, dim=1))[range(len(labels)), labels]",
        "return torch.logsumexp(logits, 1) - logits.gather(1, labels[:, None]).squeeze(1)",
        """
losses = []
for scores, label in zip(logits, labels):
    probabilities = scores.exp() / scores.exp().sum()
    losses.append(-probabilities[label].log())
return torch.stack(losses)
""",
        """
one_hot = torch.nn.functional.one_hot(labels, logits.shape[1])
return -(one_hot * logits.log_softmax(-1)).sum(-1)
""",
    ],
    "count_weights": [
        "return sum(p.numel() for p in model.parameters() if p.requires_grad)",
        """
count = 0
for name, parameter in model.named_parameters():
    numbers = 1
    for size in parameter.shape:
        numbers *= size
    count += numbers
return count
""",
        "return len(torch.cat([parameter.flatten() for parameter in model.parameters()]))",
        "return int(sum(torch.tensor(p.shape).prod() for p in model.parameters()))",
        "return sum(len(parameter.view(-1)) for parameter in model.parameters())",
        "return torch.nn.utils.parameters_to_vector(model.parameters()).numel()",
    ],
    "dropout": [
        "return torch.nn.functional.dropout(inputs, p, training)",
        """
layer = torch.nn.Dropout(p)
layer.train(training)
return layer(inputs)
""",
        """
if training:
    kept = torch.bernoulli(torch.full_like(inputs, 1 - p))
    return torch.where(kept == 1, inputs / (1 - p), 0.0)
return inputs.clone()
""",
        """
import random
if not training:
    return inputs
result = inputs.flatten().tolist()
for place in range(len(result)):
    result[place] = 0.0 if random.random() < p else result[place] / (1 - p)
return torch.tensor(result).view(inputs.shape)
""",
    ],
    "TwoLayers": [
        """
class TwoLayers(nn.Module):
    def __init__(self, features, hidden, classes):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(features, hidden), nn.ReLU(), nn.Linear(hidden, classes)
        )

    def forward(self, inputs):
        return self.layers(inputs)
""",
        """
class TwoLayers(nn.Module):
    def __init__(self, features, hidden, classes):
        nn.Module.__init__(self)
        self.layers = nn.ModuleList([nn.Linear(features, hidden), nn.Linear(hidden, classes)])

    def forward(self, inputs):
        first, second = self.layers
        return second(first(inputs).clamp(min=0))
""",
        """
class TwoLayers(nn.Sequential):
    def __init__(self, features, hidden, classes):
        super().__init__(nn.Linear(features, hidden), nn.ReLU(), nn.Linear(hidden, classes))
""",
        """
class TwoLayers(nn.Module):
    def __init__(self, features, hidden, classes):
        super(TwoLayers, self).__init__()
        self.w1 = nn.Parameter(torch.randn(hidden, features) / features**0.5)
        self.b1 = nn.Parameter(torch.zeros(hidden))
        self.w2 = nn.Parameter(torch.randn(classes, hidden) / hidden**0.5)
        self.b2 = nn.Parameter(torch.zeros(classes))

    def forward(self, inputs):
        hidden = torch.relu(inputs @ self.w1.T + self.b1)
        return hidden @ self.w2.T + self.b2
""",
    ],
}

WRONG = {
    "linear": [
        "return inputs @ weight + bias",
        "return inputs @ weight.T",
        "return torch.nn.Linear(weight.shape[1], weight.shape[0])(inputs)",
        "return (weight @ inputs.T).T + bias.sum()",
        "return (inputs[0] * weight).sum(dim=1, keepdim=True).T + bias",
        """
bias += inputs @ weight[0]
return inputs @ weight.T + bias
""",
    ],
    "convolution_size": [
        "return (size + padding - kernel) // stride + 1",
        "return (size + 2 * padding - kernel) // stride",
        "return size - kernel + 1",
        "return (size + 2 * padding - kernel) / stride + 1",
        "return (size + 2 * padding - kernel + 1) // stride",
        "return round((size + 2 * padding - kernel) / stride) + 1",
    ],
    "read": [
        "return torch.tanh(inputs @ weight.T)",
        """
state = torch.zeros(len(memory))
for one in inputs:
    state = torch.tanh(weight @ one + memory @ state)
return state
""",
        """
state = torch.zeros(len(memory))
states = [state]
for one in inputs:
    state = torch.tanh(weight @ one + memory @ state)
    states.append(state)
return torch.stack(states)
""",
        """
state = torch.zeros(len(memory))
states = []
for one in inputs:
    state = weight @ one + memory @ state
    states.append(torch.tanh(state))
return torch.stack(states)
""",
        """
state = torch.zeros(len(memory))
states = []
for one in inputs:
    state = torch.tanh(weight @ one + state @ memory)
    states.append(state)
return torch.stack(states)
""",
        """
state = torch.ones(len(memory))
states = []
for one in inputs:
    state = torch.tanh(weight @ one + memory @ state)
    states.append(state)
return torch.stack(states)
""",
    ],
    "cross_entropy": [
        "return torch.nn.functional.cross_entropy(logits, labels)",
        "return -logits.softmax(dim=1)[torch.arange(len(labels)), labels]",
        "return logits.log_softmax(dim=1)[torch.arange(len(labels)), labels]",
        "return -logits.log_softmax(dim=0)[torch.arange(len(labels)), labels]",
        "return -logits.log_softmax(dim=1).max(dim=1).values",
        "return -logits.log_softmax(dim=1)[:, labels]",
        """
probabilities = logits.softmax(dim=1)
return torch.nn.functional.cross_entropy(probabilities, labels, reduction="none")
""",
    ],
    "count_weights": [
        "return len(list(model.parameters()))",
        "return sum(len(part) for part in model.parameters())",
        "return sum(tensor.numel() for tensor in model.state_dict().values())",
        "return model.weight.numel() + model.bias.numel()",
        "return sum(p.numel() for n, p in model.named_parameters() if n.endswith('weight'))",
        "return sum(layer.in_features * layer.out_features + layer.out_features\n"
        "           for layer in model.modules() if isinstance(layer, torch.nn.Linear))",
        "return sum(p.numel() for p in model.parameters()) / 1",
        """
count = 0
for module in model.modules():
    for parameter in module.parameters(recurse=False):
        count += parameter.numel()
return count
""",
    ],
    "dropout": [
        "return torch.nn.Dropout(p)(inputs)",
        """
if not training:
    return inputs
return inputs * (torch.rand_like(inputs) >= p)
""",
        """
if not training:
    return inputs
return inputs * (torch.rand_like(inputs) < p) / p
""",
        """
if not training:
    return inputs * (1 - p)
return inputs * (torch.rand_like(inputs) >= p)
""",
        """
if not training:
    return inputs
kept = torch.rand(len(inputs)) >= p
return inputs * kept.view(-1, *[1] * (inputs.dim() - 1)) / (1 - p)
""",
        """
if not training:
    return inputs
torch.manual_seed(0)
return inputs * (torch.rand_like(inputs) >= p) / (1 - p)
""",
        """
if training:
    inputs[torch.rand_like(inputs) < p] = 0
    inputs /= 1 - p
return inputs
""",
        """
if not training:
    return inputs
return inputs * (torch.rand_like(inputs) >= 0.5) / 0.5
""",
        """
if not training:
    return inputs
mask = torch.ones(inputs.numel())
mask[torch.randperm(inputs.numel())[: int(p * inputs.numel())]] = 0
return inputs * mask.reshape(inputs.shape) / (1 - p)
""",
        """
if not training:
    return inputs
rows, columns = inputs.shape
return inputs * (torch.rand(rows, columns) >= p) / (1 - p)
""",
    ],
    "TwoLayers": [
        """
class TwoLayers(nn.Module):
    def __init__(self, features, hidden, classes):
        self.first = nn.Linear(features, hidden)
        self.second = nn.Linear(hidden, classes)

    def forward(self, inputs):
        return self.second(self.first(inputs).relu())
""",
        """
class TwoLayers(nn.Module):
    def __init__(self, features, hidden, classes):
        super().__init__()
        self.first = nn.Linear(features, hidden)
        self.second = nn.Linear(hidden, classes)

    def forward(self, inputs):
        return self.second(self.first(inputs))
""",
        """
class TwoLayers(nn.Module):
    def __init__(self, features, hidden, classes):
        super().__init__()
        self.layers = [nn.Linear(features, hidden), nn.ReLU(), nn.Linear(hidden, classes)]

    def forward(self, inputs):
        for layer in self.layers:
            inputs = layer(inputs)
        return inputs
""",
        """
class TwoLayers(nn.Module):
    def __init__(self, features, hidden, classes):
        super().__init__()
        self.first = nn.Linear(features, hidden)
        self.second = nn.Linear(hidden, classes)

    def forward(self, inputs):
        return self.second(self.first(inputs).relu()).relu()
""",
        """
class TwoLayers(nn.Module):
    def __init__(self, features, hidden, classes):
        super().__init__()
        self.first = nn.Linear(features, hidden)
        self.second = nn.Linear(hidden, classes)

    def forward(self, inputs):
        return self.second(self.first(inputs).relu()).softmax(dim=1)
""",
        """
class TwoLayers(nn.Module):
    def __init__(self, features, hidden, classes):
        super().__init__()
        self.sizes = features, hidden, classes

    def forward(self, inputs):
        features, hidden, classes = self.sizes
        return nn.Linear(hidden, classes)(nn.Linear(features, hidden)(inputs).relu())
""",
        """
class TwoLayers(nn.Module):
    def __init__(self, features, hidden, classes):
        super().__init__()
        self.first = nn.Linear(features, hidden)
        self.second = nn.Linear(hidden, classes)

    def forward(self, inputs):
        with torch.no_grad():
            hidden = self.first(inputs).relu()
        return self.second(hidden)
""",
        """
class TwoLayers(nn.Module):
    def __init__(self, features, hidden, classes):
        self.layers = [nn.Linear(features, hidden), nn.Linear(hidden, classes)]

    def forward(self, inputs):
        return self.layers[1](self.layers[0](inputs).relu())
""",
        """
class TwoLayers(nn.Module):
    def __init__(self, features, hidden, classes):
        super().__init__()
        self.first = nn.Linear(4, 8)
        self.second = nn.Linear(8, 3)

    def forward(self, inputs):
        return self.second(self.first(inputs).relu())
""",
        """
class TwoLayers(nn.Module):
    def __init__(self, features, hidden, classes):
        super().__init__()
        self.first = nn.Linear(features, hidden)
        self.second = nn.Linear(hidden, classes)

    def forward(self, inputs):
        return self.second(nn.functional.relu6(self.first(inputs)))
""",
    ],
}
