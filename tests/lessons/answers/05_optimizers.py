"""Answers to the exercises of lesson 5: unusual right ones, and plausible wrong ones."""

RIGHT = {
    "sgd": [
        "return torch.add(weight, gradient, alpha=-lr)",
        """
new = weight.clone()
new -= lr * gradient
return new
""",
        """
parameter = torch.nn.Parameter(weight.clone())
parameter.grad = gradient
torch.optim.SGD([parameter], lr=lr).step()
return parameter.detach()
""",
        "return torch.lerp(weight, weight - gradient, lr)",
    ],
    "momentum": [
        """
velocity = 0
for gradient in gradients:
    velocity = velocity * beta + gradient
    weight = weight + -lr * velocity
return weight
""",
        """
weight = weight.clone()
velocity = None
for gradient in gradients:
    if velocity is None:
        velocity = gradient.clone()
    else:
        velocity.mul_(beta).add_(gradient)
    weight.sub_(velocity, alpha=lr)
return weight
""",
        """
parameter = torch.nn.Parameter(weight.clone())
optimizer = torch.optim.SGD([parameter], lr=lr, momentum=beta)
for gradient in gradients:
    parameter.grad = gradient
    optimizer.step()
return parameter.detach()
""",
        """
total = torch.zeros_like(weight)
for last in range(len(gradients)):
    for number in range(last + 1):
        total = total + beta ** (last - number) * gradients[number]
return weight - lr * total
""",
    ],
    "rmsprop": [
        """
square = 0
for gradient in gradients:
    square = alpha * square + (1 - alpha) * gradient * gradient
    weight = weight - lr * (gradient / (torch.sqrt(square) + 1e-8))
return weight
""",
        """
weight = weight.clone()
square = torch.zeros_like(weight)
for gradient in gradients:
    square.mul_(alpha).addcmul_(gradient, gradient, value=1 - alpha)
    weight.addcdiv_(gradient, square.sqrt().add_(1e-8), value=-lr)
return weight
""",
        """
parameter = torch.nn.Parameter(weight.clone())
optimizer = torch.optim.RMSprop([parameter], lr=lr, alpha=alpha)
for gradient in gradients:
    parameter.grad = gradient
    optimizer.step()
return parameter.detach()
""",
        """
square = torch.zeros_like(weight)
for gradient in gradients:
    square = torch.lerp(gradient.square(), square, alpha)
    weight = weight - lr * gradient / (square**0.5 + 1e-8)
return weight
""",
    ],
    "adam": [
        """
parameter = torch.nn.Parameter(weight.clone())
optimizer = torch.optim.Adam([parameter], lr=lr, betas=(beta1, beta2))
for gradient in gradients:
    parameter.grad = gradient
    optimizer.step()
return parameter.detach()
""",
        """
weight = weight.clone()
m, v = torch.zeros_like(weight), torch.zeros_like(weight)
for t in range(len(gradients)):
    m.mul_(beta1).add_(gradients[t], alpha=1 - beta1)
    v.mul_(beta2).addcmul_(gradients[t], gradients[t], value=1 - beta2)
    m_hat = m / (1 - beta1 ** (t + 1))
    v_hat = v / (1 - beta2 ** (t + 1))
    weight.addcdiv_(m_hat, v_hat.sqrt() + 1e-8, value=-lr)
return weight
""",
        """
m = v = 0
power1 = power2 = 1
for g in gradients:
    power1, power2 = power1 * beta1, power2 * beta2
    m = m + (1 - beta1) * (g - m)
    v = v + (1 - beta2) * (g**2 - v)
    weight = weight - lr * (m / (1 - power1)) / ((v / (1 - power2)) ** 0.5 + 1e-8)
return weight
""",
    ],
    "warmup_then_cosine": [
        """
import math
if warmup > step:
    return lr / warmup * (step + 1)
return lr * math.cos(math.pi / 2 * (step - warmup) / (steps - warmup)) ** 2
""",
        """
import numpy as np
rates = [lr * (number + 1) / warmup for number in range(warmup)]
rest = np.arange(steps - warmup) / (steps - warmup)
rates += list(lr * 0.5 * (1 + np.cos(np.pi * rest)))
return rates[step]
""",
        """
if step + 1 <= warmup:
    return lr * ((step + 1) / warmup)
angle = torch.tensor((step - warmup) / (steps - warmup) * torch.pi, dtype=torch.float64)
return (lr / 2 * (angle.cos() + 1)).item()
""",
        """
weight = torch.zeros(1, requires_grad=True)
optimizer = torch.optim.SGD([weight], lr=lr)
if step < warmup:
    return lr * (step + 1) / warmup
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=steps - warmup)
for _ in range(step - warmup):
    optimizer.step()
    scheduler.step()
return optimizer.param_groups[0]["lr"]
""",
    ],
    "training_step": [
        """
losses.mean().backward()
optimizer.step()
optimizer.zero_grad()
""",
        """
model.train()
loss = losses.sum() / len(losses)
model.zero_grad()
loss.backward()
optimizer.step()
""",
        """
optimizer.zero_grad(set_to_none=False)
losses.backward(torch.full_like(losses, 1 / len(losses)))
optimizer.step()
""",
        """
for parameter in model.parameters():
    parameter.grad = None
losses.mean().backward()
optimizer.step()
""",
        """
learned = [parameter for parameter in model.parameters() if parameter.requires_grad]
gradients = torch.autograd.grad(losses.mean(), learned, allow_unused=True)
for parameter, gradient in zip(learned, gradients):
    parameter.grad = gradient
optimizer.step()
""",
        """
def training_step(model, optimizer, batch, config):
    model.train()
    optimizer.zero_grad()
    losses, _ = compute_loss(model, batch, config)
    loss = losses.mean()
    loss.backward()
    optimizer.step()
    return loss.item()
""",
    ],
}

