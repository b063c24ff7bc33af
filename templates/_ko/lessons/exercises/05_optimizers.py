"""연습문제 5: 옵티마이저. 네 가지와 스케줄을 직접 만들고, train.py를 이루는 스텝도 써 봅니다."""

import math

import torch

from config import Config
from engine.dataset import Batch
from model import compute_loss


def sgd(weight: torch.Tensor, gradient: torch.Tensor, lr: float) -> torch.Tensor:
    """기본 SGD로 한 스텝 간 뒤의 가중치를 돌려주세요. `weight` 자체는 바꾸지 마세요.

    >>> sgd(torch.tensor([1.0]), torch.tensor([2.0]), lr=0.25)
    tensor([0.5000])
    """
    raise NotImplementedError


def momentum(
    weight: torch.Tensor, gradients: list[torch.Tensor], lr: float, beta: float
) -> torch.Tensor:
    """모멘텀이 있는 SGD로 그래디언트마다 한 스텝씩 간 뒤의 가중치를 돌려주세요.

    속도는 0에서 시작해, 매번 이전 속도의 `beta`배에 그래디언트를 더한 값이 됩니다. 스텝은 속도의
    `lr`배입니다. `weight` 자체는 바꾸지 마세요.
    """
    raise NotImplementedError


def rmsprop(
    weight: torch.Tensor, gradients: list[torch.Tensor], lr: float, alpha: float
) -> torch.Tensor:
    """RMSprop으로 그래디언트마다 한 스텝씩 간 뒤의 가중치를 돌려주세요.

    제곱 평균은 0에서 시작해, 매번 자신의 `alpha`배와 그래디언트 제곱의 `1 - alpha`배를 더한
    값이 됩니다. 스텝은 그래디언트의 `lr`배를, 그 제곱근에 1e-8을 더한 값으로 나눈 것입니다.
    `weight` 자체는 바꾸지 마세요.
    """
    raise NotImplementedError


def adam(
    weight: torch.Tensor, gradients: list[torch.Tensor], lr: float, beta1: float, beta2: float
) -> torch.Tensor:
    """Adam으로 그래디언트마다 한 스텝씩 간 뒤의 가중치를 돌려주세요.

    이동 평균 두 개가 0에서 시작합니다. 평균은 자신의 `beta1`배와 그래디언트의 `1 - beta1`배를,
    제곱 평균은 자신의 `beta2`배와 그래디언트 제곱의 `1 - beta2`배를 더한 값이 됩니다. n번째
    스텝(처음이 1)에서는 둘을 `1 - beta1**n`과 `1 - beta2**n`으로 나눈 값을 쓰고, 이어 가는 값은
    나누지 않습니다. 스텝은 앞의 값의 `lr`배를, 뒤의 값의 제곱근에 1e-8을 더한 값으로 나눈
    것입니다. `weight` 자체는 바꾸지 마세요.
    """
    raise NotImplementedError


def warmup_then_cosine(step: int, warmup: int, steps: int, lr: float) -> float:
    """0부터 `steps - 1`까지의 스텝 가운데 한 스텝의 학습률을 돌려주세요.

    처음 `warmup` 스텝 동안은 스텝 0의 `lr / warmup`에서 스텝 `warmup - 1`의 `lr`까지 고르게
    커집니다. 스텝 `warmup`부터는 코사인 물결의 절반을 따라 작아집니다. 스텝 `warmup`에서 `lr`이고,
    스텝 `steps`가 있다면 0입니다. `warmup`은 0일 수 있고 `steps`보다 작습니다.

    >>> [round(warmup_then_cosine(step, warmup=2, steps=6, lr=0.4), 3) for step in range(6)]
    [0.2, 0.4, 0.4, 0.341, 0.2, 0.059]
    """
    raise NotImplementedError


def training_step(
    model: torch.nn.Module, optimizer: torch.optim.Optimizer, batch: Batch, config: Config
) -> float:
    """이 프로젝트의 신경망을 배치로 한 번 학습시키고, 스텝 전의 평균 손실을 돌려주세요.

    매번 다른 배치로 거듭 호출됩니다. 각 스텝에는 자기 배치의 그래디언트만 쓰며, 평균 손실의
    그래디언트입니다.
    """
    losses, _ = compute_loss(model, batch, config)  # (N,)
    raise NotImplementedError
    return losses.mean().item()
