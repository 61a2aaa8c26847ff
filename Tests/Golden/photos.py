"""Makes photos/: a tiny image folder to train on, 3 classes of 14, 9 and 7 photos of about 40×36.

The classes differ in shape and, less surely, in colour: discs, crosses and stripes. Run beside itself
with Pillow and numpy.
"""

import pathlib
import shutil

import numpy as np
from PIL import Image

folder = pathlib.Path(__file__).with_suffix("")
shutil.rmtree(folder, ignore_errors=True)
random = np.random.default_rng(2)


def disc(x, y, size):
    return x**2 + y**2 < size**2


def cross(x, y, size):
    return (abs(x) < size / 3) & (abs(y) < 1.3 * size) | (abs(y) < size / 3) & (abs(x) < 1.3 * size)


def stripes(x, y, size):
    return np.sin((x + y) * 12 / size) > 0


classes = {
    "disc": (disc, 14, (210, 90, 60)),
    "cross": (cross, 9, (70, 170, 80)),
    "stripes": (stripes, 7, (70, 90, 200)),
}
for name, (shape, count, colour) in classes.items():
    (folder / name).mkdir(parents=True)
    for number in range(count):
        width, height = random.integers(36, 45), random.integers(32, 41)
        y, x = np.mgrid[0:height, 0:width]
        y = y - height / 2 - random.uniform(-4, 4)
        x = x - width / 2 - random.uniform(-4, 4)
        inside = shape(x, y, random.uniform(9, 13))[:, :, None]
        background = random.uniform(60, 160, 3)
        pixels = np.where(inside, np.array(colour) + random.normal(0, 25, 3), background)
        pixels = pixels + random.normal(0, 10, pixels.shape)
        image = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
        image.save(folder / name / f"{number:02}.jpg", quality=60)
