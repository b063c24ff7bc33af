"""Answers to the exercises of lesson 14: unusual right ones, and plausible wrong ones."""

RIGHT = {
    "median_seconds": [
        """
from time import perf_counter_ns
for _ in range(warmup):
    function()
times = []
for _ in range(repeats):
    start = perf_counter_ns()
    function()
    times.append((perf_counter_ns() - start) / 1e9)
times.sort()
middle = len(times) // 2
return times[middle] if len(times) % 2 else (times[middle - 1] + times[middle]) / 2
""",
        """
import timeit
timeit.timeit(function, number=warmup)
return torch.tensor(timeit.repeat(function, number=1, repeat=repeats)).quantile(0.5).item()
""",
        """
import time
import numpy
times = []
for call in range(warmup + repeats):
    start = time.time()
    function()
    times.append(time.time() - start)
return numpy.median(times[warmup:])
""",
    ],
    "accumulate_gradients": [
        """
model.zero_grad(set_to_none=False)
for start in range(0, len(inputs), size):
    outputs = model(inputs[start : start + size])
    errors = (outputs - targets[start : start + size]) ** 2
    (errors.sum() / targets.numel()).backward()
""",
        """
weights = list(model.parameters())
sums = [torch.zeros_like(weight) for weight in weights]
for x, y in zip(inputs.split(size), targets.split(size)):
    loss = nn.functional.mse_loss(model(x), y, reduction="sum")
    for total, gradient in zip(sums, torch.autograd.grad(loss, weights)):
        total += gradient
for weight, total in zip(weights, sums):
    weight.grad = total / targets.numel()
""",
        """
for weight in model.parameters():
    weight.grad = None
for x, y in zip(inputs, targets):
    nn.functional.mse_loss(model(x[None]), y[None]).backward()
for weight in model.parameters():
    weight.grad /= len(inputs)
""",
    ],
    "training_bytes": [
        """
sizes = {True: 4, False: 1}
return sum(w.numel() * w.element_size() * sizes[w.requires_grad] for w in model.parameters())
""",
        """
total = 0
for _, weight in model.named_parameters():
    total += weight.nbytes
    if weight.requires_grad:
        total += torch.zeros_like(weight).nbytes + 2 * weight.detach().clone().nbytes
return total
""",
        """
trained = [w for w in model.parameters() if w.requires_grad]
return sum(w.nbytes for w in model.parameters()) + 3 * sum(w.nbytes for w in trained)
""",
    ],
    "moving_average": [
        """
sums = torch.cat([torch.zeros(1, dtype=torch.double), series.double().cumsum(0)])
return ((sums[width:] - sums[:-width]) / width).float()
""",
        "return nn.functional.avg_pool1d(series[None, None], width, stride=1)[0, 0]",
        """
window = torch.full((1, 1, width), 1 / width)
return nn.functional.conv1d(series.view(1, 1, -1), window).flatten()
""",
        """
starts = torch.arange(len(series) - width + 1)
return series[starts[:, None] + torch.arange(width)].mean(1)
""",
    ],
    "slowest_layer": [
        """
import time
seconds, handles = {}, []
names = {layer: name for name, layer in model.named_modules()}

def before(layer, inputs):
    layer.started = time.perf_counter()

def after(layer, inputs, output):
    name = names[layer]
    seconds[name] = seconds.get(name, 0) + time.perf_counter() - layer.started

for layer in names:
    if not list(layer.children()):
        handles += [layer.register_forward_pre_hook(before), layer.register_forward_hook(after)]
with torch.inference_mode():
    model(inputs)
for handle in handles:
    handle.remove()
return sorted(seconds, key=lambda name: seconds[name])[-1]
""",
        """
from collections import Counter
from functools import partial
from time import perf_counter_ns
total = Counter()
handles = []
for name, layer in model.named_modules():
    if next(layer.children(), None) is None:
        def note(name, sign, layer, *_):
            total[name] += sign * perf_counter_ns()
        handles.append(layer.register_forward_pre_hook(partial(note, name, -1)))
        handles.append(layer.register_forward_hook(partial(note, name, 1)))
try:
    model(inputs)
    model(inputs)
finally:
    [handle.remove() for handle in handles]
return total.most_common(1)[0][0]
""",
        """
import copy
import time
twin = copy.deepcopy(model)
times = {}
for name, layer in twin.named_modules():
    if len(list(layer.modules())) == 1:
        times[name] = []
        layer.register_forward_pre_hook(lambda *_, n=name: times[n].append(-time.time()))
        layer.register_forward_hook(lambda *_, n=name: times[n].append(time.time()))
twin(inputs)
return max(times, key=lambda n: sum(times[n]))
""",
    ],
}

