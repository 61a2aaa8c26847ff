"""Golden values of SGD with momentum, fed with the gradients of optimizers.py.

As there: filters and matrix decay, vector doesn't, each gradient is clipped at norm 1, 50 steps. The
learning rate is 0.05, the decay 1e-2, the momentum 0.9.

Tensors in sgd.safetensors:

CASE.weights_N.PARAMETER
    weights after steps N = 1, 2, 10, 50, where CASE is nesterov or heavy_ball
"""

import pathlib

import torch
from safetensors.torch import load_file

from golden import deterministic, save

deterministic(0)
recorded = load_file(pathlib.Path(__file__).with_name("optimizers.safetensors"))
names = ["filters", "matrix", "vector"]
tensors = {}
for case, nesterov in [("nesterov", True), ("heavy_ball", False)]:
    parameters = {
        name: recorded[f"initial.{name}"].clone().requires_grad_() for name in names}
    optimizer = torch.optim.SGD(
        [
            {"params": [parameters["filters"], parameters["matrix"]], "weight_decay": 1e-2},
            {"params": [parameters["vector"]], "weight_decay": 0.0},
        ],
        lr=0.05, momentum=0.9, nesterov=nesterov, foreach=False)
    for step in range(50):
        for name, parameter in parameters.items():
            parameter.grad = recorded[f"gradients.{name}"][step].clone()
        torch.nn.utils.clip_grad_norm_(parameters.values(), 1.0, foreach=False)
        optimizer.step()
        if step + 1 in (1, 2, 10, 50):
            for name, value in parameters.items():
                tensors[f"{case}.weights_{step + 1}.{name}"] = value.detach().clone()
save(__file__, tensors)
