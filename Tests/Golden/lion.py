"""Golden values of timm's Lion, and of PyTorch's OneCycleLR with a cycled momentum, fed with the gradients of optimizers.py.

As there: each gradient is clipped at norm 1, 50 steps.

Tensors in lion.safetensors:

lion.weights_N.PARAMETER
    after steps N = 1, 2, 10, 50: learning rate 1e-3, betas 0.9 and 0.99; filters and matrix decay by 0.1, vector doesn't
cycle.weights_N.PARAMETER
    of AdamW, peak 5e-3, pct_start 30 %, beta_1 from 0.95 to 0.85 and back; all parameters decay by 1e-2
momenta.T.pctP [T] (F64)
    the momentum at each of T steps
"""

import pathlib

import torch
from safetensors.torch import load_file
from timm.optim.lion import Lion

from golden import deterministic, save

deterministic(0)
recorded = load_file(pathlib.Path(__file__).with_name("optimizers.safetensors"))
names = ["filters", "matrix", "vector"]
tensors = {}


def run(case, make, schedule=None):
    parameters = {
        name: recorded[f"initial.{name}"].clone().requires_grad_() for name in names}
    optimizer = make(parameters)
    rates = schedule(optimizer) if schedule else None
    for step in range(50):
        for name, parameter in parameters.items():
            parameter.grad = recorded[f"gradients.{name}"][step].clone()
        torch.nn.utils.clip_grad_norm_(parameters.values(), 1.0, foreach=False)
        optimizer.step()
        if rates and step + 1 < 50:
            rates.step()
        if step + 1 in (1, 2, 10, 50):
            for name, value in parameters.items():
                tensors[f"{case}.weights_{step + 1}.{name}"] = value.detach().clone()


run("lion", lambda parameters: Lion(
    [
        {"params": [parameters["filters"], parameters["matrix"]], "weight_decay": 0.1},
        {"params": [parameters["vector"]], "weight_decay": 0.0},
    ],
    lr=1e-3, betas=(0.9, 0.99), foreach=False))
run(
    "cycle",
    lambda parameters: torch.optim.AdamW(
        parameters.values(), lr=5e-3, weight_decay=1e-2, foreach=False),
    lambda optimizer: torch.optim.lr_scheduler.OneCycleLR(
        optimizer, 5e-3, total_steps=50, pct_start=0.3, cycle_momentum=True))

for total, percent in [(50, 30), (7, 10), (2, 30)]:
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0, momentum=0.9)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, 1.0, total_steps=total, pct_start=percent / 100, cycle_momentum=True)
    momenta = []
    for step in range(total):
        momenta.append(optimizer.param_groups[0]["momentum"])
        optimizer.step()
        if step + 1 < total:
            schedule.step()
    tensors[f"momenta.{total}.pct{percent}"] = torch.tensor(momenta, dtype=torch.float64)
save(__file__, tensors)
