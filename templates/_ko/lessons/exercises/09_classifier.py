"""연습문제 9: 분류기와 그 학습, 그리고 틀린 답."""

import torch

from config import Config
from engine.dataset import Batch
from model import compute_loss


def accuracy(logits: torch.Tensor, labels: torch.Tensor) -> float:
    """정답 클래스의 로짓이 가장 높은 예제의 비율을 돌려주세요.

    >>> accuracy(torch.tensor([[0.1, 2.0], [3.0, 0.2]]), torch.tensor([1, 1]))
    0.5
    """
    raise NotImplementedError


def train(
    model: torch.nn.Module,
    optimizer: torch.optim.Optimizer,
    batches: list[Batch],
    config: Config,
) -> list[float]:
    """이 프로젝트의 신경망을 배치마다 한 스텝씩 학습시키고, 배치마다의 평균 손실을 돌려주세요."""
    losses, _ = compute_loss(model, batches[0], config)  # (N,), of the first batch
    raise NotImplementedError
    return [losses.mean().item()]


def evaluate(model: torch.nn.Module, batches: list[tuple[torch.Tensor, torch.Tensor]]) -> float:
    """모든 배치에 있는 모든 예제의 평균 교차 엔트로피를 돌려주세요.

    배치는 (입력, 라벨)이고 `model(inputs)`가 로짓을 돌려줍니다. 배치의 크기는 다를 수 있습니다.
    모든 예제의 비중은 똑같습니다. 모델은 평가 모드에서, 그래디언트 없이 답해야 합니다. 그다음에는
    학습 모드든 평가 모드든 모든 레이어가 원래 모드로 돌아와 있고, 그래디언트도 다시 기록되어야
    합니다.
    """
    raise NotImplementedError


def confusion_matrix(answers: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    """클래스마다 어떤 답이 몇 번 나왔는지 정수 (classes, classes)로 돌려주세요.

    행은 라벨, 열은 답이고, 둘 다 클래스 번호 (N,)입니다.

    >>> confusion_matrix(torch.tensor([1, 1, 0]), torch.tensor([1, 0, 0]), classes=2)
    tensor([[1, 1],
            [0, 1]])
    """
    raise NotImplementedError


def worst_mistakes(logits: torch.Tensor, labels: torch.Tensor, count: int) -> torch.Tensor:
    """틀린 답 가운데 교차 엔트로피가 가장 큰 것들의 인덱스를 큰 것부터 돌려주세요.

    `count`개를 돌려주되, 틀린 답이 그보다 적으면 있는 만큼만 돌려주세요.

    >>> logits = torch.tensor([[0.0, 1.0], [5.0, 0.0], [2.0, 0.0], [0.0, 9.0]])
    >>> worst_mistakes(logits, torch.tensor([0, 1, 1, 1]), count=2)
    tensor([1, 2])
    """
    raise NotImplementedError
