"""6과의 힌트(질문에서 시작해 거의 답이 되는 줄까지)와, 각 시험이 무엇을 보는지."""

HINTS = {
    "pad": [
        "먼저 가장 긴 행을 찾으세요. `[0] * 3`은 `[0, 0, 0]`입니다.",
        "먼저 가장 긴 행을 찾으세요. `[0] * 3`은 `[0, 0, 0]`입니다.",
        "먼저 가장 긴 행을 찾으세요. `[0] * 3`은 `[0, 0, 0]`입니다.",
    ],
    "brighter": [
        "더 큰 자료형 `pixels.int()`로 계산하고, `clamp`한 뒤 `torch.uint8`로 되돌리세요.",
        "더 큰 자료형 `pixels.int()`로 계산하고, `clamp`한 뒤 `torch.uint8`로 되돌리세요.",
        "더 큰 자료형 `pixels.int()`로 계산하고, `clamp`한 뒤 `torch.uint8`로 되돌리세요.",
    ],
    "batches_per_epoch": [
        "나누어 올림합니다: `math.ceil(a / b)` 또는 `-(-a // b)`.",
        "나누어 올림합니다: `math.ceil(a / b)` 또는 `-(-a // b)`.",
        "나누어 올림합니다: `math.ceil(a / b)` 또는 `-(-a // b)`.",
    ],
    "class_counts": [
        "`torch.zeros(classes, dtype=torch.long)`에서 시작해, 인덱스마다 1을 더하세요.",
        "`torch.zeros(classes, dtype=torch.long)`에서 시작해, 인덱스마다 1을 더하세요.",
        "`torch.zeros(classes, dtype=torch.long)`에서 시작해, 인덱스마다 1을 더하세요.",
    ],
}

CASES = {}
