"""Compares Tutti's full-size ResNet-18 with an installed PyTorch. Not golden values: a check for
developers after a change of kernels.

    venv/bin/python Tests/Golden/check_resnet18.py .build/release/tutti-test-worker

For each case it makes torchvision's resnet18 (8 classes, BatchNorm statistics from a calibration
pass) and a batch of images, hands them to `tutti-test-worker resnet18 IN OUT`, and prints how far
the two are apart. Exits with 1 if that is too far:

    logits, loss, running statistics   max|Δ| ≤ 1e-4·max|PyTorch|, in each case
    gradients of 4 images of 64x64     ‖Δ‖ ≤ 1e-3·‖PyTorch‖ for each parameter, in the best of six
    gradients of 8 images of 224x224   the same, or 3 times what PyTorch's two memory layouts differ

A gradient is a step function of rounding: without a ReLU or maximum that tips over, fp32 is 1e-5
off float64; one that does gives 1e-3 to 3e-2, PyTorch's own included. It happens to PyTorch in a
third of the small cases and in every large one. A wrong formula is wrong in all six.

IN holds state.NAME by torchvision's names and in its layouts, input [N, H, W, C] and labels [N]
(I64). OUT holds eval_logits, train_logits, loss (mean cross-entropy of train_logits, no label
smoothing), gradient.NAME of that loss, and running.NAME, the running statistics after the one
forward pass in training mode at momentum 0.1; all in PyTorch's layouts.
"""

import copy
import pathlib
import subprocess
import sys
import tempfile

import torch
import torchvision
from safetensors.torch import load_file, save_file

import philox
from golden import deterministic, nchw, nhwc
from resnet18 import numbers

CLASSES = 8
VALUE_BOUND = 1e-4
GRADIENT_BOUND = 1e-3


def calibrated(model, images):
    """The model with the batch's own statistics as running statistics."""
    norms = [module for module in model.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    for norm in norms:
        norm.momentum = 1.0
    with torch.no_grad():
        model.train()(images)
    for norm in norms:
        norm.momentum = 0.1
    return model


def by_pytorch(model, input, labels, memory_format):
    """All that OUT has to hold."""
    model = copy.deepcopy(model).to(memory_format=memory_format)
    input = input.contiguous(memory_format=memory_format)
    result = {"eval_logits": model.eval()(input)}
    result["train_logits"] = model.train()(input)
    result["loss"] = torch.nn.functional.cross_entropy(result["train_logits"], labels)
    result["loss"].backward()
    result |= {f"gradient.{name}": value.grad for name, value in model.named_parameters()}
    buffers = numbers(dict(model.named_buffers()))
    result |= {f"running.{name}": value for name, value in buffers.items()}
    return {name: value.detach() for name, value in result.items()}


def by_tutti(worker, model, input, labels):
    """What the worker puts in OUT."""
    state = {f"state.{name}": value.clone() for name, value in numbers(model.state_dict()).items()}
    with tempfile.TemporaryDirectory() as folder:
        source, result = pathlib.Path(folder, "in"), pathlib.Path(folder, "out")
        save_file(state | {"input": nhwc(input).contiguous(), "labels": labels}, source)
        subprocess.run([worker, "resnet18", source, result], check=True)
        return load_file(result)


def distance(name, ours, theirs):
    """How far a tensor is off PyTorch's, relatively; infinitely if it is missing or not a number."""
    if name not in ours or ours[name].numel() != theirs[name].numel():
        return float("inf")
    b = theirs[name].double()
    difference = ours[name].reshape(b.shape).double() - b
    if name.startswith("gradient."):
        result = difference.norm() / b.norm()
    else:
        result = difference.abs().max() / b.abs().max()
    return result.nan_to_num(nan=float("inf")).item()


def worst(ours, theirs, gradients):
    """The largest distance among the gradients, or among all else, with its tensor's name."""
    names = [name for name in theirs if name.startswith("gradient.") == gradients]
    return max((distance(name, ours, theirs), name) for name in names)


def compare(worker, seed, count, side):
    """The worst value and gradient of a case, printed, and PyTorch's own noise in the gradients."""
    deterministic(seed)
    model = torchvision.models.resnet18(num_classes=CLASSES)
    calibration, input = (
        nchw(torch.from_numpy(philox.images(seed, batch, count, side))) for batch in (1, 0))
    model = calibrated(model, calibration)
    labels = torch.arange(count) * 3 % CLASSES
    theirs = by_pytorch(model, input, labels, torch.contiguous_format)
    again = by_pytorch(model, input, labels, torch.channels_last)
    ours = by_tutti(worker, model, input, labels)
    value, gradient, noise = (
        worst(ours, theirs, False), worst(ours, theirs, True), worst(again, theirs, True))
    print(f"{count} x {side}x{side}, seed {seed}: values {value[0]:.1e} ({value[1]}), "
          f"gradients {gradient[0]:.1e} ({gradient[1]}), PyTorch itself {noise[0]:.1e}", flush=True)
    return value[0], gradient[0], noise[0]


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: check_resnet18.py PATH-OF-TUTTI-TEST-WORKER")
    small = [compare(sys.argv[1], seed, 4, 64) for seed in range(1, 7)]
    large = compare(sys.argv[1], 4, 8, 224)
    verdicts = {
        "values": max(value for value, _, _ in [*small, large]) <= VALUE_BOUND,
        "gradients, small": min(gradient for _, gradient, _ in small) <= GRADIENT_BOUND,
        "gradients, large": large[1] <= max(GRADIENT_BOUND, 3 * large[2]),
    }
    for name, good in verdicts.items():
        print(f"{name}: {'agree' if good else 'TOO FAR APART'}")
    sys.exit(0 if all(verdicts.values()) else 1)


if __name__ == "__main__":
    main()
