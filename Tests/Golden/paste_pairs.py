"""Pastes photos together two by two, for a set of photos with several labels.

    venv/bin/python Tests/Golden/paste_pairs.py PHOTOS OUT [SEED]

PHOTOS has train, validation and test with a folder for each class. OUT gets as many pictures of 320 x 160 pixels as PHOTOS has
photos, each of two photos of one split beside each other, and pairs.csv, a manifest with `label` as `a|b`. A seventh of the
halves is a blurred photo of random pixels without a label, so that some pictures have one label and some have none.
"""

import csv
import pathlib
import sys

import numpy
from PIL import Image, ImageFilter

photos, out = map(pathlib.Path, sys.argv[1:3])
random = numpy.random.default_rng(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
SIDE = 160


def half(paths):
    """A photo or noise, and its labels."""
    path = paths[random.integers(len(paths))]
    if random.random() < 1 / 7:
        noise = Image.fromarray(random.integers(0, 256, (SIDE, SIDE, 3), dtype=numpy.uint8))
        return noise.filter(ImageFilter.GaussianBlur(int(random.integers(2, 12)))), set()
    return Image.open(path).convert("RGB").resize((SIDE, SIDE), Image.BILINEAR), {path.parent.name}


out.mkdir(parents=True, exist_ok=True)
with open(out / "pairs.csv", "w", newline="") as file:
    table = csv.writer(file)
    table.writerow(["path", "label", "split"])
    for split in ["train", "validation", "test"]:
        paths = sorted(path for path in (photos / split).glob("*/*") if path.is_file())
        for number in range(len(paths)):
            (left, first), (right, second) = half(paths), half(paths)
            picture = Image.new("RGB", (2 * SIDE, SIDE))
            picture.paste(left, (0, 0))
            picture.paste(right, (SIDE, 0))
            name = f"{split}-{number:05}.jpg"
            picture.save(out / name, quality=92)
            table.writerow([name, "|".join(sorted(first | second)), split])
