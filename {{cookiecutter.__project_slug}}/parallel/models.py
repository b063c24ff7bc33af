"""One model in several processes: each takes its share of every batch, and gradients are averaged.

With --fsdp each also keeps a share of the weights, for a model too large for one GPU.
"""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor, nn, optim
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import Dataset

from commands.settings import UserError
from config import Config
from model import score_batch
from parallel.batchnorm import share_batch_norm
from parallel.processes import WORLD_SIZE


class Scored(nn.Module):
    """A model, and what it costs on a batch: DDP shall see all from the batch to the losses."""

    def __init__(self, model: nn.Module, config: Config) -> None:
        super().__init__()
        self.model, self.config = model, config

    def forward(self, batch: list[Tensor]) -> tuple[Tensor, Tensor]:
        """Return each example's loss, and its logits or number."""
        return score_batch(self.model, batch, self.config)


def spread(model: nn.Module, device: torch.device, fsdp: bool) -> nn.Module:
    """Return the model as several processes need it, its names unchanged."""
    if WORLD_SIZE > 1:
        model = share_batch_norm(model, device)
    elif fsdp:
        raise UserError("--fsdp needs several processes: torchrun --nproc-per-node 2 train.py ...")
    if fsdp:
        # docs.pytorch.org/docs/stable/distributed.fsdp.fully_shard.html
        from torch.distributed.fsdp import fully_shard  # slow to load

        for parameter in model.parameters():  # it takes no other order in memory
            parameter.data = parameter.data.contiguous()
        for layer in [*layers(model), model]:
            fully_shard(layer)
    return model


def layers(module: nn.Module) -> Iterator[nn.Module]:
    """Yield the parts of a model that have weights, and those in its lists of parts."""
    for part in module.children():
        if isinstance(part, nn.Sequential | nn.ModuleList | nn.ModuleDict):
            yield from layers(part)
        elif any(True for _ in part.parameters()):
            yield part


def averaged(model: nn.Module, config: Config, dataset: Dataset) -> Callable[..., Any]:
    """Return score_batch, its gradients averaged over the processes by .backward().

    docs.pytorch.org/docs/stable/generated/torch.nn.parallel.DistributedDataParallel.html
    """
    if WORLD_SIZE == 1 or config.fsdp:
        return lambda batch: score_batch(model, batch, config)
    parallel = DistributedDataParallel(Scored(model, config))
    # In its first step DDP learns in which order gradients come, and then adds them up in this
    # order: the first step after a resume would differ. So let it learn before the first step.
    device = next(model.parameters()).device
    model.eval()
    parallel([tensor.to(device) for tensor in dataset[torch.arange(2)]])[0].mean().backward()
    model.zero_grad()
    return parallel


def gather(model: nn.Module, optimizer: optim.Optimizer) -> dict[str, Any]:
    """Return what all processes keep of both, put together, in process 0."""
    from torch.distributed.checkpoint import state_dict as states  # slow to load

    options = states.StateDictOptions(full_state_dict=True, cpu_offload=True)
    of_model, of_optimizer = states.get_state_dict(model, optimizer, options=options)
    return {"model": of_model, "optimizer": of_optimizer}


def scatter(model: nn.Module, optimizer: optim.Optimizer, state: dict[str, Any]) -> None:
    """Give both their states from a checkpoint, to each process its share."""
    from torch.distributed.checkpoint import state_dict as states  # slow to load

    options = states.StateDictOptions(full_state_dict=True)
    both = {"model_state_dict": state["model"], "optim_state_dict": state["optimizer"]}
    states.set_state_dict(model, optimizer, **both, options=options)
