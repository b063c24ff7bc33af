"""Answers to the exercises of lesson 3: unusual right ones, and plausible wrong ones."""

RIGHT = {}

WRONG = {
    "slope": [
        """
x = torch.tensor(at, requires_grad=True)
function(x).backward()
return x.grad
""",
        "return function(torch.tensor(at)).item()",
    ],
    "fresh_gradients": [
        """
found = []
for loss in losses:
    loss(weight).backward()
    found.append(weight.grad.clone())
return found
""",
        """
sum(loss(weight) for loss in losses).backward()
return [weight.grad for _ in losses]
""",
    ],
    "error_gradient": [
        """
weight = weight.clone().requires_grad_()
((inputs @ weight - targets) ** 2).sum().backward()
return weight.grad
""",
        """
((inputs @ weight - targets) ** 2).mean().backward()
return weight.grad
""",
    ],
    "logits_only": [
        "return model(*inputs)",
        """
with torch.no_grad():
    return model(*inputs).argmax(dim=1)
""",
    ],
}
