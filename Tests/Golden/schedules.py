"""Golden values of the cosine schedule with linear warm-up.

Tensors in schedules.safetensors:

cosine.T.w [T] (F64)
    the learning rate over its peak at each of T steps, of which w are the warm-up
"""

import torch
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, SequentialLR

from golden import save


def cosine(total, warmup):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    down = CosineAnnealingLR(optimizer, T_max=total - warmup)
    if warmup == 0:
        schedule = down
    else:
        up = LinearLR(optimizer, start_factor=1 / (warmup + 1), total_iters=warmup)
        schedule = SequentialLR(optimizer, [up, down], milestones=[warmup])
    result = []
    for _ in range(total):
        result.append(schedule.get_last_lr()[0])
        optimizer.step()
        schedule.step()
    return torch.tensor(result, dtype=torch.float64)


save(__file__, {
    f"cosine.{total}.{warmup}": cosine(total, warmup)
    for total, warmup in [(1, 0), (2, 1), (10, 1), (50, 0), (50, 15), (300, 30)]
})
