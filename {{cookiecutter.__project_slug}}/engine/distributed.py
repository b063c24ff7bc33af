"""One model in several processes: each takes its share of every batch, and gradients are averaged.

With --fsdp each also keeps a share of the weights, for a model too large for one GPU. How to start
it, and what stays the same: distributed.md.
"""

import copy
from collections.abc import Callable, Iterator
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn, optim
from torch.nn.parallel import DistributedDataParallel

from engine.batch_norm import share_batch_norm
from engine.dataset import Batch
from engine.processes import RANK, WORLD_SIZE, add_up
from engine.settings import Settings, UserError

ComputeLoss = Callable[..., tuple[Tensor, Tensor]]
SHARE_WEIGHT = "share_weight"  # the attribute of a model that weigh_share sets


class DataParallel(DistributedDataParallel):
    """A model whose gradients are averaged over the processes, and that looks like the model.

    docs.pytorch.org/docs/stable/generated/torch.nn.parallel.DistributedDataParallel.html
    """

    def __getattr__(self, name: str) -> Any:
        """Return an attribute of the model where DistributedDataParallel has none."""
        try:
            return super().__getattr__(name)
        except AttributeError:
            return getattr(super().__getattr__("module"), name)

    def forward(self, *inputs: Any, **named: Any) -> Any:
        """Return what the model makes of the inputs.

        Raises:
            UserError: A weight that had a gradient when training began had none in the last step.
        """
        try:
            return super().forward(*inputs, **named)
        except RuntimeError as error:
            if "have finished reduction" not in str(error):
                raise
            raise UserError(
                "model.py: a layer that was used at first was not used in the last step: with "
                "torchrun each step must use the same layers; multiply what a layer gives by 0 "
                "instead of leaving it out, or train in one process"
            ) from error


def plain(model: nn.Module) -> nn.Module:
    """Return the model itself, which DataParallel wraps where there are several processes."""
    return model.module if isinstance(model, DataParallel) else model


def spread(
    model: nn.Module, compute_loss: ComputeLoss, settings: Settings, batch: Batch
) -> nn.Module:
    """Return the model as several processes need it. Alone it stays what it is.

    Batch normalisation becomes one over the shares of all processes.

    Args:
        model: On its device, its weights the same in all processes.
        compute_loss: That of model.py.
        settings: `fsdp` counts here.
        batch: A few examples on the device, to learn which weights get gradients.

    Raises:
        UserError: --fsdp in one process, or a compute_loss that does not call the model.
    """
    if WORLD_SIZE == 1:
        if settings.fsdp:
            command = "torchrun --nproc-per-node 2 train.py ..."
            raise UserError(f"--fsdp needs several processes: {command}")
        return model
    device = next(model.parameters()).device
    idle = has_idle_weights(model, compute_loss, settings, batch)
    model = share_batch_norm(model, device)
    if weigh_outputs not in model._forward_hooks.values():  # it may have been spread before
        model.register_forward_hook(weigh_outputs)
    if settings.fsdp:
        return shard(model)
    parallel = DataParallel(model, find_unused_parameters=idle)
    # In its first step DDP learns in which order gradients come, and then adds them up in this
    # order: the first step after a resume would differ. So let it learn before the first step.
    try_backward(parallel, compute_loss, settings, batch)
    check_averaging(model)
    model.zero_grad()
    return parallel


def try_backward(
    model: nn.Module, compute_loss: ComputeLoss, settings: Settings, batch: Batch
) -> None:
    """Compute the gradients of a batch, and leave all but these as it was."""
    buffers = copy.deepcopy(dict(model.named_buffers()))  # as the statistics of normalisation
    model.train()
    losses, _ = compute_loss(model, batch, settings)
    loss = losses.mean() * (1 + RANK)  # the gradients differ, unless they are averaged
    loss.backward()
    with torch.no_grad():
        for name, buffer in model.named_buffers():
            buffer.copy_(buffers[name])


