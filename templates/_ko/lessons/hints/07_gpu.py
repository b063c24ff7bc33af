"""레슨 7의 힌트와 케이스 설명입니다. 힌트는 질문에서 시작해 답에 가까워집니다."""

HINTS = {
    "move": [
        "`tensor.to(device)` 다음에 텐서는 어디에 있나요? 돌려받은 것은 어디에 있나요?",
        "`.to`는 옮긴 텐서를 돌려줄 뿐, 원래 텐서는 바꾸지 않습니다.",
        "리스트 컴프리헨션입니다. 리스트의 텐서마다 `tensor.to(device)`를 호출하세요.",
    ],
    "device_of": [
        "신경망에는 어떤 텐서들이 있나요? 텐서마다 자신에 대해 무엇을 알고 있나요?",
        "`model.parameters()`에서 가중치가 하나씩 나옵니다. 첫 번째면 충분합니다.",
        "`next(model.parameters())`가 첫 번째이고, `.device`가 있습니다.",
    ],
    "megabytes": [
        "텐서에 수가 몇 개 있고, 하나는 몇 바이트인가요?",
        "수가 `numel()`개 있고, 하나가 `element_size()`바이트입니다. 모든 파라미터를 더하세요.",
        "`weights.numel() * weights.element_size()`의 합을 백만으로 나누세요.",
    ],
    "product_in_bfloat16": [
        "레슨은 어떤 블록 안에서 모델을 호출했나요? 이 문제에서는 어느 장치를 쓰나요?",
        "`torch.autocast`는 장치의 종류(문자열)와 dtype을 받습니다.",
        '`with torch.autocast("cpu", torch.bfloat16):` 안에서 곱하세요.',
    ],
    "move_batch": [
        "튜플의 각 부분을 옮길 수 있다면, 그다음에는 무엇이 남나요?",
        "부분마다 함수가 자신을 호출해도 됩니다. `isinstance`로 무엇인지 알 수 있습니다.",
        "dict라면: `{name: move_batch(part, device) for name, part in batch.items()}`.",
    ],
    "add_positions": [
        "어디에 만들지 정해 주지 않으면 `torch.arange`는 텐서를 어디에 만드나요?",
        "두 번째 크기는 `inputs.shape[1]`입니다. 브로드캐스팅은 한 행을 모든 행에 더합니다.",
        "`torch.arange(..., device=inputs.device)`.",
    ],
}

CASES = {
    "move": {
        "batch": "이미 그 장치에 있는 배치의 텐서들입니다",
        "meta": "돌려준 텐서는 다른 장치에 있어야 합니다",
        "stay": "받은 텐서는 있던 곳에 그대로 있어야 합니다",
    },
    "device_of": {
        "cpu": "CPU에 있는 신경망입니다",
        "meta": "다른 장치에 있는 신경망입니다",
        "names": "레이어의 이름이 다르고, 다른 장치에 있는 신경망입니다",
    },
    "megabytes": {
        "bias": "가중치 텐서가 둘 이상입니다",
        "half": "2바이트짜리 수입니다",
        "mixed": "레이어마다 dtype이 다릅니다",
        "frozen": "가중치 일부가 고정되어 있습니다. 그것도 메모리를 차지합니다",
        "buffers": "BatchNorm의 이동 평균은 파라미터가 아닙니다. 세지 않습니다",
        "project": "이 프로젝트의 신경망입니다",
    },
    "product_in_bfloat16": {
        "values": "곱한 결과만이 아니라 입력도 bfloat16으로 반올림합니다",
        "autocast": "곱셈을 하는 동안 autocast가 켜져 있어야 합니다",
        "after": "끝난 뒤에는 autocast가 다시 꺼져 있어야 합니다",
    },
    "move_batch": {
        "tensor": "배치가 텐서 하나입니다",
        "tuple": "입력과 라벨입니다",
        "nested": "튜플, 리스트, dict가 겹겹이 들어 있습니다",
        "other": "문자열과 수는 그대로 둡니다",
        "values": "수를 비교할 수 있는 CPU에서 확인합니다",
        "type": "튜플은 튜플로, 리스트는 리스트로 돌려줍니다",
        "stay": "받은 배치는 있던 곳에 그대로 있어야 합니다",
    },
    "add_positions": {
        "sizes": "케이스마다 크기가 다릅니다",
        "device": "입력이 다른 장치에 있습니다",
    },
}
