"""Checks that Tutti reads files of weights as PyTorch does. Not golden values: a check for
developers, with the full nets.

    launch/get-weights lite0
    venv/bin/pip install timm
    venv/bin/python Tests/Golden/check_weights.py .build/release/tutti PHOTOS [WEIGHTS]

PHOTOS is a folder of JPEGs whose names end with their ImageNet class, such as those of the package
foolbox 3.3.4 (`foolbox/data/imagenet_00_243.jpg`; `pip download --no-deps foolbox==3.3.4`).

1. With WEIGHTS, efficientnet-lite0-57934424.pth: `tutti predict` and timm's tf_efficientnet_lite0 say
   the same of each photo, as timm prepares it, and are right in the same of them.
2. Files made by torchvision and timm with values of their own (statistics from a calibration pass), in
   each library's names and in each format: the class probabilities of `tutti predict` are PyTorch's
   softmax, which is as exact as logits within 1e-4 of the largest.
"""

import csv
import io
import math
import pathlib
import re
import subprocess
import sys
import tempfile

import timm
import torch
import torchvision
from PIL import Image
from safetensors.torch import save_file
from timm.data import create_transform

from golden import deterministic

BOUND = 1e-4
IMAGENET = {"mean": (0.485, 0.456, 0.406), "std": (0.229, 0.224, 0.225)}
HALVES = {"mean": (0.5, 0.5, 0.5), "std": (0.5, 0.5, 0.5)}


def to_efficientnet_pytorch(state):
    """The name in efficientnet_pytorch of each of timm's names of a lite net."""
    blocks = []
    for name in state:
        match = re.match(r"blocks\.(\d+)\.(\d+)\.", name)
        if match and match.groups() not in blocks:
            blocks.append(match.groups())
    outside = {
        "conv_stem": "_conv_stem", "bn1": "_bn0", "conv_head": "_conv_head", "bn2": "_bn1",
        "classifier": "_fc"}
    first = {"conv_dw": "_depthwise_conv", "bn1": "_bn1", "conv_pw": "_project_conv", "bn2": "_bn2"}
    others = {
        "conv_pw": "_expand_conv", "bn1": "_bn0", "conv_dw": "_depthwise_conv", "bn2": "_bn1",
        "conv_pwl": "_project_conv", "bn3": "_bn2"}

    def renamed(name):
        parts = name.split(".")
        if parts[0] != "blocks":
            return f"{outside[parts[0]]}.{parts[1]}"
        table = first if parts[1] == "0" else others
        return f"_blocks.{blocks.index((parts[1], parts[2]))}.{table[parts[3]]}.{parts[4]}"

    return {name: renamed(name) for name in state}


def probabilities(tutti, weights, photos, *settings):
    """What `tutti predict` says of each photo, by its name."""
    command = [tutti, "predict", "--model", weights, "--csv", photos]
    for setting in settings:
        command += ["--set", setting]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    rows = list(csv.reader(io.StringIO(text)))
    return {
        pathlib.Path(row[0]).name: torch.tensor([float(value) for value in row[2:]])
        for row in rows[1:]}


def prepared(photos, size, crop, interpolation, constants):
    """The photos by name, as timm prepares them."""
    transform = create_transform(
        (3, size, size), is_training=False, interpolation=interpolation, crop_pct=crop, **constants)
    return {
        path.name: transform(Image.open(path).convert("RGB"))
        for path in sorted(pathlib.Path(photos).glob("*.jpg"))}


def by_pytorch(model, images):
    """A model's logits of each."""
    model.eval()
    with torch.inference_mode():
        return {name: model(image[None])[0] for name, image in images.items()}


def check_lite0(tutti, photos, weights):
    model = timm.create_model("tf_efficientnet_lite0")
    state = torch.load(weights, weights_only=True)
    names = to_efficientnet_pytorch(model.state_dict())
    model.load_state_dict({ours: state[theirs] for ours, theirs in names.items()})
    theirs = by_pytorch(model, prepared(photos, 224, 0.875, "bicubic", HALVES))
    ours = probabilities(tutti, weights, photos)
    right = {"Tutti": set(), "timm": set()}
    worst = 0
    for name, logits in theirs.items():
        label = int(re.search(r"_(\d+)\.jpg$", name)[1])
        worst = max(worst, (ours[name] - logits.softmax(0)).abs().max().item())
        for who, values in (("Tutti", ours[name]), ("timm", logits)):
            if values.argmax().item() == label:
                right[who].add(name)
    print(
        f"efficientnet-lite0: Tutti is right in {len(right['Tutti'])} of {len(theirs)} photos, timm in "
        f"{len(right['timm'])}, the same: {right['Tutti'] == right['timm']}; probabilities differ by "
        f"at most {worst:.1e}", flush=True)
    return right["Tutti"] == right["timm"] and worst < BOUND


