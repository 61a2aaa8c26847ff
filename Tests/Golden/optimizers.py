"""Golden values of AdamW, OneCycle and clipping, fed with recorded gradients.

Three parameters, in this order: filters [3, 2, 3, 4] and matrix [7, 5] with weight decay 1e-2,
vector [5] with none. AdamW: betas 0.9 and 0.999, eps 1e-8, peak learning rate 5e-3. 50 steps, each
gradient clipped at norm 1. The gradients' norms are from 0.02 to 300; some elements are zero in
every step.

Tensors in optimizers.safetensors:

initial.PARAMETER, gradients.PARAMETER [50, ...]
CASE.weights_N.PARAMETER
    weights after steps N = 1, 2, 10, 50, where CASE is the schedule's warm-up, pct10 or pct30;
    or groups: pct10 with a tenth of the learning rate for filters, and without a gradient for matrix
    in the first 9 steps
norms [50], groups.norms [50] (F64)
    the norm of each step's gradient over those that have one, before clipping
factors.T.pctP [T] (F64)
    OneCycle's learning rate over its peak at each of T steps with pct_start P %; div_factor 25,
    final_div_factor 1e4, cos
"""

import torch

from golden import deterministic, save

STEPS = 50
PEAK = 5e-3
SHAPES = {"filters": (3, 2, 3, 4), "matrix": (7, 5), "vector": (5,)}


FROZEN_STEPS = 9


def one_cycle(optimizer, peak, total, percent):
    return torch.optim.lr_scheduler.OneCycleLR(
        optimizer, peak, total_steps=total, pct_start=percent / 100, anneal_strategy="cos",
        cycle_momentum=False, div_factor=25, final_div_factor=1e4)


def factors(total, percent):
    """The schedule by itself, with a peak of 1."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    schedule = one_cycle(optimizer, 1.0, total, percent)
    result = []
    for step in range(total):
        result.append(schedule.get_last_lr()[0])
        optimizer.step()
        if step + 1 < total:
            schedule.step()
    return torch.tensor(result, dtype=torch.float64)


def run(initial, gradients, percent, filters_scale=1.0, frozen_steps=0):
    """The weights after each step, and the gradients' norms."""
    parameters = {name: value.clone().requires_grad_() for name, value in initial.items()}
    optimizer = torch.optim.AdamW(
        [
            {"params": [parameters["filters"]], "weight_decay": 1e-2},
            {"params": [parameters["matrix"]], "weight_decay": 1e-2},
            {"params": [parameters["vector"]], "weight_decay": 0.0},
        ],
        lr=PEAK, betas=(0.9, 0.999), eps=1e-8, foreach=False)
    schedule = one_cycle(optimizer, [PEAK * filters_scale, PEAK, PEAK], STEPS, percent)
    weights, norms = [], []
    for step in range(STEPS):
        for name, parameter in parameters.items():
            is_frozen = name == "matrix" and step < frozen_steps
            parameter.grad = None if is_frozen else gradients[name][step].clone()
        norms.append(
            torch.nn.utils.clip_grad_norm_(parameters.values(), 1.0, foreach=False).item())
        optimizer.step()
        if step + 1 < STEPS:
            schedule.step()
        weights.append({name: value.detach().clone() for name, value in parameters.items()})
    return weights, torch.tensor(norms, dtype=torch.float64)


generator = deterministic(3)
initial = {name: torch.randn(shape, generator=generator) for name, shape in SHAPES.items()}
scales = torch.cat([torch.tensor([0.002, 0.01, 0.05, 1.0, 25.0])] * (STEPS // 5))
gradients = {}
for name, shape in SHAPES.items():
    each = torch.randn((STEPS, *shape), generator=generator)
    each *= scales.view(-1, *[1] * len(shape))
    each[:, -1] *= (torch.rand(shape[1:], generator=generator) > 0.2)  # some are always zero
    gradients[name] = each

tensors = {f"initial.{name}": value for name, value in initial.items()}
tensors |= {f"gradients.{name}": value for name, value in gradients.items()}
for percent in (10, 30):
    weights, norms = run(initial, gradients, percent)
    for step in (1, 2, 10, 50):
        for name, value in weights[step - 1].items():
            tensors[f"pct{percent}.weights_{step}.{name}"] = value
tensors["norms"] = norms
weights, tensors["groups.norms"] = run(
    initial, gradients, 10, filters_scale=0.1, frozen_steps=FROZEN_STEPS)
for step in (1, 2, 10, 50):
    for name, value in weights[step - 1].items():
        tensors[f"groups.weights_{step}.{name}"] = value
print("norms", norms[:10].tolist())
# 30 % of 1 or 2 steps and 10 % of 7 end the warm-up before the first step.
for total, percent in [(50, 10), (50, 30), (1, 30), (2, 30), (7, 10), (7, 30), (1000, 5)]:
    tensors[f"factors.{total}.pct{percent}"] = factors(total, percent)
save(__file__, tensors)
