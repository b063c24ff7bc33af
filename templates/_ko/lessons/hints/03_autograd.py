"""레슨 3의 힌트와 케이스 설명입니다. 힌트는 질문에서 시작해 답에 가까워집니다."""

HINTS = {
    "slope": [
        "레슨에서는 3에서의 그래디언트를 어떤 세 단계로 구했나요?",
        "`requires_grad=True`인 `at`의 텐서, 그 텐서를 넣은 함수, 그리고 `backward`입니다.",
        "`backward()` 다음에 `x.grad`는 텐서입니다. `.item()`은 텐서를 파이썬 수로 바꿉니다.",
    ],
    "fresh_gradients": [
        "`backward`를 두 번 하면 `weight.grad`에는 무엇이 있나요?",
        "그래디언트는 한 텐서에 더해집니다. 손실이 바뀔 때마다 지우고, 구한 것은 간직하세요.",
        "반복문 안에서 `weight.grad = None`, `backward`, 그리고 `weight.grad`를 리스트에 더하세요.",
    ],
    "error_gradient": [
        "autograd는 leaf의 `.grad`만 채웁니다. 이런 숫자로 leaf를 어떻게 만드나요?",
        "레슨에서는 `clone`과 `requires_grad_`로 숫자를 leaf에 복사합니다.",
        "`leaf = weight.clone().requires_grad_()` 다음에 제곱의 평균, 그리고 `backward`입니다.",
    ],
    "logits_only": [
        "레슨에 나오는, autograd를 멈추는 두 가지 방법은 무엇인가요?",
        "`torch.no_grad()` 안에서 호출하거나 결과를 `detach()`하세요. 별표는 튜플을 풉니다.",
        "`with torch.no_grad():` 안에서 `model(*inputs)`를 돌려주세요.",
    ],
    "double_until": [
        "autograd는 파이썬이 실제로 한 일을 따라갑니다. autograd가 없다면 어떻게 쓰겠어요?",
        "매번 새 텐서를 만드는 `while` 반복문입니다. `.item()`과 `detach()`는 그래프를 벗어납니다.",
        "`while x < limit:` 안에서 `x = x * 2`라고 쓰면 받은 텐서는 그대로 있습니다.",
    ],
    "teacher_loss": [
        "두 답 가운데 어느 쪽으로 그래디언트가 되돌아가면 안 되나요?",
        "`detach()`는 상수를 만듭니다. 차이의 어느 쪽이 상수여야 하나요?",
        "`teacher(inputs)` 대신 `teacher(inputs).detach()`로 계산하세요.",
    ],
    "walk_back": [
        "처음부터 알고 있는 그래디언트는 무엇이고, 테이프의 어느 줄에서 쓰이나요?",
        "마지막 줄부터 첫 줄까지, 결과의 그래디언트에 기울기를 곱해 더합니다.",
        "`for result, parent, slope in reversed(tape):` 안에서, 아직 값이 없는 이름은 0입니다.",
    ],
}

CASES = {
    "slope": {
        "function": "다른 함수의 기울기입니다. autograd가 구하는 것처럼 부호까지 정확해야 합니다",
        "place": "같은 함수의 다른 자리에서의 기울기입니다",
        "branch": "`if`가 있는 함수입니다. 실제로 지나온 갈래의 기울기입니다",
    },
    "fresh_gradients": {
        "alone": "그래디언트는 저마다 따로입니다. 앞뒤의 것에 더해지거나 바뀌지 않습니다",
    },
    "error_gradient": {
        "mean": "다른 크기입니다. N개 전체의 평균을 미분한 값이고, 모양은 (F,)입니다",
    },
    "logits_only": {
        "remembered": "답은 어떻게 계산되었는지 기억하지 않아야 합니다",
        "inputs": "신경망의 입력은 여러 개일 수 있습니다. 튜플에 든 것 모두입니다",
        "weights": "나중에 학습시킬 신경망입니다. 가중치의 requires_grad는 켜져 있어야 합니다",
        "mode": "학습 모드든 평가 모드든, 신경망은 지금의 모드로 답하고 그대로 남아야 합니다",
    },
    "double_until": {
        "gradient": "결과에서 `x`로 되돌아갑니다. 두 배로 늘릴 때마다 그래디언트도 두 배가 됩니다",
        "enough": "숫자가 이미 충분히 커서 두 배로 늘리지 않습니다",
        "equal": "두 배로 늘리다가 limit과 똑같아졌습니다. 그러면 충분합니다",
    },
    "teacher_loss": {
        "constant": "teacher의 답은 상수이고, student의 답은 상수가 아닙니다",
        "shared": "둘이 같은 가중치를 씁니다. 그 그래디언트는 student를 지나서만 옵니다",
    },
    "walk_back": {
        "multiplied": "길 하나를 따라서는 기울기를 곱합니다",
        "added": "한 이름으로 되돌아가는 길이 여럿이고, 다른 결과도 지나갑니다. 모두 더합니다",
        "aside": "마지막 결과를 계산하는 데 쓰이지 않은 결과의 그래디언트는 0입니다",
    },
}
