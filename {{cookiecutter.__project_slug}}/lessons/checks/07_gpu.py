"""Cases for exercises 7: (arguments, what should come out, what of it is compared)."""

import torch
from torch import nn

from lessons.cases import Case
from lessons.sample import batch, network, tensors_of

CPU, META = torch.device("cpu"), torch.device("meta")


def move():
    def devices(moved):
        return [tensor.device for tensor in moved]

    tensors = tensors_of(batch())
    yield Case((tensors, CPU), tensors)
    yield Case((tensors, META), [META] * len(tensors), view=devices)


def device_of():
    yield Case((nn.Linear(3, 2),), CPU)
    yield Case((nn.Linear(3, 2, device="meta"),), META)
    yield Case((network(),), CPU)


def megabytes():
    yield Case((nn.Linear(1000, 1000, bias=False),), 4.0)
    yield Case((nn.Linear(1000, 1000, bias=False, dtype=torch.bfloat16),), 2.0)
    model = network()
    yield Case((model,), torch.cat([part.flatten() for part in model.parameters()]).nbytes / 1e6)


def product_in_bfloat16():
    a, b = torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0], [4.0]])
    yield Case((a, b), torch.tensor([[11.0]], dtype=torch.bfloat16))
