"""Golden values of timm's LAMB, fed with the gradients of optimizers.py.

As there: each gradient is clipped at norm 1, 50 steps. Learning rate 1e-2, betas 0.9 and 0.99.

Tensors in lamb.safetensors:

CASE.weights_N.PARAMETER
    after steps N = 1, 2, 10, 50. Cases: lamb, where filters and matrix decay by 0.02 and vector doesn't; all, where all decay;
    groups, as lamb with a tenth of the learning rate for the filters, and no gradient of the matrix in the first nine steps
"""

import pathlib

import torch
from safetensors.torch import load_file
from timm.optim.lamb import Lamb

from golden import deterministic, save

deterministic(0)
recorded = load_file(pathlib.Path(__file__).with_name("optimizers.safetensors"))
tensors = {}


def run(case, vector_decay=0.0, scale=1.0, frozen=0):
    parameters = {
        name: recorded[f"initial.{name}"].clone().requires_grad_()
        for name in ("filters", "matrix", "vector")}
    # A group each, since timm counts steps by group.
    groups = [
        {"params": [parameters["filters"]], "weight_decay": 0.02, "lr": 1e-2 * scale},
        {"params": [parameters["matrix"]], "weight_decay": 0.02},
        {"params": [parameters["vector"]], "weight_decay": vector_decay}]
    optimizer = Lamb(groups, lr=1e-2, betas=(0.9, 0.99), max_grad_norm=None, foreach=False)
    for step in range(50):
        for name, parameter in parameters.items():
            is_frozen = name == "matrix" and step < frozen
            parameter.grad = None if is_frozen else recorded[f"gradients.{name}"][step].clone()
        torch.nn.utils.clip_grad_norm_(parameters.values(), 1.0, foreach=False)
        if step == frozen and frozen:
            # timm counts on while a group has no gradient; PyTorch's own optimizers don't, and nor do we.
            optimizer.param_groups[1].pop("step")
        optimizer.step()
        if step + 1 in (1, 2, 10, 50):
            for name, value in parameters.items():
                tensors[f"{case}.weights_{step + 1}.{name}"] = value.detach().clone()


run("lamb")
run("all", vector_decay=0.02)
run("groups", scale=0.1, frozen=9)
save(__file__, tensors)
