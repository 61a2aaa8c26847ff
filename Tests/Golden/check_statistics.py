"""Compares running statistics that are made anew with PyTorch's update_bn on the same photos.

    venv/bin/python Tests/Golden/check_statistics.py .build/release/tutti

Needs torch and torchvision. A ResNet-18 trains one step on Tests/Golden/photos; then `tutti recalibrate` makes its
statistics anew, once with all photos in one group, and once of 73 photos in three groups of 24, 24 and 25 other photos, in the
order of Philox. Of groups `update_bn` takes the plain mean, and Tutti one weighted by their photos: so does this, of
the statistics that PyTorch finds for each. Bound: a relative 1e-4 of each layer's largest. Not part of the tests; run
it after a change of normalisations or of the pass.
"""

import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import torch
from PIL import Image, ImageOps
from safetensors.torch import load_file
from torch.optim.swa_utils import update_bn
from torchvision.models import resnet18

from philox import block

binary = sys.argv[1]
photos = pathlib.Path(__file__).with_name("photos")
paths = sorted(photos.glob("*/*.jpg"))
SIDE = 64


def tutti(*arguments):
    subprocess.run([binary, *map(str, arguments)], check=True, stdout=subprocess.DEVNULL)


def images(paths):
    pixels = np.stack([
        np.array(Image.open(path).convert("RGB").resize((SIDE, SIDE), Image.BILINEAR))
        for path in paths])
    return (torch.from_numpy(pixels).permute(0, 3, 1, 2) / 255 - 0.5) / 0.25


def order(count, seed):
    """`epochOrder` of the first epoch: Fisher and Yates, drawing for place i at position i of the stream shuffle."""
    order = list(range(count))
    for place in range(count - 1, 0, -1):
        bits = int(block((0, place, 0, 3), (seed, 0))[0])
        other = bits * (place + 1) >> 32
        order[place], order[other] = order[other], order[place]
    return order


def statistics(net, groups):
    """Those of each group by itself, weighted by their photos."""
    total = sum(map(len, groups))
    mean = {}
    for group in groups:
        with torch.no_grad():
            update_bn([images(group)], net)
        for key, value in net.state_dict().items():
            if key.endswith(("running_mean", "running_var")):
                mean[key] = mean.get(key, 0) + value.double() * len(group) / total
    return mean


def weights(run):
    (file,) = pathlib.Path(run).glob("checkpoints/*/model.safetensors")
    return load_file(file)


with tempfile.TemporaryDirectory() as scratch:
    run = f"{scratch}/run"
    settings = [
        "model.name=resnet18", f"model.image-size={SIDE}", "training.global-batch=30",
        "training.micro-batch=30", "training.max-steps=1", "optimizer.learning-rate=1e-3",
        "augment=[{resize: {interpolation: bilinear}}, {normalize: {mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25]}}]",
        "checkpoint.keep=1"]
    tutti("train", "--data", photos, "--run", run, *[f"--set={s}" for s in settings])
    more = pathlib.Path(scratch, "more")
    more.mkdir()
    changes = [lambda image: image, ImageOps.invert, lambda image: ImageOps.posterize(image, 2)]
    several = [more / f"{number:02}.png" for number in range(73)]
    for number, path in enumerate(several):
        image = Image.open(paths[number % 30]).convert("RGB")
        changes[number // 30](image).save(path)
    mixed = [several[place] for place in order(73, seed=42)]
    groups = [mixed[:24], mixed[24:48], mixed[48:]]
    worst = 0.0
    for name, data, groups in [("all", photos, [paths]), ("groups", more, groups)]:
        tutti("recalibrate", run, "--data", data, "--run", f"{scratch}/new-{name}")
        net = resnet18(num_classes=3)
        net.load_state_dict(weights(run))
        theirs = statistics(net, groups)
        ours = weights(f"{scratch}/new-{name}")
        for key, own in weights(run).items():
            if key in theirs:
                difference = (ours[key] - theirs[key]).abs().max() / theirs[key].abs().max()
                worst = max(worst, difference.item())
                assert difference < 1e-4, (name, key, difference)
            elif own.is_floating_point():
                assert torch.equal(ours[key], own), key
print(f"running statistics differ by {worst:.1e} of a layer's largest at most")