WRONG = {
    "median_seconds": [
        """
import statistics, time
times = []
for _ in range(repeats):
    start = time.perf_counter()
    function()
    times.append(time.perf_counter() - start)
return statistics.median(times)
""",
        """
import time
for _ in range(warmup):
    function()
start = time.perf_counter()
for _ in range(repeats):
    function()
return (time.perf_counter() - start) / repeats
""",
        """
import time
for _ in range(warmup):
    function()
times = []
for _ in range(repeats):
    start = time.perf_counter()
    function()
    times.append(time.perf_counter() - start)
return sorted(times)[len(times) // 2]
""",
        """
import time
for _ in range(warmup):
    function()
times = []
for _ in range(repeats):
    start = time.perf_counter()
    function()
    times.append(time.perf_counter() - start)
return torch.tensor(times).median().item()
""",
        """
import time
for _ in range(warmup):
    function()
times = []
for _ in range(repeats):
    start = time.perf_counter()
    function()
    times.append(1000 * (time.perf_counter() - start))
times.sort()
return (times[(len(times) - 1) // 2] + times[len(times) // 2]) / 2
""",
        """
import time
for _ in range(warmup):
    function()
times = []
start = time.perf_counter()
for _ in range(repeats):
    function()
    times.append(time.perf_counter() - start)
times.sort()
return (times[(len(times) - 1) // 2] + times[len(times) // 2]) / 2
""",
    ],
    "accumulate_gradients": [
        """
model.zero_grad()
parts = list(zip(inputs.split(size), targets.split(size)))
for x, y in parts:
    (nn.functional.mse_loss(model(x), y) / len(parts)).backward()
""",
        """
model.zero_grad()
nn.functional.mse_loss(model(inputs), targets).backward()
""",
        """
for x, y in zip(inputs.split(size), targets.split(size)):
    (nn.functional.mse_loss(model(x), y) * len(x) / len(inputs)).backward()
""",
        """
for x, y in zip(inputs.split(size), targets.split(size)):
    model.zero_grad()
    (nn.functional.mse_loss(model(x), y) * len(x) / len(inputs)).backward()
""",
        """
model.zero_grad()
for start in range(0, len(inputs) - size + 1, size):
    rows = slice(start, start + size)
    (nn.functional.mse_loss(model(inputs[rows]), targets[rows]) * size / len(inputs)).backward()
""",
        """
model.zero_grad()
for x, y in zip(inputs.split(size), targets.split(size)):
    nn.functional.mse_loss(model(x), y).backward()
""",
        """
model.zero_grad()
for x, y in zip(inputs.chunk(size), targets.chunk(size)):
    (nn.functional.mse_loss(model(x), y) * len(x) / len(inputs)).backward()
""",
    ],
    "training_bytes": [
        "return 4 * sum(weight.nbytes for weight in model.parameters())",
        "return 4 * sum(weight.nbytes for weight in model.parameters() if weight.requires_grad)",
        "return 4 * 4 * sum(weight.numel() for weight in model.parameters())",
        "return 3 * sum(weight.nbytes for weight in model.parameters())",
        "return 4 * sum(tensor.nbytes for tensor in model.state_dict().values())",
        """
total = 0
for layer in model.modules():
    for weight in layer.parameters():
        total += weight.nbytes * (4 if weight.requires_grad else 1)
return total
""",
    ],
    "moving_average": [
        """
means = []
for start in range(len(series) - width + 1):
    means.append(series[start : start + width].mean())
return torch.stack(means)
""",
        """
numbers = series.tolist()
return torch.tensor([sum(numbers[i : i + width]) / width for i in range(len(numbers) - width + 1)])
""",
        "return series.unfold(0, width, width).mean(dim=1)",
        "return nn.functional.avg_pool1d(series[None], width, 1, padding=width // 2)[0]",
        "return series.unfold(0, width, 1).sum(dim=1)",
        """
sums = series.cumsum(0)
return (sums[width:] - sums[:-width]) / width
""",
        """
total = torch.zeros(len(series) - width + 1)
for shift in range(width):
    total += series[shift : shift + len(total)]
return total / width
""",
    ],
    "slowest_layer": [
        """
import time
seconds, handles = {}, []
for name, layer in model.named_children():
    def before(layer, inputs, name=name):
        seconds[name] = -time.perf_counter()
    def after(layer, inputs, output, name=name):
        seconds[name] += time.perf_counter()
    handles += [layer.register_forward_pre_hook(before), layer.register_forward_hook(after)]
model(inputs)
for handle in handles:
    handle.remove()
return max(seconds, key=seconds.get)
""",
        """
import time
seconds = {}
for name, layer in model.named_modules():
    if any(layer.children()):
        continue
    def before(layer, inputs, name=name):
        seconds[name] = seconds.get(name, 0) - time.perf_counter()
    def after(layer, inputs, output, name=name):
        seconds[name] += time.perf_counter()
    layer.register_forward_pre_hook(before)
    layer.register_forward_hook(after)
model(inputs)
return max(seconds, key=seconds.get)
""",
        """
import time
seconds, handles = {}, []
for name, layer in model.named_modules():
    if any(layer.children()):
        continue
    def before(layer, inputs, name=name):
        seconds[name] = -time.perf_counter()
    def after(layer, inputs, output, name=name):
        seconds[name] += time.perf_counter()
    handles += [layer.register_forward_pre_hook(before), layer.register_forward_hook(after)]
model(inputs)
for handle in handles:
    handle.remove()
return max(seconds, key=seconds.get)
""",
        """
sizes = {}
for name, layer in model.named_modules():
    if not any(layer.children()):
        sizes[name] = sum(weight.numel() for weight in layer.parameters())
return max(sizes, key=sizes.get)
""",
        """
import time
seconds, handles = {}, []
for name, layer in model.named_modules():
    def before(layer, inputs, name=name):
        seconds[name] = seconds.get(name, 0) - time.perf_counter()
    def after(layer, inputs, output, name=name):
        seconds[name] += time.perf_counter()
    handles += [layer.register_forward_pre_hook(before), layer.register_forward_hook(after)]
model(inputs)
for handle in handles:
    handle.remove()
return max(seconds, key=seconds.get)
""",
    ],
}
