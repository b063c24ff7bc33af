"""연습문제 5: 옵티마이저. 세 가지를 직접 만들고, train.py를 이루는 스텝도 써 봅니다."""

import torch

from config import Config
from engine.dataset import Batch
from model import compute_loss


def sgd(weight: torch.Tensor, gradient: torch.Tensor, lr: float) -> torch.Tensor:
    """기본 SGD로 한 스텝 간 뒤의 가중치를 돌려주세요.

    >>> sgd(torch.tensor([1.0]), torch.tensor([2.0]), lr=0.25)
    tensor([0.5000])
    """
    raise NotImplementedError


def momentum(
    weight: torch.Tensor, gradients: list[torch.Tensor], lr: float, beta: float
) -> torch.Tensor:
    """모멘텀이 있는 SGD로 그래디언트마다 한 스텝씩 간 뒤의 가중치를 돌려주세요.

    속도는 이전 속도의 `beta`배에 그래디언트를 더한 값이고, 스텝은 속도의 `lr`배입니다.
    """
    raise NotImplementedError


def rmsprop(
    weight: torch.Tensor, gradients: list[torch.Tensor], lr: float, alpha: float
) -> torch.Tensor:
    """RMSprop으로 그래디언트마다 한 스텝씩 간 뒤의 가중치를 돌려주세요.

    제곱 평균은 0에서 시작해, 매번 자신의 `alpha`배와 그래디언트 제곱의 `1 - alpha`배를 더한
    값이 됩니다. 스텝은 그래디언트의 `lr`배를 그 제곱근(더하기 1e-8)으로 나눈 값입니다.
    """
    raise NotImplementedError


def training_step(
    model: torch.nn.Module, optimizer: torch.optim.Optimizer, batch: Batch, config: Config
) -> float:
    """이 프로젝트의 신경망을 배치로 한 번 학습시키고, 스텝 전의 평균 손실을 돌려주세요."""
    losses, _ = compute_loss(model, batch, config)  # (N,)
    raise NotImplementedError
    return losses.mean().item()
