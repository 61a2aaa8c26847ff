"""Compares Tutti's full-size nets with an installed PyTorch. Not golden values: a check for
developers after a change of kernels or nets.

    venv/bin/pip install timm
    venv/bin/python Tests/Golden/check_nets.py .build/release/tutti-test-worker [NAME ...]

For each case it makes torchvision's or timm's net (8 classes, BatchNorm statistics from a
calibration pass) and a batch of images, hands them to `tutti-test-worker net NAME 8 IN OUT`, and
prints how far the two are apart. Exits with 1 if that is too far:

    logits, loss, running statistics   max|Δ| ≤ 1e-4·max|PyTorch|, in each case
    gradients of 4 images of 64x64     ‖Δ‖ ≤ 1e-3·‖PyTorch‖ for each parameter, 3e-2 in nets with
                                       ReLU, in one of six
    gradients of 8 images of 224x224   the same

or 3 times what PyTorch's two memory layouts differ.

A gradient that is zero but for rounding (of a shift that the next BatchNorm takes away again) is
compared with a thousandth of the largest one. The gradient of a net with ReLU or max pooling is a
step function of rounding: where none tips over, fp32 is 1e-5 off float64; one that does gives 1e-3
to 5e-2, PyTorch's own included, and Winograd's coarser rounding tips over more of them. A wrong
formula is wrong in all six.

IN holds state.NAME by PyTorch's names and in its layouts, input [N, H, W, C] and labels [N]
(I64). OUT holds eval_logits, train_logits, loss (mean cross-entropy of train_logits, no label
smoothing), gradient.NAME of that loss, and running.NAME, the running statistics after the one
forward pass in training mode at momentum 0.1; all in PyTorch's layouts.
"""

import copy
import pathlib
import subprocess
import sys
import tempfile

import timm
import torch
import torchvision
from safetensors.torch import load_file, save_file

import philox
from golden import deterministic, nchw, nhwc
from resnet18 import numbers

CLASSES = 8
VALUE_BOUND = 1e-4
SMOOTH_BOUND = 1e-3
RELU_BOUND = 3e-2


def by_torchvision(name):
    """A maker of torchvision's net of that name for square images."""
    return lambda side: getattr(torchvision.models, name)(num_classes=CLASSES)


def by_timm(name):
    """A maker of timm's net of that name."""
    sized = name.startswith("vit")
    return lambda side: timm.create_model(
        name, num_classes=CLASSES, **({"img_size": side} if sized else {}))


NETS = {
    **{name: by_torchvision(name) for name in ("resnet18", "resnet34", "resnet50", "resnet101")},
    **{f"efficientnet-lite{n}": by_timm(f"tf_efficientnet_lite{n}") for n in range(3)},
    **{f"efficientnet-b{n}": by_timm(f"efficientnet_b{n}") for n in range(5)},
    "mobilenetv3-small": by_timm("mobilenetv3_small_100"),
    "mobilenetv3-large": by_timm("mobilenetv3_large_100"),
    "convnext-tiny": by_timm("convnext_tiny"),
    "vit-ti16": by_timm("vit_tiny_patch16_224"),
    "vit-s16": by_timm("vit_small_patch16_224"),
    "vit-b16": by_timm("vit_base_patch16_224"),
}


def calibrated(model, images, generator):
    """The model with norms near 1 and 0, layer scales that let something through, and the batch's own
    statistics as running statistics."""
    norms = [
        module for module in model.modules()
        if isinstance(module, (torch.nn.BatchNorm2d, torch.nn.LayerNorm))]
    with torch.no_grad():
        for norm in norms:
            norm.weight.copy_(1 + 0.2 * torch.randn(norm.weight.shape, generator=generator))
            norm.bias.copy_(0.1 * torch.randn(norm.bias.shape, generator=generator))
            norm.momentum = 1.0
        for name, parameter in model.named_parameters():
            if name.endswith(".gamma"):
                parameter.copy_(0.2 * torch.randn(parameter.shape, generator=generator))
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