WRONG = {
    "sgd": [
        "return weight + lr * gradient",
        "return weight * (1 - lr * gradient)",
        "return weight - gradient",
        """
weight -= lr * gradient
return weight
""",
        "return weight - lr * gradient.sign()",
        "return lr * gradient",
        "return weight - lr * gradient.mean()",
    ],
    "momentum": [
        """
for gradient in gradients:
    weight = weight - lr * gradient
return weight
""",
        """
velocity = torch.zeros_like(weight)
for gradient in gradients:
    velocity = beta * velocity + (1 - beta) * gradient
    weight = weight - lr * velocity
return weight
""",
        """
velocity = torch.zeros_like(weight)
for gradient in gradients:
    velocity = beta * velocity + gradient
return weight - lr * velocity
""",
        """
velocity = torch.zeros_like(weight)
for gradient in gradients:
    weight = weight - lr * velocity
    velocity = beta * velocity + gradient
return weight
""",
        """
velocity = torch.zeros_like(weight)
for gradient in gradients:
    velocity = beta * velocity + gradient
    weight = weight - lr * (gradient + beta * velocity)
return weight
""",
        """
velocity = torch.zeros_like(weight)
for gradient in gradients:
    velocity = 0.9 * velocity + gradient
    weight = weight - lr * velocity
return weight
""",
        """
velocity = torch.zeros_like(weight)
for gradient in gradients:
    velocity = beta * velocity + gradient
    weight -= lr * velocity
return weight
""",
        """
velocity = gradients[0]
for gradient in gradients[1:]:
    velocity *= beta
    velocity += gradient
    weight = weight - lr * velocity
return weight
""",
    ],
    "rmsprop": [
        """
square = torch.zeros_like(weight)
for gradient in gradients:
    square = alpha * square + (1 - alpha) * gradient**2
    weight = weight - lr * gradient / (square + 1e-8)
return weight
""",
        """
square = torch.zeros_like(weight)
for gradient in gradients:
    square = (1 - alpha) * square + alpha * gradient**2
    weight = weight - lr * gradient / (square.sqrt() + 1e-8)
return weight
""",
        """
square = torch.zeros_like(weight)
for gradient in gradients:
    square = alpha * square + (1 - alpha) * gradient**2
    weight = weight - lr * gradient / (square + 1e-8).sqrt()
return weight
""",
        """
square = torch.zeros_like(weight)
for gradient in gradients:
    square = alpha * square + (1 - alpha) * gradient
    weight = weight - lr * gradient / (square.abs().sqrt() + 1e-8)
return weight
""",
        """
for gradient in gradients:
    weight = weight - lr * gradient / (gradient.abs() + 1e-8)
return weight
""",
        """
square = gradients[0] ** 2
for gradient in gradients:
    square = alpha * square + (1 - alpha) * gradient**2
    weight = weight - lr * gradient / (square.sqrt() + 1e-8)
return weight
""",
        """
square = torch.zeros_like(weight)
for gradient in gradients:
    square = alpha * square + (1 - alpha) * (gradient**2).mean()
    weight = weight - lr * gradient / (square.sqrt() + 1e-8)
return weight
""",
    ],
    "adam": [
        """
m, v = torch.zeros_like(weight), torch.zeros_like(weight)
for g in gradients:
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    weight = weight - lr * m / (v.sqrt() + 1e-8)
return weight
""",
        """
m, v = torch.zeros_like(weight), torch.zeros_like(weight)
for n, g in enumerate(gradients, 1):
    m = (beta1 * m + (1 - beta1) * g) / (1 - beta1**n)
    v = (beta2 * v + (1 - beta2) * g**2) / (1 - beta2**n)
    weight = weight - lr * m / (v.sqrt() + 1e-8)
return weight
""",
        """
m, v = torch.zeros_like(weight), torch.zeros_like(weight)
for n, g in enumerate(gradients, 1):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    weight = weight - lr * m / (1 - beta1) / ((v / (1 - beta2)).sqrt() + 1e-8)
return weight
""",
        """
m, v = torch.zeros_like(weight), torch.zeros_like(weight)
for n, g in enumerate(gradients, 1):
    m = beta1 * m + g
    v = beta2 * v + g**2
    weight = weight - lr * (m / (1 - beta1**n)) / ((v / (1 - beta2**n)).sqrt() + 1e-8)
return weight
""",
        """
m, v = torch.zeros_like(weight), torch.zeros_like(weight)
for n, g in enumerate(gradients, 1):
    m = 0.9 * m + 0.1 * g
    v = 0.999 * v + 0.001 * g**2
    weight = weight - lr * (m / (1 - 0.9**n)) / ((v / (1 - 0.999**n)).sqrt() + 1e-8)
return weight
""",
        """
m, v = torch.zeros_like(weight), torch.zeros_like(weight)
for n, g in enumerate(gradients, 1):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    weight = weight - lr * (m / (1 - beta1**n)) / ((v / (1 - beta2**n)) + 1e-8).sqrt()
return weight
""",
        """
m, v = torch.zeros_like(weight), torch.zeros_like(weight)
for n, g in enumerate(gradients, 1):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    weight -= lr * (m / (1 - beta1**n)) / ((v / (1 - beta2**n)).sqrt() + 1e-8)
return weight
""",
    ],
    "warmup_then_cosine": [
        """
import math
return lr * (1 + math.cos(math.pi * step / steps)) / 2
""",
        """
import math
if step < warmup:
    return lr * step / warmup
return lr * (1 + math.cos(math.pi * (step - warmup) / (steps - warmup))) / 2
""",
        """
import math
if step < warmup:
    return lr * (step + 1) / warmup
return lr * (1 + math.cos(math.pi * step / steps)) / 2
""",
        """
import math
if step < warmup:
    return lr * (step + 1) / warmup
return lr * (1 + math.cos(math.pi * (step - warmup) / (steps - warmup - 1))) / 2
""",
        """
import math
if step < warmup:
    return lr * (step + 1) / warmup
return lr * math.cos(math.pi * (step - warmup) / (steps - warmup))
""",
        """
import math
warming = (step + 1) / warmup
if warming <= 1:
    return lr * warming
return lr * (1 + math.cos(math.pi * (step - warmup) / (steps - warmup))) / 2
""",
        """
if step < warmup:
    return lr * (step + 1) / warmup
return lr * (1 - (step - warmup) / (steps - warmup))
""",
    ],
    "training_step": [
        """
losses.mean().backward()
optimizer.step()
""",
        """
optimizer.zero_grad()
losses.mean().backward()
""",
        """
losses.mean().backward()
optimizer.zero_grad()
optimizer.step()
""",
        """
optimizer.zero_grad()
losses.sum().backward()
optimizer.step()
""",
        """
optimizer.zero_grad()
losses.mean().backward()
with torch.no_grad():
    for parameter in model.parameters():
        if parameter.grad is not None:
            parameter -= 0.05 * parameter.grad
""",
        """
optimizer.zero_grad()
losses.mean().backward()
optimizer.step()
return losses.mean()
""",
        """
optimizer.zero_grad()
losses.mean().backward()
optimizer.step()
losses, _ = compute_loss(model, batch, config)
""",
        """
optimizer.zero_grad()
losses[0].backward()
optimizer.step()
""",
        """
optimizer.zero_grad()
losses.mean().backward()
torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
optimizer.step()
""",
    ],
}
