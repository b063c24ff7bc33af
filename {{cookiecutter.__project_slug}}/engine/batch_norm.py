"""Batch normalisation over the shares of all processes: the losses are those of one process."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.processes import add_up
from engine.settings import UserError

OWN = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)


@contextmanager
def batches_of_one() -> Generator[None]:
    """Say in one line that batch normalisation cannot learn from a batch of one example.

    It takes mean and variance over a batch, and one number has no variance.
    """
    try:
        yield
    except ValueError as error:
        if "Expected more than 1 value per channel" not in str(error):
            raise
        raise UserError(
            "model.py: batch normalisation (nn.BatchNorm) cannot learn from a batch of one "
            "example: choose a --batch-size that leaves two in the smallest batch, or leave that "
            "layer out"
        ) from error


def share_batch_norm(model: nn.Module, device: torch.device) -> nn.Module:
    """Return the model, its batch normalisation over all processes; names and weights stay.

    That is PyTorch's own. A class that others have derived from it may do more than to normalise,
    as that of timm, which has an activation inside: it stays as it is.

    docs.pytorch.org/docs/stable/generated/torch.nn.SyncBatchNorm.html
    """
    if type(model) in OWN:
        return shared(model, device)
    for parent in list(model.modules()):
        for name, layer in list(parent.named_children()):
            if type(layer) in OWN:
                setattr(parent, name, shared(layer, device))
    return model


def shared(layer: nn.Module, device: torch.device) -> nn.Module:
    """Return a layer of batch normalisation that works over all processes, with its weights."""
    if device.type != "cpu":
        return nn.SyncBatchNorm.convert_sync_batchnorm(layer)
    if layer.affine:  # that one is for GPUs alone
        layer.__class__ = SharedBatchNorm
    return layer


class Normalise(torch.autograd.Function):
    """Normalises by mean and variance of all processes, and finds the gradients through both."""

    @staticmethod
    def forward(ctx: Any, input: Tensor, weight: Tensor, bias: Tensor, eps: float) -> Any:
        """Return the normalised features (N, C, ...), mean (C,), variance (C,), count (1,)."""
        channels = input.shape[1]
        ctx.shape = [1, channels] + [1] * (input.dim() - 2)
        others = [0, *range(2, input.dim())]  # all dimensions but that of the channels
        mean = input.float().mean(others)
        square = (input - mean.view(ctx.shape)).square_().mean(others) + mean.double() ** 2
        here = torch.stack([torch.ones_like(square), mean.double(), square])  # (3, C)
        counts, means, squares = add_up(here * (input.numel() / channels))
        mean = means / counts
        count = counts[:1]
        variance = squares / counts - mean**2
        ctx.save_for_backward(input, weight, mean.float(), variance.float(), count)
        ctx.eps = eps
        normal = F.batch_norm(input, mean.float(), variance.float(), weight, bias, eps=eps)
        return normal, mean, variance, count

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Any:
        """Return the gradients: as if mean and variance were fixed, and what comes through them."""
        input, weight, mean, variance, count = ctx.saved_tensors
        # What autograd does for F.batch_norm with a fixed mean and variance.
        by_input, by_weight, by_bias = torch.ops.aten.native_batch_norm_backward(
            gradients[0],
            input,
            weight,
            running_mean=mean,
            running_var=variance,
            save_mean=None,
            save_invstd=None,
            train=False,
            eps=ctx.eps,
            output_mask=[True, True, True],
        )
        weights, biases = add_up(torch.stack([by_weight, by_bias]).double()) / count
        scale = (variance + ctx.eps).rsqrt()
        slope = -weight * scale * scale * weights
        level = -weight * scale * biases - slope * mean
        by_input.addcmul_(input, slope.to(input).view(ctx.shape))
        by_input.add_(level.to(input).view(ctx.shape))
        return by_input, by_weight, by_bias, None


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
        normal, mean, variance, count = Normalise.apply(input, self.weight, self.bias, self.eps)
        with torch.no_grad():
            unbiased = variance * count / (count - 1)
            self.running_mean.lerp_(mean.to(self.running_mean), self.momentum)
            self.running_var.lerp_(unbiased.to(self.running_var), self.momentum)
            self.num_batches_tracked.add_(1)
        return normal

    def _check_input_dim(self, input: Tensor) -> None:
        """Take any number of dimensions."""
