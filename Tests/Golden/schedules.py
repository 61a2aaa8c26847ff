"""Golden values of schedules with linear warm-up.

Tensors in schedules.safetensors:

cosine.T.w [T] (F64)
    the learning rate over its peak at each of T steps, of which w are the warm-up
restarts.T.w.P.M [T] (F64)
    the same with warm restarts, first after P steps, each period M times as long as the one before
every.T.w.N [T] (F64)
    StepLR's, times .3 after each N steps
at.T.w.A.B [T] (F64)
    MultiStepLR's, times .3 at the steps A and B
constant.T.w [T] (F64)
    LinearLR's alone
"""

import torch
from torch.optim.lr_scheduler import (
    ChainedScheduler, CosineAnnealingLR, CosineAnnealingWarmRestarts, LinearLR, MultiStepLR, SequentialLR, StepLR)

from golden import save


def rates(total, warmup, make, chained=False):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)

    def up():
        return LinearLR(optimizer, start_factor=1 / (warmup + 1), total_iters=warmup)

    if warmup == 0:
        schedule = make(optimizer)
    elif chained:
        schedule = ChainedScheduler([up(), make(optimizer)], optimizer=optimizer)
    else:
        down = make(optimizer)
        schedule = SequentialLR(optimizer, [up(), down], milestones=[warmup])
    result = []
    for _ in range(total):
        result.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return torch.tensor(result, dtype=torch.float64)


def cosine(total, warmup):
    return rates(total, warmup, lambda optimizer: CosineAnnealingLR(optimizer, T_max=total - warmup))


def restarts(total, warmup, period, growth):
    return rates(total, warmup, lambda optimizer: CosineAnnealingWarmRestarts(optimizer, period, growth))


def every(total, warmup, steps):
    return rates(total, warmup, lambda optimizer: StepLR(optimizer, steps, gamma=0.3), chained=True)


def at(total, warmup, *steps):
    return rates(total, warmup, lambda optimizer: MultiStepLR(optimizer, list(steps), gamma=0.3), chained=True)


def constant(total, warmup):
    return rates(total, warmup, lambda optimizer: MultiStepLR(optimizer, [], gamma=1.0), chained=True)


def name(*parts):
    return ".".join(str(part) for part in parts)


save(__file__, {
    f"cosine.{total}.{warmup}": cosine(total, warmup)
    for total, warmup in [(1, 0), (2, 1), (10, 1), (50, 0), (50, 15), (300, 30)]
} | {
    name("restarts", *case): restarts(*case)
    for case in [(60, 0, 20, 1), (60, 5, 10, 2), (7, 2, 1, 1), (100, 10, 3, 3)]
} | {
    name("every", *case): every(*case) for case in [(60, 0, 20), (60, 5, 7), (9, 4, 2)]
} | {
    name("at", *case): at(*case) for case in [(60, 0, 30, 45), (60, 10, 5, 20)]
} | {
    name("constant", *case): constant(*case) for case in [(20, 6), (3, 9)]
})
