"""연습문제 9: 분류기에서 분산 학습까지."""

import torch

from config import Config
from engine.dataset import Batch
from model import compute_loss


def accuracy(logits: torch.Tensor, labels: torch.Tensor) -> float:
    """가장 높은 로짓이 정답 클래스의 것인 예제의 비율을 돌려주세요.

    >>> accuracy(torch.tensor([[0.1, 2.0], [3.0, 0.2]]), torch.tensor([1, 1]))
    0.5
    """
    raise NotImplementedError


def share(indices: torch.Tensor, rank: int, processes: int) -> torch.Tensor:
    """프로세스 `rank`번이 학습할 인덱스를 돌려주세요. 카드처럼 하나씩 돌아가며 나눕니다.

    >>> share(torch.tensor([5, 6, 7, 8, 9]), rank=1, processes=2)
    tensor([6, 8])
    """
    raise NotImplementedError


def average_gradients(gradients: list[list[torch.Tensor]]) -> list[torch.Tensor]:
    """파라미터마다 평균 그래디언트를 돌려주세요. `gradients`에는 프로세스마다 목록이 있습니다.

    >>> average_gradients([[torch.tensor([1.0, 5.0])], [torch.tensor([3.0, 5.0])]])
    [tensor([2., 5.])]
    """
    raise NotImplementedError


def train(
    model: torch.nn.Module,
    optimizer: torch.optim.Optimizer,
    batches: list[Batch],
    config: Config,
) -> list[float]:
    """이 프로젝트의 신경망을 배치마다 한 스텝씩 학습시키고, 배치마다 평균 손실을 돌려주세요."""
    losses, _ = compute_loss(model, batches[0], config)  # (N,), of the first batch
    raise NotImplementedError
    return [losses.mean().item()]
