"""3과의 힌트(질문에서 시작해 거의 답이 되는 줄까지)와, 각 시험이 무엇을 보는지."""

HINTS = {
    "slope": [
        "`at`을 `requires_grad=True`인 텐서로 만드세요. `.item()`은 텐서를 수로 바꿉니다.",
        "`at`을 `requires_grad=True`인 텐서로 만드세요. `.item()`은 텐서를 수로 바꿉니다.",
        "`at`을 `requires_grad=True`인 텐서로 만드세요. `.item()`은 텐서를 수로 바꿉니다.",
    ],
    "fresh_gradients": [
        "그래디언트는 더해집니다. `backward` 전마다 `weight.grad = None`을 쓰세요.",
        "그래디언트는 더해집니다. `backward` 전마다 `weight.grad = None`을 쓰세요.",
        "그래디언트는 더해집니다. `backward` 전마다 `weight.grad = None`을 쓰세요.",
    ],
    "error_gradient": [
        "`weight.clone().requires_grad_()`로 계산해야 `.grad`가 채워집니다.",
        "`weight.clone().requires_grad_()`로 계산해야 `.grad`가 채워집니다.",
        "`weight.clone().requires_grad_()`로 계산해야 `.grad`가 채워집니다.",
    ],
    "logits_only": [
        "`with torch.no_grad():` 안에서 모델을 호출하세요.",
        "`with torch.no_grad():` 안에서 모델을 호출하세요.",
        "`with torch.no_grad():` 안에서 모델을 호출하세요.",
    ],
}

CASES = {}
