"""연습문제 11: 열 가지 실수. 실행은 되지만 모두 잘못된 프로그램입니다. 실수를 찾아 고치세요.

채울 빈칸은 없습니다. 설명의 앞부분은 프로그램이 해야 할 일이고, "증상" 뒤는 프로그램을 쓰는
사람에게 보이는 것입니다.
"""

from collections.abc import Callable

import torch
from torch import nn


def squared_error(predictions: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """예측(N, 1)과 그 정답(N,)의 차이를 제곱한 평균을 돌려주세요.

    증상: 예측이 모두 맞아도 손실이 있고, 학습이 끝나면 신경망이 무엇에나 같은 수를 답합니다.

    >>> squared_error(torch.tensor([[1.0], [3.0]]), torch.tensor([1.0, 3.0]))
    tensor(0.)
    """
    return ((predictions - targets) ** 2).mean()


class PointClassifier(nn.Module):
    """레이어가 두 개인 신경망으로, `functional.cross_entropy`로 학습합니다.

    입력은 점(N, features)이고 출력의 모양은 (N, classes)입니다. `__init__`의 인자는 그대로 두세요.

    증상: 클래스가 두 개일 때 답이 모두 맞아도 손실이 0.31 아래로 내려가지 않습니다.
    """

    def __init__(self, features: int, classes: int) -> None:
        super().__init__()
        self.hidden = nn.Linear(features, 32)
        self.output = nn.Linear(32, classes)

    def forward(self, points: torch.Tensor) -> torch.Tensor:
        hidden = self.hidden(points).relu()
        return self.output(hidden).softmax(dim=1)


def walk_downhill(
    function: Callable[[torch.Tensor], torch.Tensor], start: torch.Tensor, lr: float, steps: int
) -> torch.Tensor:
    """`start`에서 경사 하강법으로 `steps` 스텝 내려간 뒤의 점을 돌려주세요.

    `function`은 점을 받아 수 하나를 돌려줍니다. 한 스텝은 그 점에서 구한 그래디언트의 `lr`배입니다.
    `start`는 그대로 두고, 돌려주는 점의 requires_grad는 꺼져 있습니다.

    증상: 점이 가장 낮은 곳을 지나쳐 건너편 높은 곳까지 갔다가 되돌아옵니다. 첫 스텝은 맞습니다.
    """
    point = start.clone().requires_grad_()
    for _ in range(steps):
        function(point).backward()
        with torch.no_grad():
            point -= lr * point.grad
    return point.detach()


def predicted_classes(model: nn.Module, inputs: torch.Tensor) -> torch.Tensor:
    """학습을 마친 모델이 입력마다 가장 그럴듯하다고 보는 클래스(N,)를 int64로 돌려주세요.

    끝난 뒤 모델은 전과 같아야 합니다. 텐서도, 받았을 때의 모드(학습 모드인지 아닌지)도 같습니다.

    증상: 같은 모델이 같은 입력에 그때그때 다르게 답합니다. 그리고 함께 들어온 입력이 달라지면
    같은 입력의 답도 달라집니다.
    """
    with torch.no_grad():
        return model(inputs).argmax(dim=1)


def standardize_parts(train: torch.Tensor, val: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """학습 입력(N, features)과 검증 입력(M, features)을 표준화해서 돌려주세요.

    특징마다 평균을 빼고 표준편차(`std(dim=0)`)로 나눕니다. 두 쪽에 같은 수를 씁니다. 그러고 나면
    학습 입력의 평균은 0, 표준편차는 1입니다.

    증상: 함께 넣은 검증 데이터에 따라 학습 입력이 달라지고, 검증 점수가 내년 데이터의 점수보다
    좋게 나옵니다.
    """
    everything = torch.cat([train, val])
    mean, std = everything.mean(dim=0), everything.std(dim=0)
    return (train - mean) / std, (val - mean) / std


def clipped_step(
    model: nn.Module, optimizer: torch.optim.Optimizer, loss: torch.Tensor, limit: float
) -> None:
    """모델로 계산한 `loss`의 그래디언트를 구해, 옵티마이저로 한 스텝 학습시키세요.

    모델의 그래디언트 전체의 노름이 `limit`보다 크면 먼저 `limit`까지 줄입니다. 앞선 스텝의
    그래디언트는 섞이지 않습니다.

    증상: 그래디언트를 제한하는데도 몇 스텝 뒤에 손실이 치솟고 결국 nan이 됩니다.
    """
    optimizer.zero_grad()
    nn.utils.clip_grad_norm_(model.parameters(), limit)
    loss.backward()
    optimizer.step()


def shuffle_examples(
    inputs: torch.Tensor, labels: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """모든 예제, 곧 입력(N, ...)과 라벨(N,)을 새로운 무작위 순서로 돌려주세요.

    증상: 손실이 log(classes)에 머물고, 신경망이 찍는 것보다 나아지지 않습니다.
    """
    inputs = inputs[torch.randperm(len(inputs))]
    labels = labels[torch.randperm(len(labels))]
    return inputs, labels


def movement(before: torch.Tensor, after: torch.Tensor) -> torch.Tensor:
    """두 그림의 픽셀이 저마다 얼마나 다른지 uint8로 돌려주세요. 음수는 없습니다.

    두 그림은 dtype이 uint8이고 모양이 같습니다.

    증상: 거의 바뀌지 않은 곳에서 차이가 가장 밝게 나옵니다.

    >>> movement(torch.tensor([5], dtype=torch.uint8), torch.tensor([3], dtype=torch.uint8))
    tensor([2], dtype=torch.uint8)
    """
    return (after - before).abs()


def with_positions(sequences: torch.Tensor) -> torch.Tensor:
    """시퀀스(N, length, features)에 특징 하나, 곧 스텝의 번호를 더해서 돌려주세요.

    번호는 처음부터 0, 1, 2, ...입니다. 결과(N, length, features + 1)의 dtype과 장치는 시퀀스와
    같습니다.

    증상: CPU에서는 문제가 없지만 GPU에서는 "Expected all tensors to be on the same device"라는
    오류로 끝납니다.
    """
    count, length, _ = sequences.shape
    steps = torch.arange(length, dtype=sequences.dtype)
    return torch.cat([sequences, steps.expand(count, length)[:, :, None]], dim=2)


def mean_of_losses(
    compute_loss: Callable[[torch.Tensor], torch.Tensor], batches: list[torch.Tensor]
) -> float:
    """모든 배치에서 구한 손실의 평균을 float로 돌려주세요. 배치는 하나 이상입니다.

    `compute_loss`는 배치 하나로 신경망을 계산해 손실을 돌려줍니다. 손실은 수 하나짜리 텐서입니다.

    증상: 배치마다 메모리를 조금씩 더 쓰고, 끝날 때까지 돌려주지 않습니다. 배치가 많으면 "out of
    memory"로 끝납니다.
    """
    total = torch.zeros(())
    for batch in batches:
        total = total + compute_loss(batch)
    return total.item() / len(batches)
