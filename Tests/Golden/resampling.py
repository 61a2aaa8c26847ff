"""Makes more of images/: what Pillow and torchvision make of its photos in other ways than images.py.

NAME-bicubic-SIZE.ppm     Resize((SIZE, SIZE), BICUBIC)
NAME-crop-SIZE-SHARE.ppm  Resize(SIZE / SHARE, BILINEAR or, for odd sizes, BICUBIC), CenterCrop(SIZE),
                          as timm's and torchvision's transforms for evaluation do
NAME-pad-SIZE.ppm         ImageOps.contain to SIZE, then torchvision's `pad`, the smaller half first
"""

import math
import pathlib

from PIL import Image, ImageOps
from torchvision.transforms import CenterCrop, InterpolationMode, Resize
from torchvision.transforms.functional import pad

folder = pathlib.Path(__file__).with_name("images")
BICUBIC = InterpolationMode.BICUBIC

for name, size in [("420-odd", 16), ("420-odd", 33), ("444", 20), ("tall", 14), ("wide", 24)]:
    image = Image.open(folder / f"{name}.ppm")
    Resize((size, size), BICUBIC)(image).save(folder / f"{name}-bicubic-{size}.ppm")

for name, size, share in [
    ("420-odd", 16, 0.875), ("420-odd", 25, 0.9), ("tall", 13, 1), ("wide", 20, 0.875),
    # An enlarged strip; a photo whose columns come first; one side that stays, one that is only cut.
    ("wide", 33, 0.875), ("tall", 6, 0.9), ("tall", 19, 1), ("420-odd", 22, 0.88), ("one-pixel", 8, 0.5),
]:
    image = Image.open(folder / f"{name}.ppm")
    interpolation = BICUBIC if size % 2 else InterpolationMode.BILINEAR
    image = CenterCrop(size)(Resize(math.floor(size / share), interpolation)(image))
    image.save(folder / f"{name}-crop-{size}-{share}.ppm")

for name, size, fill in [
    ("420-odd", 16, 0), ("420-odd", 37, (200, 30, 7)), ("tall", 13, 0), ("tall", 25, 9), ("wide", 24, 0),
    ("wide", 33, (1, 2, 3)), ("one-pixel", 8, 5),
]:
    image = ImageOps.contain(
        Image.open(folder / f"{name}.ppm"), (size, size), Image.BICUBIC if size % 2 else Image.BILINEAR)
    left, top = (size - image.width) // 2, (size - image.height) // 2
    image = pad(image, [left, top, size - image.width - left, size - image.height - top], fill)
    image.save(folder / f"{name}-pad-{size}.ppm")
