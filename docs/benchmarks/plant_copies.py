"""plant_copies.py PHOTOS OUT COUNT SEED: PHOTOS with copies of COUNT of them for each way to copy.

PHOTOS has class folders, directly or below folders of splits. OUT/CLASS/ gets a link to each photo, and the copies, called
copy-WAY-NUMBER.jpg. OUT.csv lists `copy,original,way`.
"""

import csv
import pathlib
import random
import shutil
import sys

from PIL import Image, ImageEnhance, ImageOps

photos, out, count, seed = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])


def crop(image, left, top, right, bottom):
    width, height = image.size
    return image.crop(
        (round(left * width), round(top * height), round((1 - right) * width), round((1 - bottom) * height)))


ways = {
    "exact": None,
    "saved-again": (lambda image: image, 50),
    "half-size": (lambda image: image.resize([side // 2 for side in image.size], Image.BICUBIC), 90),
    "double-size": (lambda image: image.resize([side * 2 for side in image.size], Image.BICUBIC), 90),
    "cropped-5": (lambda image: crop(image, 0.025, 0.025, 0.025, 0.025), 90),
    "cropped-5-left": (lambda image: crop(image, 0.05, 0, 0, 0), 90),
    "cropped-10": (lambda image: crop(image, 0.05, 0.05, 0.05, 0.05), 90),
    "mirrored": (ImageOps.mirror, 90),
    "brighter": (lambda image: ImageEnhance.Brightness(image).enhance(1.2), 90),
    "grey": (lambda image: image.convert("L").convert("RGB"), 90),
    "turned-90": (lambda image: image.transpose(Image.ROTATE_90), 90),
}
files = sorted(photos.rglob("*.jpg"))
draw = random.Random(seed)
for file in files:
    folder = out / file.parent.name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / file.name).symlink_to(file.resolve())
with open(f"{out}.csv", "w", newline="") as stream:
    rows = csv.writer(stream)
    rows.writerow(["copy", "original", "way"])
    for way, change in ways.items():
        for number, file in enumerate(draw.sample(files, count)):
            copy = out / file.parent.name / f"copy-{way}-{number}.jpg"
            if change is None:
                shutil.copy(file, copy)
            else:
                image = ImageOps.exif_transpose(Image.open(file)).convert("RGB")
                change[0](image).save(copy, quality=change[1])
            rows.writerow([f"{file.parent.name}/{copy.name}", f"{file.parent.name}/{file.name}", way])
