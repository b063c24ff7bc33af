"""7과의 힌트(질문에서 시작해 거의 답이 되는 줄까지)와, 각 시험이 무엇을 보는지."""

HINTS = {
    "move": [
        "`.to`는 옮긴 텐서를 돌려줄 뿐, 원래 텐서는 바꾸지 않습니다.",
        "`.to`는 옮긴 텐서를 돌려줄 뿐, 원래 텐서는 바꾸지 않습니다.",
        "`.to`는 옮긴 텐서를 돌려줄 뿐, 원래 텐서는 바꾸지 않습니다.",
    ],
    "device_of": [
        "첫 번째 파라미터에게 물어보세요: `next(model.parameters())`.",
        "첫 번째 파라미터에게 물어보세요: `next(model.parameters())`.",
        "첫 번째 파라미터에게 물어보세요: `next(model.parameters())`.",
    ],
    "megabytes": [
        "수가 `numel()`개 있고, 하나가 `element_size()`바이트입니다.",
        "수가 `numel()`개 있고, 하나가 `element_size()`바이트입니다.",
        "수가 `numel()`개 있고, 하나가 `element_size()`바이트입니다.",
    ],
    "product_in_bfloat16": [
        '`with torch.autocast("cpu", torch.bfloat16):`',
        '`with torch.autocast("cpu", torch.bfloat16):`',
        '`with torch.autocast("cpu", torch.bfloat16):`',
    ],
}

CASES = {}
