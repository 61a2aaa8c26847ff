"""Repeats in torchvision what `tutti data preview --out DIR` did to photos, and compares the pixels.

    tutti data preview PHOTOS --recipe RECIPE --count 200 --out DIR
    venv/bin/python Tests/Golden/check_preview.py PHOTOS DIR

Needs torch, torchvision and Pillow. Each step of samples.json is done to the photo with the values that were
drawn. Bounds: 0.5 of 255 on average and 2 at most for all but a ten-thousandth of the values; where a value
lies on an edge, interpolation in Float may find it on the other side (see docs/log.md). Mixed samples, and
those with noise, are compared only up to that.
"""

import json
import pathlib
import sys

import numpy as np
import torch
from PIL import Image, ImageOps
from torchvision.transforms import InterpolationMode
from torchvision.transforms.v2 import functional as F
import torchvision.transforms.v2 as T

MODES = {mode.value: mode for mode in InterpolationMode}


def options(text):
    """`augment` as it stands in samples.json: a list of (word, options)."""
    import yaml

    steps = []
    for step in yaml.safe_load(text):
        if isinstance(step, str):
            steps.append((step, {}))
        else:
            (word, value), = step.items()
            steps.append((word, value if isinstance(value, dict) else {"": value}))
    return steps


def tensor(image):
    pixels = torch.from_numpy(np.array(image))
    return pixels[None] if pixels.ndim == 2 else pixels.permute(2, 0, 1)


def pil(pixels):
    return Image.fromarray(pixels.permute(1, 2, 0).numpy())


def resize(image, keys, size):
    size = keys.get("size", keys.get("", size))
    filter = {"bilinear": Image.BILINEAR, "bicubic": Image.BICUBIC}[keys.get("interpolation", "bilinear")]
    crop = keys.get("crop", "none")
    if crop == "none":
        return image.resize((size, size), filter)
    side, shorter = int(size / crop), min(image.size)
    image = image.resize([side * extent // shorter for extent in image.size], filter)
    left, top = [round((extent - size) / 2) for extent in image.size]
    return image.crop((left, top, left + size, top + size))


def operation(image, name, magnitude, mode, fill):
    space = T.AutoAugment(interpolation=mode, fill=fill)
    return space._apply_image_or_video_transform(image, name, magnitude, interpolation=mode, fill=space._fill)


def apply(image, word, keys, drawn, size):
    mode = MODES[keys.get("interpolation", "bilinear" if word in ("random-perspective", "aug-mix") else "nearest")]
    fill = keys.get("fill", 0)
    values = dict(drawn)
    if word == "resize":
        return resize(image, keys, size)
    if word == "center-crop":
        return F.center_crop(image, [keys.get("size", size)] * 2)
    if word == "random-crop":
        side = keys.get("size", keys.get("", size))
        top, left = int(values["top"]), int(values["left"])
        border = max(side, *image.size)
        return F.crop(F.pad(image, border, fill=fill), top + border, left + border, side, side)
    if word == "random-resized-crop":
        top, left, height, width = map(int, values["box"])
        return resize(F.crop(image, top, left, height, width),
                      {key: keys[key] for key in keys if key in ("size", "interpolation")}, size)
    if not drawn:
        return image
    if word == "random-horizontal-flip":
        return F.hflip(image)
    if word == "random-vertical-flip":
        return F.vflip(image)
    if word == "random-rotation":
        return F.rotate(image, values["degrees"], mode, fill=fill)
    if word == "random-affine":
        return F.affine(image, values["degrees"], values["translate"], values["scale"], values["shear"],
                        mode, fill=fill)
    if word == "random-perspective":
        width, height = image.size
        start = [[0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]]
        corners = values["corners"]
        end = [[int(corners[2 * i]), int(corners[2 * i + 1])] for i in range(4)]
        return F.perspective(image, start, end, mode, fill=fill)
    if word == "color-jitter":
        for name, value in drawn:
            if name == "hue":
                image = pil(F.adjust_hue(tensor(image), value))
            else:
                image = getattr(F, f"adjust_{name}")(image, value)
        return image
    if word == "random-grayscale":
        return F.to_grayscale(image, num_output_channels=3)
    if word == "gaussian-blur":
        kernel = int(values["kernel"])
        return pil(F.gaussian_blur(tensor(image), [kernel] * 2, [values["sigma"]] * 2))
    if word == "aug-mix":
        shares = values["shares"]
        mix = shares[0] * tensor(image).float()
        chain, copy = 0, image
        for name, value in drawn[1:] + [["chain", 0]]:
            if name == "chain":
                if chain:
                    mix += shares[chain] * tensor(copy).float()
                chain, copy = chain + 1, image
            else:
                copy = operation(copy, name, value, mode, fill)
        return pil(mix.clamp(0, 255).to(torch.uint8))
    if word in ("auto-augment", "rand-augment", "trivial-augment-wide"):
        for name, value in drawn:
            if name != "pair":
                image = operation(image, name, value, mode, fill)
        return image
    raise SystemExit(f"{word} isn't known here")


def main():
    photos, folder = map(pathlib.Path, sys.argv[1:3])
    listed = json.loads((folder / "samples.json").read_text())
    steps = options(listed["augment"])
    worst, means, outside, total = 0, [], 0, 0
    for sample in listed["samples"]:
        if sample.get("mixed"):
            raise SystemExit("mixed samples can't be compared one by one: leave mixing out")
        image = ImageOps.exif_transpose(Image.open(photos / sample["photo"])).convert("RGB")
        ours = np.array(Image.open(folder / sample["file"])).astype(int)
        mask = np.ones(ours.shape, bool)
        drawn = {step["place"]: [(entry["name"], entry["value"]) for entry in step["drawn"]]
                 for step in sample["steps"]}
        for place, (word, keys) in enumerate(steps):
            if word == "normalize":
                continue
            if word == "random-erasing":
                for _, (top, left, height, width) in drawn.get(place, []):
                    mask[int(top):int(top + height), int(left):int(left + width)] = False
                continue
            image = apply(image, word, keys, drawn.get(place, []), ours.shape[0])
        difference = np.abs(ours - np.array(image).astype(int))[mask]
        means.append(difference.mean())
        worst = max(worst, difference.max())
        outside += (difference > 2).sum()
        total += difference.size
        if difference.mean() > 0.5:
            print(sample["file"], sample["photo"], difference.mean(), difference.max(), sample["steps"])
    print(f"{len(means)} samples: mean {np.mean(means):.4f}, worst mean {max(means):.4f}, largest {worst}, "
          f"{outside} of {total} values differ by more than 2")
    if max(means) > 0.5 or outside > total / 1e4:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
