"""연습문제 15: 남이 학습시킨 모델."""

import torch
from torch import nn


def freeze_all_but(model: nn.Module, name: str) -> None:
    """모델에서 이 이름의 부분만(그 안의 모든 것과 함께) 학습되게 하세요.

    전에 어땠든, 그 부분의 파라미터는 `requires_grad`가 True이고 나머지는 모두 False여야 합니다.
    `model.get_submodule(name)`은 "head"나 "body.1" 같은 이름의 부분을 돌려줍니다.
    """
    raise NotImplementedError


def replace_last_linear(model: nn.Sequential, classes: int) -> nn.Sequential:
    """모델을 복사하고, 마지막 `nn.Linear`를 출력이 `classes`개인 새것으로 바꿔 돌려주세요.

    그 레이어는 `nn.Sequential` 안 어딘가에 있고, 뒤에 다른 레이어가 있을 수 있습니다. 새 레이어의
    입력 개수는 옛 레이어와 같고, 옛 레이어에 편향이 있었을 때만 편향이 있습니다. 나머지 레이어는
    모두 모델과 같은 가중치를 가지며, 모델 자체는 그대로 둡니다. 복사는 `copy.deepcopy`로 합니다.
    """
    raise NotImplementedError


def count_trainable(model: nn.Module) -> int:
    """모델에서 옵티마이저가 바꿀 수 있는 숫자, 곧 고정되지 않은 숫자의 개수를 돌려주세요.

    두 레이어가 함께 쓰는 파라미터는 한 번만 셉니다.

    >>> count_trainable(nn.Linear(3, 2))
    8
    """
    raise NotImplementedError


def two_rates(
    model: nn.Module, new: nn.Module, lr: float, old_lr: float
) -> list[dict[str, list | float]]:
    """학습률이 둘인 옵티마이저에 줄 파라미터 그룹을 돌려주세요.

    첫 그룹에는 모델의 한 부분인 `new`의 파라미터가 학습률 `lr`로, 둘째 그룹에는 모델의 나머지
    파라미터가 모두 학습률 `old_lr`로 들어갑니다. 그룹은 리스트 "params"와 숫자 "lr"이 든
    dict입니다. 고정된 파라미터는 어느 그룹에도 넣지 않습니다.
    """
    raise NotImplementedError


def load_what_fits(model: nn.Module, state: dict[str, torch.Tensor]) -> list[str]:
    """다른 모델의 state_dict에서 이름과 모양이 이 모델과 맞는 텐서를 모두 불러오세요.

    나머지는 모두 그대로 둡니다. 모델에 있지만 불러오지 못한 것의 이름을 정렬해서 돌려주세요.
    state에는 있고 모델에는 없는 것은 그냥 빼면 됩니다.
    """
    raise NotImplementedError
