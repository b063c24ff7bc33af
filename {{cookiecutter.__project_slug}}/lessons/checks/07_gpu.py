"""Cases for exercises 7: (arguments, what should come out, what of it is compared)."""

import torch
from torch import nn

from lessons.sample import batch, network, tensors_of

CPU, META = torch.device("cpu"), torch.device("meta")


def move():
    def devices(moved):
        return [tensor.device for tensor in moved]

    tensors = tensors_of(batch())
    yield (tensors, CPU), tensors
    yield (tensors, META), [META] * len(tensors), devices


def device_of():
    yield (nn.Linear(3, 2),), CPU
    yield (nn.Linear(3, 2, device="meta"),), META
    yield (network(),), CPU


def megabytes():
    yield (nn.Linear(1000, 1000, bias=False),), 4.0
    yield (nn.Linear(1000, 1000, bias=False, dtype=torch.bfloat16),), 2.0
    model = network()
    yield (model,), torch.cat([part.flatten() for part in model.parameters()]).nbytes / 1e6


def product_in_bfloat16():
    a, b = torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0], [4.0]])
    yield (a, b), torch.tensor([[11.0]], dtype=torch.bfloat16)
