"""레슨 1의 힌트와 케이스 설명입니다. 힌트는 질문에서 시작해 답에 가까워집니다."""

HINTS = {
    "installed_version": [
        "레슨에서는 설치된 NumPy의 버전을 어떻게 알아냈나요?",
        "파이썬 패키지는 버전을 `__version__`에 문자열로 적어 둡니다.",
        "`torch`의 `__version__`을 돌려주세요.",
    ],
    "batch_shapes": [
        "텐서는 자신에 대해 어떤 세 가지를 알고 있나요? 그중 하나를 묻고 있습니다.",
        "텐서마다 `.shape`가 있습니다. 리스트 컴프리헨션으로 모두 모으세요.",
        "`[tensor. ... for tensor in tensors]`: 빈칸에 들어갈 말은 무엇인가요?",
    ],
    "count_classes": [
        "레슨은 클래스에 대해 무엇을 출력하나요? 이름이 몇 개인가요?",
        "`data.info.classes`는 클래스마다 이름이 하나씩 든 리스트입니다. 리스트는 무엇으로 세나요?",
        "`data.info.classes`의 `len`입니다.",
    ],
    "training_share": [
        "예제가 세 부분으로 나뉘어 있다면 모두 몇 개인가요?",
        "`data.train`, `data.val`, `data.test`는 각각 `len`으로 셉니다.",
        "`len(data.train)`을 세 길이의 합으로 나누세요. 괄호를 조심하세요.",
    ],
}

CASES = {
    "installed_version": {
        "elsewhere": "다른 컴퓨터에는 다른 버전이 있을 수 있으니, PyTorch에게 직접 물어야 합니다",
    },
    "batch_shapes": {
        "count": "리스트에 든 텐서가 몇 개든, 축이 몇 개든 됩니다",
        "empty": "숫자 하나뿐이라 축이 없는 텐서도 있고, 크기가 0인 축도 있습니다",
    },
    "count_classes": {
        "unseen": "이 데이터에 예제가 하나도 없는 클래스도 있습니다. 그것도 셉니다",
        "numbers": "라벨이 예측할 숫자인 데이터에는 클래스가 없습니다",
    },
    "training_share": {
        "exact": "다른 데이터의 비율을 파이썬이 나타낼 수 있는 만큼 정확하게 구합니다",
        "empty": "비어 있는 부분도 있을 수 있습니다",
    },
}