def made(make, images, generator):
    """A net with norms near 1 and 0, statistics of the images, and logits of a few units."""
    model = make()
    norms = [module for module in model.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    with torch.no_grad():
        for norm in norms:
            norm.weight.copy_(1 + 0.2 * torch.randn(norm.weight.shape, generator=generator))
            norm.bias.copy_(0.1 * torch.randn(norm.bias.shape, generator=generator))
            norm.momentum = 1.0
        model.train()(images)
        head = [module for module in model.modules() if isinstance(module, torch.nn.Linear)][-1]
        # Probabilities say as much as logits do, unless they are 0 and 1.
        head.weight.copy_(torch.randn(head.weight.shape, generator=generator))
        head.weight.mul_(2 / model.eval()(images).std())
    return model.eval()


CLASSES = 12
# Tutti's name, a maker, and how photos are prepared where nothing says more of the file.
NETS = {
    "resnet18": (
        lambda: torchvision.models.resnet18(num_classes=CLASSES), 0.875, "bilinear", IMAGENET),
    "resnet50": (
        lambda: torchvision.models.resnet50(num_classes=CLASSES), 0.875, "bilinear", IMAGENET),
    "resnet50 by timm": (
        lambda: timm.create_model("resnet50", num_classes=CLASSES), 0.875, "bilinear", IMAGENET),
    "efficientnet-b0": (
        lambda: torchvision.models.efficientnet_b0(num_classes=CLASSES), 0.875, "bicubic", IMAGENET),
    "efficientnet-b0 by timm": (
        lambda: timm.create_model("efficientnet_b0", num_classes=CLASSES), 0.875, "bicubic", IMAGENET),
    "efficientnet-lite0": (
        lambda: timm.create_model("tf_efficientnet_lite0", num_classes=CLASSES), 0.875, "bicubic",
        HALVES),
    "convnext-tiny": (
        lambda: torchvision.models.convnext_tiny(num_classes=CLASSES), 0.949, "bilinear", IMAGENET),
    "mobilenetv3-small": (
        lambda: timm.create_model("mobilenetv3_small_100", num_classes=CLASSES), 0.875, "bicubic",
        IMAGENET),
    "vit-s16": (
        lambda: timm.create_model("vit_small_patch16_224", num_classes=CLASSES), 0.9, "bicubic",
        HALVES),
    "vit-b16 by torchvision": (
        lambda: torchvision.models.vit_b_16(num_classes=CLASSES), 0.875, "bilinear", IMAGENET),
}


def save(model, path, form):
    state = model.state_dict()
    if form == "safetensors":
        save_file({name: value.contiguous() for name, value in state.items()}, path)
    elif form == "wrapped":
        wrapped = {f"module.{name}": value for name, value in state.items()}
        torch.save({"epoch": 3, "state_dict": wrapped}, path)
    else:
        torch.save(state, path, _use_new_zipfile_serialization=form == "zip")


def check_net(tutti, photos, name, form):
    make, crop, interpolation, constants = NETS[name]
    images = prepared(photos, 224, crop, interpolation, constants)
    model = made(make, torch.stack(list(images.values())[:8]), deterministic(7))
    theirs = by_pytorch(model, images)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "weights.pth")
        save(model, path, form)
        ours = probabilities(tutti, path, photos)
    worst = 0
    for photo, logits in theirs.items():
        found = ours[photo].double().log()
        found += (logits.double() - found).mean()  # Softmax has taken a constant away.
        distance = ((found - logits).abs().max() / logits.abs().max()).item()
        worst = max(worst, distance if math.isfinite(distance) else math.inf)
    print(f"{name}, {form}: logits differ by {worst:.1e} of the largest", flush=True)
    return worst < BOUND


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit("usage: check_weights.py PATH-OF-TUTTI PHOTOS [EFFICIENTNET-LITE0.pth]")
    tutti, photos, *weights = sys.argv[1:]
    results = [check_lite0(tutti, photos, path) for path in weights]
    forms = ["zip", "safetensors", "wrapped", "legacy"]
    for number, name in enumerate(NETS):
        results.append(check_net(tutti, photos, name, forms[number % len(forms)]))
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