def has_idle_weights(
    model: nn.Module, compute_loss: ComputeLoss, settings: Settings, batch: Batch
) -> bool:
    """Return whether some weights get no gradient, as those of a layer that is not used."""
    try_backward(model, compute_loss, settings, batch)
    trainable = [weight for weight in model.parameters() if weight.requires_grad]
    idle = any(weight.grad is None for weight in trainable)
    model.zero_grad()
    return idle


def check_averaging(model: nn.Module) -> None:
    """Refuse a compute_loss that goes past the model: its gradients would not be averaged."""
    gradients = [weight.grad for weight in model.parameters() if weight.grad is not None]
    total = torch.stack([gradient.double().abs().sum() for gradient in gradients]).sum().cpu()
    extremes = torch.stack([total, -total])
    dist.all_reduce(extremes, dist.ReduceOp.MAX)
    if extremes[0] != -extremes[1]:
        raise UserError(
            "model.py's compute_loss must call model(...) itself, not a part of it: "
            "with torchrun the gradients would differ between the processes"
        )


def weigh_share(model: nn.Module, batch: Batch) -> None:
    """Let the gradients of a batch count by the size of this process's share of it.

    Each process has the mean loss of its share, and the gradients of these are averaged. Where one
    share has an example more than another, it must count for more, as it does in one process.

    Args:
        model: Handed through `spread`.
        batch: This process's share.
    """
    _, labels = batch
    examples = torch.tensor(float(len(labels)))
    share = examples.item() * WORLD_SIZE / add_up(examples).item()
    setattr(plain(model), SHARE_WEIGHT, share)


def average_gradients(model: nn.Module, now: bool) -> None:
    """Say whether the next backward() averages the gradients of all processes.

    With --accumulate it need not before the last batch of a step: until then each process adds up
    its own. That saves time, and changes nothing else.

    Args:
        model: Handed through `spread`.
        now: False keeps the next gradients back, as DistributedDataParallel.no_sync does.
    """
    if isinstance(model, DataParallel):
        model.require_backward_grad_sync = now


def weigh_outputs(model: nn.Module, _: Any, outputs: Any) -> None:
    """Let the gradient that comes back through a model's outputs count as its share does."""
    weight = getattr(model, SHARE_WEIGHT, 1.0)
    if weight == 1.0:
        return
    for output in outputs if isinstance(outputs, tuple | list) else [outputs]:
        if isinstance(output, Tensor) and output.requires_grad:
            output.register_hook(lambda gradient: gradient * weight)


def shard(model: nn.Module) -> nn.Module:
    """Return the model, of which each process keeps a part.

    docs.pytorch.org/docs/stable/distributed.fsdp.fully_shard.html
    """
    from torch.distributed.fsdp import FSDPModule, fully_shard  # slow to load

    if isinstance(model, FSDPModule):  # in the stage before this one
        return model
    for parameter in model.parameters():  # it takes no other order in memory
        parameter.data = parameter.data.contiguous()
    for layer in layers(model):
        fully_shard(layer)
    fully_shard(model)
    return model


def layers(module: nn.Module) -> Iterator[nn.Module]:
    """Yield the parts of a model that have weights, and those in its lists of parts."""
    for part in module.children():
        if isinstance(part, nn.Sequential | nn.ModuleList | nn.ModuleDict):
            yield from layers(part)
        elif any(True for _ in part.parameters()):
            yield part


def gather(model: nn.Module, optimizer: optim.Optimizer) -> dict[str, Any]:
    """Return what all processes keep of both, put together, in process 0."""
    from torch.distributed.checkpoint import state_dict as states  # slow to load

    options = states.StateDictOptions(full_state_dict=True, cpu_offload=True)
    of_model, of_optimizer = states.get_state_dict(model, optimizer, options=options)
    return {"model": of_model, "optimizer": of_optimizer}


def scatter(model: nn.Module, optimizer: optim.Optimizer, checkpoint: dict[str, Any]) -> None:
    """Give both their states from a checkpoint, to each process its share."""
    from torch.distributed.checkpoint import state_dict as states  # slow to load

    states.set_state_dict(
        model,
        optimizer,
        model_state_dict=checkpoint["model"],
        optim_state_dict=checkpoint["optimizer"],
        options=states.StateDictOptions(full_state_dict=True),
    )
