"""Golden values of clipping by value, fed with the gradients of optimizers.py.

Tensors in clipping.safetensors:

value.weights_N.PARAMETER
    after steps N = 1, 2, 10, 50 of SGD with momentum 0.9 at a learning rate of 1e-2; each element of the
    gradient is clipped to 0.01 (torch.nn.utils.clip_grad_value_)
"""

import pathlib

import torch
from safetensors.torch import load_file

from golden import deterministic, save

deterministic(0)
recorded = load_file(pathlib.Path(__file__).with_name("optimizers.safetensors"))
parameters = {
    name: recorded[f"initial.{name}"].clone().requires_grad_()
    for name in ["filters", "matrix", "vector"]}
optimizer = torch.optim.SGD(parameters.values(), lr=1e-2, momentum=0.9, foreach=False)
tensors = {}
for step in range(50):
    for name, parameter in parameters.items():
        parameter.grad = recorded[f"gradients.{name}"][step].clone()
    torch.nn.utils.clip_grad_value_(parameters.values(), 0.01, foreach=False)
    optimizer.step()
    if step + 1 in (1, 2, 10, 50):
        for name, value in parameters.items():
            tensors[f"value.weights_{step + 1}.{name}"] = value.detach().clone()
save(__file__, tensors)
