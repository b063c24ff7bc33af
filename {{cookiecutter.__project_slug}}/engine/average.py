"""An average of the weights over the last optimizer steps: --ema."""

from collections.abc import Collection

from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

Tensors = list[Tensor] | tuple[Tensor, ...]


class WeightAverage(AveragedModel):
    """A copy of a model that holds a moving average of its weights, its `module`.

    docs.pytorch.org/docs/stable/optim.html#weight-averaging

    Buffers are those of the model, such as the statistics of normalisation.

    Args:
        model: As it stands now.
        decay: The share of the average that stays at a step, in the long run. In the first steps
            less stays: the average would hold on to weights that have hardly learned.
    """

    n_averaged: Tensor  # how many steps there were; it stays on the CPU, where to read it is quick

    def __init__(self, model: nn.Module, decay: float) -> None:
        super().__init__(model, multi_avg_fn=self.move)
        self.requires_grad_(False)
        self.decay = decay

    def move(self, averages: Tensors, weights: Tensors, _: Tensor | int) -> None:
        """Move the averages towards the weights."""
        steps = int(self.n_averaged)
        decay = min(self.decay, (1 + steps) / (10 + steps))
        get_ema_multi_avg_fn(decay)(averages, weights, steps)

    def saved_state(self, left_out: Collection[str]) -> dict[str, Tensor]:
        """Return the state that a checkpoint holds beside that of the model.

        Args:
            left_out: The names of weights of the model that stand still. These and the buffers are
                the same in both.
        """
        same = {f"module.{name}" for name in left_out}
        same.update(name for name, _ in self.named_buffers() if name != "n_averaged")
        return {name: value for name, value in self.state_dict().items() if name not in same}

    def load_saved_state(self, state: dict[str, Tensor]) -> None:
        """Go on with a state that was saved. What was left out of it is that of the model."""
        self.load_state_dict({**self.state_dict(), **state})


def average_in(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return the average of the weights in a saved state, by the names that they have in a model.

    Args:
        state: From `saved_state`; empty without --ema.
    """
    weights = {}
    for key, tensor in state.items():
        if key.startswith("module."):
            weights[key.removeprefix("module.")] = tensor
    return weights
