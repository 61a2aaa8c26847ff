"""Compares running statistics that are made anew with PyTorch's update_bn on the same photos.

    venv/bin/python Tests/Golden/check_statistics.py .build/release/tutti

Needs torch and torchvision. A ResNet-18 trains one step on Tests/Golden/photos; then `tutti recalibrate` makes its
statistics anew, once with all photos in one group, whose order doesn't matter, and once in groups of which the
mean is taken, on photos that are all the same. Bound: a relative 1e-4 of each layer's largest. Not part of the tests; run it after a
change of normalisations or of the pass.
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file
from torch.optim.swa_utils import update_bn
from torchvision.models import resnet18

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
    same = pathlib.Path(scratch, "same")
    same.mkdir()
    for number in range(60):
        shutil.copy(paths[0], same / f"{number}.jpg")
    worst = 0.0
    for name, data, used in [("all", photos, paths), ("same", same, [paths[0]] * 30)]:
        tutti("recalibrate", run, "--data", data, "--run", f"{scratch}/new-{name}")
        net = resnet18(num_classes=3)
        net.load_state_dict(weights(run))
        with torch.no_grad():
            update_bn([images(used)], net)
        ours = weights(f"{scratch}/new-{name}")
        for key, theirs in net.state_dict().items():
            if key.endswith(("running_mean", "running_var")):
                difference = (ours[key] - theirs).abs().max() / theirs.abs().max()
                worst = max(worst, difference.item())
                assert difference < 1e-4, (name, key, difference)
            elif theirs.is_floating_point():
                assert torch.equal(ours[key], theirs), key
print(f"running statistics differ by {worst:.1e} of a layer's largest at most")
