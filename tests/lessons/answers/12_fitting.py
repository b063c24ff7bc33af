"""Answers to exercises 12: unusual ones that are right, and plausible ones that are wrong."""

RIGHT = {
    "best_epoch": [
        """
best, best_loss, waited = 0, float("inf"), 0
last = len(val_losses) - 1
for epoch, loss in enumerate(val_losses):
    if loss < best_loss:
        best, best_loss, waited = epoch, loss, 0
    else:
        waited += 1
    if waited == patience:
        last = epoch
        break
return [best, last]
""",
        """
epoch = 0
while True:
    trained = val_losses[: epoch + 1]
    best = trained.index(min(trained))
    if epoch == best + patience or epoch + 1 == len(val_losses):
        return best, epoch
    epoch += 1
""",
        """
import numpy as np
for last in range(len(val_losses)):
    best = int(np.argmin(val_losses[: last + 1]))
    if last - best >= patience:
        break
return best, last
""",
    ],
    "range_of_rates": [
        """
import math
return torch.logspace(
    math.log10(lowest), math.log10(highest), count, dtype=torch.float64
).tolist()
""",
        """
import numpy as np
return list(np.geomspace(lowest, highest, count))
""",
        """
import math
step = (math.log(highest) - math.log(lowest)) / (count - 1)
rates = [lowest]
while len(rates) < count:
    rates.append(rates[-1] * math.exp(step))
return rates
""",
    ],
    "choose_rate": [
        """
values = torch.tensor(losses, dtype=torch.float64)
bad = (~values.isfinite()).nonzero()
if len(bad):
    values = values[: bad[0, 0]]
smooth = [values[max(i - 1, 0) : i + 2].mean().item() for i in range(len(values))]
return rates[min(range(len(smooth)), key=smooth.__getitem__)] / 10
""",
        """
import math
kept = []
for loss in losses:
    if math.isnan(loss) or math.isinf(loss):
        break
    kept.append(loss)
best_rate, best_mean = None, None
for place, loss in enumerate(kept):
    near = [loss]
    if place > 0:
        near.append(kept[place - 1])
    if place + 1 < len(kept):
        near.append(kept[place + 1])
    mean = sum(near) / len(near)
    if best_mean is None or mean < best_mean:
        best_rate, best_mean = rates[place], mean
return best_rate * 0.1
""",
        """
import itertools, math, statistics
kept = list(itertools.takewhile(math.isfinite, losses))
def around(place):
    return statistics.fmean(kept[max(0, place - 1) : place + 2])
return rates[min(range(len(kept)), key=around)] / 10
""",
    ],
    "diagnose": [
        """
under = train_losses[-1] > 0.5 * guessing
over = val_losses[-1] / min(val_losses) > 1.1
return "underfitting" if under else "overfitting" if over else "good"
""",
        """
if 2 * train_losses[-1] > guessing:
    return "underfitting"
lowest = sorted(val_losses)[0]
return ["good", "overfitting"][val_losses[-1] > lowest * 1.1]
""",
        """
answer = "good"
if val_losses[-1] > 1.1 * torch.tensor(val_losses, dtype=torch.float64).min().item():
    answer = "overfitting"
if train_losses[-1] > guessing / 2:
    answer = "underfitting"
return answer
""",
    ],
    "decayed_step": [
        """
after = {}
for name, weights in parameters.items():
    if name not in gradients:
        after[name] = weights
    elif weights.ndim > 1:
        after[name] = (1 - lr * weight_decay) * weights - lr * gradients[name]
    else:
        after[name] = weights - lr * gradients[name]
return after
""",
        """
after = {name: value.clone() for name, value in parameters.items()}
for name in gradients:
    step = gradients[name].clone()
    if len(after[name].shape) >= 2:
        step += weight_decay * after[name]
    after[name] -= lr * step
return after
""",
        """
copies = {name: torch.nn.Parameter(value.clone()) for name, value in parameters.items()}
for name, gradient in gradients.items():
    copies[name].grad = gradient.clone()
torch.optim.SGD(
    [
        {"params": [v for v in copies.values() if v.dim() > 1], "weight_decay": weight_decay},
        {"params": [v for v in copies.values() if v.dim() < 2]},
    ],
    lr=lr,
).step()
return {name: value.detach() for name, value in copies.items()}
""",
    ],
}

