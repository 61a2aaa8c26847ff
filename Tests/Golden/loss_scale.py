"""What PyTorch's GradScaler does, step after step: loss_scale.json.

For each case the first scale, the steps after which it grows, whether each step's gradients overflow, and the scale after it.
"""

import json
import pathlib
import random

import torch

random.seed(5)


def case(first, growth, share, steps):
    weight = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=0.1)
    scaler = torch.amp.GradScaler("cpu", init_scale=first, growth_interval=growth)
    overflows, scales = [], []
    for _ in range(steps):
        overflow = random.random() < share
        weight.grad = torch.tensor([float("inf") if overflow else 1.0])
        scaler.scale(torch.zeros(1))  # makes the scale
        scaler.unscale_(optimizer)
        scaler.step(optimizer)
        scaler.update()
        overflows.append(overflow)
        scales.append(int(scaler.get_scale()))
    return {"first": first, "growth": growth, "overflows": overflows, "scales": scales}


cases = [case(65536, 3, 0.2, 60), case(2**30, 5, 0.5, 25), case(16, 1, 0.3, 20)]
assert all(scale >= 1 for case in cases for scale in case["scales"])
path = pathlib.Path(__file__).with_name("loss_scale.json")
path.write_text(json.dumps(cases) + "\n")
