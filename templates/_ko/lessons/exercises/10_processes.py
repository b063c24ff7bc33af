"""연습문제 10: 프로세스 여러 개. 하나만 써도 됩니다. 다른 프로세스의 값은 리스트에 있습니다."""

import torch


def share(indices: torch.Tensor, rank: int, processes: int) -> torch.Tensor:
    """프로세스 `rank`번이 학습할 인덱스를 돌려주세요. 카드처럼 하나씩 돌아가며 나눕니다.

    >>> share(torch.tensor([5, 6, 7, 8, 9]), rank=1, processes=2)
    tensor([6, 8])
    """
    raise NotImplementedError


def average_gradients(gradients: list[list[torch.Tensor]]) -> list[torch.Tensor]:
    """파라미터마다 평균 그래디언트를 돌려주세요. `gradients`에는 프로세스마다 리스트가 있습니다.

    >>> average_gradients([[torch.tensor([1.0, 5.0])], [torch.tensor([3.0, 5.0])]])
    [tensor([2., 5.])]
    """
    raise NotImplementedError


def equal_shares(indices: list[int], processes: int) -> list[list[int]]:
    """프로세스마다 인덱스 리스트를 돌려주세요. 카드처럼 나누고, 길이는 모두 같습니다.

    나누어떨어지지 않으면, 나누기 전에 맨 앞의 인덱스부터 뒤에 덧붙입니다. 인덱스가 적으면 여러 번
    되풀이합니다. 빠지는 인덱스는 없고, 꼭 필요한 만큼만 덧붙입니다. 인덱스는 하나 이상 있습니다.

    >>> equal_shares([5, 6, 7, 8, 9], processes=2)
    [[5, 7, 9], [6, 8, 5]]
    """
    raise NotImplementedError


def mean_loss(means: list[float], counts: list[int]) -> float:
    """모든 예제의 평균 손실을 돌려주세요. 예제는 모두 한 번씩만 셉니다.

    프로세스 `rank`번은 예제가 `counts[rank]`개였고, 그 평균 손실은 `means[rank]`였습니다. 예제가
    하나도 없던 프로세스가 있을 수 있습니다. 그 평균은 nan이며 세지 않습니다.

    >>> mean_loss([1.0, 4.0], counts=[2, 1])
    2.0
    """
    raise NotImplementedError