WRONG = {
    "best_epoch": [
        """
best = val_losses.index(min(val_losses))
return best, min(best + patience, len(val_losses) - 1)
""",
        """
best = 0
for epoch, loss in enumerate(val_losses):
    if loss <= val_losses[best]:
        best = epoch
    if epoch - best >= patience:
        return best, epoch
return best, len(val_losses) - 1
""",
        """
best = 0
for epoch, loss in enumerate(val_losses):
    if loss < val_losses[best]:
        best = epoch
    if epoch - best > patience:
        return best, epoch
return best, len(val_losses) - 1
""",
        """
waited = 0
for epoch in range(1, len(val_losses)):
    waited = waited + 1 if val_losses[epoch] >= val_losses[epoch - 1] else 0
    if waited == patience:
        return epoch - patience, epoch
return val_losses.index(min(val_losses)), len(val_losses) - 1
""",
        """
best, waited = 0, 0
for epoch, loss in enumerate(val_losses):
    if loss < val_losses[best]:
        best = epoch
    elif epoch > 0:
        waited += 1
    if waited >= patience:
        return best, epoch
return best, len(val_losses) - 1
""",
    ],
    "range_of_rates": [
        "return torch.linspace(lowest, highest, count, dtype=torch.float64).tolist()",
        """
factor = (highest / lowest) ** (1 / count)
return [lowest * factor**step for step in range(count)]
""",
        "return [lowest * 10**step for step in range(count)]",
        """
import math
return torch.logspace(math.log10(lowest), math.log10(highest), count)
""",
        """
rates = [lowest]
while rates[-1] < highest:
    rates.append(rates[-1] * 2)
return rates
""",
    ],
    "choose_rate": [
        "return rates[losses.index(min(losses))] / 10",
        """
import math
kept = [loss for loss in losses if math.isfinite(loss)]
means = [sum(kept[max(0, i - 1) : i + 2]) / len(kept[max(0, i - 1) : i + 2])
         for i in range(len(kept))]
return rates[means.index(min(means))] / 10
""",
        """
import math
kept = []
for loss in losses:
    if not math.isfinite(loss):
        break
    kept.append(loss)
return rates[kept.index(min(kept))] / 10
""",
        """
import math
kept = []
for loss in losses:
    if not math.isfinite(loss):
        break
    kept.append(loss)
means = [sum(kept[max(0, i - 1) : i + 2]) / 3 for i in range(len(kept))]
return rates[means.index(min(means))] / 10
""",
        """
import math
kept = []
for loss in losses:
    if not math.isfinite(loss):
        break
    kept.append(loss)
means = [sum(kept[max(0, i - 1) : i + 2]) / len(kept[max(0, i - 1) : i + 2])
         for i in range(len(kept))]
return rates[means.index(min(means))]
""",
    ],
    "diagnose": [
        """
if val_losses[-1] > 1.1 * min(val_losses):
    return "overfitting"
if train_losses[-1] > guessing / 2:
    return "underfitting"
return "good"
""",
        """
if train_losses[-1] > guessing / 2:
    return "underfitting"
if val_losses[-1] > 1.1 * train_losses[-1]:
    return "overfitting"
return "good"
""",
        """
if min(train_losses) > guessing / 2:
    return "underfitting"
if val_losses[-1] > 1.1 * min(val_losses):
    return "overfitting"
return "good"
""",
        """
if train_losses[-1] > guessing / 2:
    return "underfitting"
if val_losses[-1] > min(val_losses):
    return "overfitting"
return "good"
""",
        """
if train_losses[-1] > 1.15:
    return "underfitting"
if val_losses[-1] > 1.1 * min(val_losses):
    return "overfitting"
return "good"
""",
        """
if train_losses[-1] > guessing / 2:
    return "underfitting"
if val_losses[-1] > 1.1 * val_losses[-2]:
    return "overfitting"
return "good"
""",
    ],
    "decayed_step": [
        """
after = {}
for name, weights in parameters.items():
    after[name] = weights - lr * (gradients[name] + weight_decay * weights)
return after
""",
        """
after = {}
for name, weights in parameters.items():
    gradient = gradients.get(name, torch.zeros_like(weights))
    decay = weight_decay if weights.dim() > 1 else 0.0
    after[name] = weights - lr * (gradient + decay * weights)
return after
""",
        """
for name, gradient in gradients.items():
    if parameters[name].dim() > 1:
        parameters[name] -= lr * weight_decay * parameters[name]
    parameters[name] -= lr * gradient
return parameters
""",
        """
after = dict(parameters)
for name, gradient in gradients.items():
    decay = weight_decay if "weight" in name else 0.0
    after[name] = parameters[name] - lr * (gradient + decay * parameters[name])
return after
""",
        """
after = dict(parameters)
for name, gradient in gradients.items():
    after[name] = parameters[name] - lr * gradient
    if parameters[name].dim() > 1:
        after[name] = after[name] - weight_decay * parameters[name]
return after
""",
        """
after = {}
for name, gradient in gradients.items():
    decay = weight_decay if parameters[name].dim() > 1 else 0.0
    after[name] = parameters[name] - lr * (gradient + decay * parameters[name])
return after
""",
    ],
}
