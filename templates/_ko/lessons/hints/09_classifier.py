"""레슨 9의 힌트와 케이스 설명입니다. 힌트는 질문에서 시작해 답에 가까워집니다."""

HINTS = {
    "accuracy": [
        "어느 클래스의 로짓이 가장 높나요? 레슨에서도 이것을 구합니다.",
        "`argmax(dim=1)`이 답입니다. 라벨과 비교하세요.",
        "True와 False의 평균을 내려면 `.float()`이 필요합니다. `.item()`은 텐서를 수로 바꿉니다.",
    ],
    "train": [
        "학습 스텝은 무엇으로 이루어지나요? 레슨 5에 한 번, 이 레슨에 여러 번 나옵니다.",
        "`batches`를 도는 반복문입니다: 손실, `zero_grad`, `backward`, `step`. 평균을 모으세요.",
        "반복문 안에서: `losses, _ = compute_loss(model, batch, config)`, `loss = losses.mean()`.",
    ],
    "evaluate": [
        "드롭아웃은 손실을 어떻게 바꾸나요? 예제가 두 개인 배치는 비중이 얼마여야 하나요?",
        "지금 모드는 `model.training`으로 알 수 있습니다. 모든 예제의 손실을 더한 다음 나누세요.",
        '`F.cross_entropy(..., reduction="sum")`은 합입니다. 끝에 `model.train(was_training)`.',
    ],
    "confusion_matrix": [
        "예제 하나를 보면, 행렬의 어느 수가 1만큼 커지나요?",
        "`torch.zeros(classes, classes, dtype=torch.long)`에서 시작해 반복문으로 세세요.",
        "`for answer, label in zip(answers, labels):`, 그리고 행이 라벨입니다.",
    ],
    "worst_mistakes": [
        "어느 답이 틀렸나요? 다른 예제의 손실이 아무리 커도, 틀린 것만 결과에 들어갑니다.",
        '`reduction="none"`은 예제마다 손실을, `argsort(descending=True)`는 순서를 줍니다. '
        "`losses[wrong]`의 인덱스는 틀린 것만 셉니다.",
        "`order`가 손실순으로 늘어놓은 인덱스라면: `order[wrong[order]][:count]`.",
    ],
}

CASES = {
    "accuracy": {
        "number": "두 답 가운데 하나를 맞혔습니다. 텐서가 아니라 보통의 수 0.5입니다",
        "random": "예제 수와 클래스 수가 다르고, 음수인 로짓도 있습니다",
        "one": "예제가 하나입니다",
    },
    "train": {
        "losses": "스텝을 진행하기 전의, 배치마다의 평균 손실입니다. 앞 스텝의 결과도 나타납니다",
        "parameters": "모든 스텝 뒤의 모든 파라미터입니다. 옵티마이저에 모멘텀이 있습니다",
        "groups": "옵티마이저에 학습률이 둘 있고, 건드리지 않는 파라미터도 있습니다",
    },
    "evaluate": {
        "number": "배치가 하나이고, 모델은 평가 모드입니다. 평균은 텐서가 아니라 보통의 수입니다",
        "sizes": "배치의 크기가 서로 다르고, 모든 예제의 비중은 같습니다",
        "dropout": "모델에 드롭아웃이 있습니다. 꺼져 있어야 합니다",
        "training": "모델은 학습 모드였습니다. 끝난 뒤에도 모든 레이어가 학습 모드여야 합니다",
        "evaluation": "모델은 평가 모드였습니다. 끝난 뒤에도 모든 레이어가 평가 모드여야 합니다",
        "gradients": "모델이 답하는 동안 그래디언트를 기록하지 않습니다",
        "after": "끝난 뒤에는 그래디언트를 다시 기록해야 합니다",
    },
    "confusion_matrix": {
        "rows": "수는 정수이고, 행은 라벨, 열은 답입니다",
        "random": "예제가 많아서 대부분의 자리를 두 번 이상 셉니다",
        "large": "한 자리가 300입니다. torch.uint8에 들어가지 않는 수입니다",
        "missing": "라벨에도 답에도 없는 클래스의 자리는 0입니다",
        "empty": "예제가 하나도 없습니다",
    },
    "worst_mistakes": {
        "wrong": "맞힌 답도 손실이 클 수 있습니다. 그것은 실수가 아닙니다",
        "order": "손실이 가장 큰 것이 맨 앞이고, 인덱스는 틀린 것만이 아니라 모든 예제에서 셉니다",
        "fewer": "틀린 답이 요청한 수보다 적습니다",
        "none": "틀린 답이 없습니다. 결과는 비어 있습니다",
    },
}