def by_tutti(worker, name, model, input, labels):
    """What the worker puts in OUT."""
    state = {f"state.{name}": value.clone() for name, value in numbers(model.state_dict()).items()}
    with tempfile.TemporaryDirectory() as folder:
        source, result = pathlib.Path(folder, "in"), pathlib.Path(folder, "out")
        save_file(state | {"input": nhwc(input).contiguous(), "labels": labels}, source)
        subprocess.run([worker, "net", name, str(CLASSES), source, result], check=True)
        return load_file(result)


def distance(name, ours, theirs):
    """How far a tensor is off PyTorch's, relatively; infinitely if it is missing or not a number."""
    if name not in ours or ours[name].numel() != theirs[name].numel():
        return float("inf")
    b = theirs[name].double()
    difference = ours[name].reshape(b.shape).double() - b
    if name.startswith("gradient."):
        largest = max(value.norm() for key, value in theirs.items() if key.startswith("gradient."))
        result = difference.norm() / max(b.norm(), 1e-3 * largest)
    else:
        result = difference.abs().max() / b.abs().max()
    return result.nan_to_num(nan=float("inf")).item()


def worst(ours, theirs, gradients):
    """The largest distance among the gradients, or among all else, with its tensor's name."""
    names = [name for name in theirs if name.startswith("gradient.") == gradients]
    return max((distance(name, ours, theirs), name) for name in names)


def compare(worker, name, seed, count, side):
    """Prints a case's worst value and gradient; whether the values, and the gradients, agree."""
    generator = deterministic(seed)
    model = NETS[name](side)
    # Of few small images, the statistics of a deep net's last maps are those of a few numbers, and
    # other images make it chaotic: PyTorch's EfficientNet-B4 is then half off itself. So they are of
    # as many pixels as the large case has.
    calibration, input = (
        nchw(torch.from_numpy(philox.images(seed, batch, size, side)))
        for batch, size in ((1, max(count, 8 * 224**2 // side**2)), (0, count)))
    model = calibrated(model, calibration, generator)
    labels = torch.arange(count) * 3 % CLASSES
    theirs = by_pytorch(model, input, labels, torch.contiguous_format)
    again = by_pytorch(model, input, labels, torch.channels_last)
    ours = by_tutti(worker, name, model, input, labels)
    results = []
    print(f"{name}, {count} x {side}x{side}, seed {seed}:", end="")
    has_corners = any(word in name for word in ("resnet", "lite", "mobilenet"))
    gradient_bound = RELU_BOUND if has_corners else SMOOTH_BOUND
    for kind, gradients, bound in [
        ("values", False, VALUE_BOUND), ("gradients", True, gradient_bound)]:
        (found, where), (noise, _) = (
            worst(ours, theirs, gradients), worst(again, theirs, gradients))
        print(f" {kind} {found:.1e} ({where}), PyTorch itself {noise:.1e};", end="")
        results.append(found <= max(bound, 3 * noise))
    print(flush=True)
    return results


def check(worker, name):
    """Whether a net agrees with PyTorch's, printed case by case."""
    small = [compare(worker, name, seed, 4, 64) for seed in range(1, 7)]
    large = compare(worker, name, 4, 8, 224)
    verdicts = {
        "values": all(values for values, _ in [*small, large]),
        "gradients, small": any(gradients for _, gradients in small),
        "gradients, large": large[1],
    }
    for what, good in verdicts.items():
        print(f"{name}, {what}: {'agree' if good else 'TOO FAR APART'}", flush=True)
    return all(verdicts.values())


def main():
    if len(sys.argv) < 2 or not set(sys.argv[2:]) <= set(NETS):
        sys.exit(f"usage: check_nets.py PATH-OF-TUTTI-TEST-WORKER [{' | '.join(NETS)} ...]")
    results = [check(sys.argv[1], name) for name in sys.argv[2:] or NETS]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
