"""레슨 8의 힌트와 케이스 설명입니다. 힌트는 질문에서 시작해 답에 가까워집니다."""

HINTS = {
    "weight_shapes": [
        "레슨은 신경망의 무엇을 출력하나요? 파라미터 말고도 더 있습니다.",
        "`model.state_dict().items()`에서 이름과 텐서가 함께 나옵니다.",
        "dict 컴프리헨션입니다: `{name: tensor.shape for name, tensor in ...}`.",
    ],
    "copy_weights": [
        "신경망의 가중치를 dict로 주는 것은 무엇이고, 그런 dict를 받는 것은 무엇인가요?",
        "한쪽은 `state_dict`, 다른 쪽은 `load_state_dict`입니다. target으로 복사합니다.",
        "`target.load_state_dict(...)`에 `source.state_dict()`를 넣고 `target`을 돌려주세요.",
    ],
    "round_trip": [
        "무엇으로 파일을 쓰고, 무엇으로 읽나요? 남이 준 파일이 절대 해서는 안 될 일은 무엇인가요?",
        "`torch.save`는 상태와 경로를 받습니다. `torch.load`는 경로를 받습니다.",
        "`weights_only=True`를 준 `torch.load`가 그 경로에서 읽은 것을 돌려주세요.",
    ],
    "without_prefix": [
        "앞부분(prefix)이 이름 가운데에 있거나 아예 없으면 이름이 어떻게 되어야 하나요?",
        "문자열에는 `.removeprefix`가 있습니다. 이름의 맨 앞만 봅니다.",
        "`state.items()`로 dict 컴프리헨션을 만들고 `name.removeprefix(prefix)`를 쓰세요.",
    ],
    "snapshot": [
        "`state_dict`의 텐서들은 누구의 메모리를 쓰나요?",
        "텐서의 `clone()`에는 메모리가 따로 있습니다.",
        "`model.state_dict().items()`로 dict 컴프리헨션을 만들고, 텐서마다 clone을 넣으세요.",
    ],
    "resume": [
        "레슨은 체크포인트에서 무엇을 읽었고, 그것을 누구에게 주었나요?",
        "파일은 `torch.load`로 읽습니다. 모델과 옵티마이저 모두 `load_state_dict`가 있습니다.",
        '`optimizer.load_state_dict(checkpoint["optimizer"])`, 모델도요. 에폭 번호에 1을 더하세요.',
    ],
}

CASES = {
    "weight_shapes": {
        "buffers": "파라미터만 저장되는 것이 아닙니다. BatchNorm의 이동 평균도 저장됩니다",
        "nothing": "가중치가 없는 신경망은 아무것도 저장하지 않습니다",
        "tied": "함께 쓰는 가중치는 두 이름으로 저장되고, 저장되지 않는 버퍼도 있습니다",
        "project": "이 프로젝트의 신경망입니다",
    },
    "copy_weights": {
        "plain": "target 자체가 바뀌어야 합니다. 다른 신경망에 그 이름을 붙이면 안 됩니다",
        "all": "상태의 모든 텐서입니다. 파라미터가 아닌 것도 있습니다",
        "target": "돌려준 신경망은 target 자체여야 합니다",
        "source": "source 자체는 그대로 있어야 합니다",
        "memory": "나중에 source가 바뀌어도 target은 따라 바뀌면 안 됩니다",
        "project": "이 프로젝트의 신경망입니다",
    },
    "round_trip": {
        "content": "읽은 것은 저장한 것과 같습니다",
        "file": "받은 경로의 파일을 안전하게 다시 읽어 봅니다. 상태가 들어 있어야 합니다",
        "folder": "폴더에는 그 파일만 있어야 합니다",
        "again": "파일이 이미 있습니다. 새것으로 바뀌어야 합니다",
        "read": "돌려준 것은 파일에서 읽은 것이고, 파일에는 그래디언트가 없습니다",
        "unsafe": "상태에 단순한 값이 아닌 객체가 있습니다. 읽기를 거부해야 합니다",
    },
    "without_prefix": {
        "middle": "앞부분이 이름 가운데에도 있습니다. 그것은 그대로 둡니다",
        "twice": "앞부분이 두 번 있습니다. 한 번만 떼어 냅니다",
        "other": "그 앞부분이 없는 이름은 그대로입니다",
        "letters": "앞부분에 든 글자가 바로 뒤에 또 나옵니다",
    },
    "snapshot": {
        "all": "상태의 모든 텐서입니다. 파라미터가 아닌 것도 있습니다",
        "tied": "함께 쓰는 가중치는 두 이름으로 저장되고, 저장되지 않는 버퍼도 있습니다",
        "later": "snapshot을 받은 다음에 신경망이 바뀌었습니다",
        "project": "이 프로젝트의 신경망입니다",
    },
    "resume": {
        "epoch": "돌려준 번호입니다",
        "model": "상태를 불러온 뒤에 모델이 저장하는 모든 것입니다",
        "optimizer": "다음 스텝들이 멈춘 적 없는 학습과 같습니다",
        "rate": "옵티마이저의 학습률이 달랐습니다. 저장된 학습률도 상태의 일부입니다",
    },
}
