"""8과의 힌트(질문에서 시작해 거의 답이 되는 줄까지)와, 각 시험이 무엇을 보는지."""

HINTS = {
    "weight_shapes": [
        "`model.state_dict().items()`에서 이름과 텐서가 함께 나옵니다.",
        "`model.state_dict().items()`에서 이름과 텐서가 함께 나옵니다.",
        "`model.state_dict().items()`에서 이름과 텐서가 함께 나옵니다.",
    ],
    "copy_weights": [
        "`source.state_dict()`가 준 것을 `target.load_state_dict(...)`에 넣으세요.",
        "`source.state_dict()`가 준 것을 `target.load_state_dict(...)`에 넣으세요.",
        "`source.state_dict()`가 준 것을 `target.load_state_dict(...)`에 넣으세요.",
    ],
    "round_trip": [
        "`torch.save(state, path)`, 그다음 `weights_only=True`로 `torch.load`입니다.",
        "`torch.save(state, path)`, 그다음 `weights_only=True`로 `torch.load`입니다.",
        "`torch.save(state, path)`, 그다음 `weights_only=True`로 `torch.load`입니다.",
    ],
    "without_prefix": [
        "dict 컴프리헨션을 쓰세요. 문자열에는 `.removeprefix`가 있습니다.",
        "dict 컴프리헨션을 쓰세요. 문자열에는 `.removeprefix`가 있습니다.",
        "dict 컴프리헨션을 쓰세요. 문자열에는 `.removeprefix`가 있습니다.",
    ],
}

CASES = {}
