"""9과의 힌트(질문에서 시작해 거의 답이 되는 줄까지)와, 각 시험이 무엇을 보는지."""

HINTS = {
    "accuracy": [
        "`argmax(dim=1)`이 답입니다. True와 False의 평균을 내려면 `.float()`이 필요합니다.",
        "`argmax(dim=1)`이 답입니다. True와 False의 평균을 내려면 `.float()`이 필요합니다.",
        "`argmax(dim=1)`이 답입니다. True와 False의 평균을 내려면 `.float()`이 필요합니다.",
    ],
    "share": [
        "간격이 있는 슬라이스입니다: `indices[start::step]`.",
        "간격이 있는 슬라이스입니다: `indices[start::step]`.",
        "간격이 있는 슬라이스입니다: `indices[start::step]`.",
    ],
    "average_gradients": [
        "`zip(*gradients)`는 파라미터별로 묶고, `torch.stack`은 텐서로 만듭니다.",
        "`zip(*gradients)`는 파라미터별로 묶고, `torch.stack`은 텐서로 만듭니다.",
        "`zip(*gradients)`는 파라미터별로 묶고, `torch.stack`은 텐서로 만듭니다.",
    ],
    "train": [
        "5절의 학습 스텝을 반복문에 넣고, 손실마다 `.item()`을 호출하세요.",
        "5절의 학습 스텝을 반복문에 넣고, 손실마다 `.item()`을 호출하세요.",
        "5절의 학습 스텝을 반복문에 넣고, 손실마다 `.item()`을 호출하세요.",
    ],
}

CASES = {}
