"""Batch normalisation over the shares of all processes: the losses are those of one process."""

from typing import Any

import torch
from torch import Tensor, nn

from parallel.processes import add_up


class Sum(torch.autograd.Function):
    """The sum over all processes, through which gradients find back to all of them."""

    @staticmethod
    def forward(ctx: Any, tensor: Tensor) -> Tensor:
        """Return the sum, the same in every process."""
        return add_up(tensor.clone())

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        """Return how the losses of all processes depend on this one's part."""
        return add_up(gradients[0].clone())


def share_batch_norm(model: nn.Module, device: torch.device) -> nn.Module:
    """Return the model, its batch normalisation over all processes; names and weights stay.

    docs.pytorch.org/docs/stable/generated/torch.nn.SyncBatchNorm.html
    """
    if device.type != "cpu":
        return nn.SyncBatchNorm.convert_sync_batchnorm(model)
    for module in model.modules():  # that one is for GPUs alone
        if isinstance(module, nn.modules.batchnorm._BatchNorm) and module.affine:
            module.__class__ = SharedBatchNorm
    return model


class SharedBatchNorm(nn.modules.batchnorm._BatchNorm):
    """Normalises (N, C, ...) by mean and variance of each channel, of all processes' examples."""

    running_mean: Any
    running_var: Any
    num_batches_tracked: Any
    momentum: Any

    def forward(self, input: Tensor) -> Tensor:
        """Return the normalised features, in the shape they came in."""
        if not self.training:
            return super().forward(input)
        others = [dim for dim in range(input.dim()) if dim != 1]
        size = input.numel() / input.shape[1]
        shape = [1, -1, *[1] * len(others[1:])]
        mean = input.float().mean(others)  # (C,)
        variance = (input - mean.view(shape)).square().mean(others)  # var_mean: 10 times slower
        here = torch.stack([torch.ones_like(mean), mean, variance + mean**2]).double()  # (3, C)
        count, mean, squares = Sum.apply(size * here)
        mean = mean / count
        variance = squares / count - mean**2
        with torch.no_grad():
            unbiased = variance * count / (count - 1)
            for average, new in ((self.running_mean, mean), (self.running_var, unbiased)):
                average.lerp_(new.to(average), self.momentum)
            self.num_batches_tracked.add_(1)
        scale = self.weight * (variance + self.eps).rsqrt()
        shift = self.bias - mean * scale
        return input * scale.to(input).view(shape) + shift.to(input).view(shape)

    def _check_input_dim(self, input: Tensor) -> None:
        """Take any number of dimensions."""
