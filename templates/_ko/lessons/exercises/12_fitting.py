"""연습문제 12: 과적합과 과소적합, 그리고 학습률을 찾는 방법."""

import torch


def best_epoch(val_losses: list[float], patience: int) -> tuple[int, int]:
    """가장 좋은 에폭과, 조기 종료를 쓸 때 마지막으로 학습하는 에폭을 돌려주세요. 0부터 셉니다.

    `val_losses`에는 조기 종료를 하지 않았을 때의 검증 손실이 에폭마다 있습니다. 최저 손실이 새로
    나오지 않은 에폭이 연달아 `patience`개(1 이상)가 되면, 그 마지막 에폭 뒤에 학습이 끝납니다. 같은
    손실은 새로운 최저 손실이 아닙니다. 그런 일이 없으면 리스트의 마지막 에폭에서 끝납니다. 가장
    좋은 에폭은 학습한 에폭 가운데 손실이 가장 낮은 첫 에폭입니다.

    >>> best_epoch([2.0, 1.5, 1.6, 1.7, 1.2], patience=2)
    (1, 3)
    """
    raise NotImplementedError


def range_of_rates(lowest: float, highest: float, count: int) -> list[float]:
    """범위 테스트에 쓸 학습률 `count`개(2개 이상)를 float로 돌려주세요.

    처음은 `lowest`, 마지막은 `highest`이고, 나머지도 모두 바로 앞의 것에 같은 수를 곱한 값입니다.

    >>> [round(rate, 6) for rate in range_of_rates(0.001, 1.0, count=4)]
    [0.001, 0.01, 0.1, 1.0]
    """
    raise NotImplementedError


def choose_rate(rates: list[float], losses: list[float]) -> float:
    """범위 테스트가 권하는 학습률, 곧 손실이 가장 낮은 학습률의 10분의 1을 돌려주세요.

    `losses`는 점점 커지는 `rates`의 손실입니다. 처음으로 nan이나 무한대가 나오면 그 손실과 그 뒤는
    모두 세지 않습니다(맨 처음 손실은 수입니다). 손실 하나는 우연히 낮을 수 있으므로, 손실과 바로 옆
    손실의 평균을 비교하세요. 보통은 셋의 평균이고, 한쪽이나 양쪽 옆이 없으면 있는 것만의
    평균입니다. 평균이 같으면 학습률이 가장 낮은 것을 고릅니다.

    >>> choose_rate([0.01, 0.1, 1.0, 10.0], [2.0, 1.0, 0.5, float("inf")])
    0.1
    """
    raise NotImplementedError


def diagnose(train_losses: list[float], val_losses: list[float], guessing: float) -> str:
    """에폭마다의 손실을 보고 "underfitting", "overfitting", "good" 중 하나를 돌려주세요.

    마지막 학습 손실이 `guessing`의 절반보다 크면 "underfitting"입니다. `guessing`은 아무것도
    모르는 신경망의 손실입니다. 아니면, 마지막 검증 손실이 가장 낮은 검증 손실의 1.1배보다 크면
    "overfitting"입니다. 그것도 아니면 "good"입니다.

    >>> diagnose([2.0, 0.5, 0.1], [2.1, 0.9, 1.5], guessing=2.3)
    'overfitting'
    """
    raise NotImplementedError


def decayed_step(
    parameters: dict[str, torch.Tensor],
    gradients: dict[str, torch.Tensor],
    lr: float,
    weight_decay: float,
) -> dict[str, torch.Tensor]:
    """가중치 감쇠가 있는 SGD로 한 스텝 간 뒤의 파라미터를 이름과 함께 돌려주세요.

    가중치 감쇠는 파라미터의 `weight_decay`배를 그 그래디언트에 더합니다. 그다음에 가는 스텝은 이
    그래디언트의 `lr`배입니다. 흔히 그렇듯 차원이 두 개 이상인 파라미터만 감쇠하고, 편향은 하지
    않습니다. 그래디언트가 없는 파라미터는 그대로입니다. 인자는 바꾸지 않습니다.
    """
    raise NotImplementedError
