"""연습문제 13: 어텐션."""

import torch
from torch import nn


def attend_to_text(
    query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, lengths: torch.Tensor
) -> torch.Tensor:
    """텍스트의 스텝들이 어텐션으로 다른 텍스트에서 가져오는 것 (N, T, E)를 돌려주세요.

    `query`는 (N, T, D), `key`는 (N, S, D), `value`는 (N, S, E)입니다. 각 스텝은 다른 텍스트의 모든
    스텝을 볼 수 있습니다. i번째 다른 텍스트에는 스텝이 `lengths[i]`개 있습니다(1 이상). 그 뒤에
    있는 것은 행을 채우려고 넣은 것이므로 가중치를 받지 않습니다.

    >>> query, key = torch.zeros(1, 1, 2), torch.zeros(1, 3, 2)
    >>> value = torch.tensor([[[2.0], [4.0], [90.0]]])
    >>> attend_to_text(query, key, value, torch.tensor([2]))
    tensor([[[3.]]])
    """
    raise NotImplementedError


def window_mask(steps: int, width: int) -> torch.Tensor:
    """각 스텝(행)이 볼 수 있는 스텝(열)을 (steps, steps) 모양의 bool 텐서로 돌려주세요.

    볼 수 있는 것은 그 스텝 자신과 앞선 스텝이며, 모두 합쳐 `width`개까지입니다.

    >>> window_mask(3, 2)
    tensor([[ True, False, False],
            [ True,  True, False],
            [False,  True,  True]])
    """
    raise NotImplementedError


def next_characters(text: str, length: int) -> tuple[torch.Tensor, torch.Tensor]:
    """글자를 맞히는 신경망의 입력과 정답(targets)을 돌려주세요. 둘 다 (N, length) int64입니다.

    글자의 번호는 `sorted(set(text))` 안에서의 자리입니다. 입력의 첫 행은 텍스트의 처음이고, 다음
    행은 앞 행이 끝난 곳에서 이어집니다. 정답은 입력 글자 바로 뒤의 글자입니다. 끝까지 채우지 못하는
    마지막 행은 버립니다.

    >>> next_characters("abcab", 2)
    (tensor([[0, 1],
            [2, 0]]), tensor([[1, 2],
            [0, 1]]))
    """
    raise NotImplementedError


def draw_next(logits: torch.Tensor, temperature: float) -> int:
    """모든 글자의 로짓 (C,)에 따라 다음 글자를 뽑아, 그 번호를 돌려주세요.

    확률은 로짓을 온도로 나눈 값의 softmax입니다. 온도가 0이면 가장 그럴듯한 글자를 돌려줍니다.

    >>> draw_next(torch.tensor([1.0, 3.0, 2.0]), temperature=0)
    1
    """
    raise NotImplementedError


class Residual(nn.Module):
    """어떤 레이어든 감쌀 수 있는 잔차 연결입니다. `x + scale * layer(x)`를 돌려줍니다.

    레이어는 `layer`라는 이름으로 둡니다. `scale`은 모양이 (1,)인 `nn.Parameter`이고 함께
    학습됩니다. 0에서 시작하므로 레이어는 처음에 아무것도 바꾸지 않습니다. `x` 자체는 그대로 두세요.

    >>> Residual(nn.Linear(2, 2))(torch.tensor([5.0, 7.0])).tolist()
    [5.0, 7.0]
    """

    def __init__(self, layer: nn.Module) -> None:
        raise NotImplementedError

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        raise NotImplementedError


def many_heads(
    query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, heads: int
) -> torch.Tensor:
    """헤드가 여러 개인 인과(causal) 어텐션 (N, T, D)를 돌려주세요. 세 인자도 모양이 같습니다.

    첫 번째 헤드는 query, key, value의 처음 D / heads개 숫자를 맡고, 두 번째 헤드는 그다음 숫자를
    맡는 식입니다. 어떤 스텝도 뒤의 스텝을 보지 않습니다. 결과는 같은 순서로 나란히 이어 붙입니다.
    """
    raise NotImplementedError
