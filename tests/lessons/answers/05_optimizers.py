"""Answers to the exercises of lesson 5: unusual right ones, and plausible wrong ones."""

RIGHT = {}

WRONG = {
    "sgd": [
        "return weight + lr * gradient",
        "return weight * (1 - lr * gradient)",
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
    ],
}
