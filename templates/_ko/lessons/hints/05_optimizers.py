"""5과의 힌트(질문에서 시작해 거의 답이 되는 줄까지)와, 각 시험이 무엇을 보는지."""

HINTS = {
    "sgd": [
        "한 줄입니다. `weight` 자체를 바꾸지 말고 새 텐서를 돌려주세요.",
        "한 줄입니다. `weight` 자체를 바꾸지 말고 새 텐서를 돌려주세요.",
        "한 줄입니다. `weight` 자체를 바꾸지 말고 새 텐서를 돌려주세요.",
    ],
    "momentum": [
        "속도는 0에서 시작합니다. 먼저 `beta`를 곱하고, 그다음 그래디언트를 더하세요.",
        "속도는 0에서 시작합니다. 먼저 `beta`를 곱하고, 그다음 그래디언트를 더하세요.",
        "속도는 0에서 시작합니다. 먼저 `beta`를 곱하고, 그다음 그래디언트를 더하세요.",
    ],
    "rmsprop": [
        "`gradient**2`의 평균을 이어 가고, 그 `sqrt()`에 1e-8을 더한 값으로 나누세요.",
        "`gradient**2`의 평균을 이어 가고, 그 `sqrt()`에 1e-8을 더한 값으로 나누세요.",
        "`gradient**2`의 평균을 이어 가고, 그 `sqrt()`에 1e-8을 더한 값으로 나누세요.",
    ],
    "training_step": [
        "`optimizer.zero_grad()`, 평균 손실의 `.backward()`, `optimizer.step()`.",
        "`optimizer.zero_grad()`, 평균 손실의 `.backward()`, `optimizer.step()`.",
        "`optimizer.zero_grad()`, 평균 손실의 `.backward()`, `optimizer.step()`.",
    ],
}

CASES = {}
