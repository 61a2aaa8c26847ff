"""Makes views.safetensors: the views `five-crop` and `eight` of images/420-odd.ppm (33 × 25), by torchvision.

Names are PROPORTIONS/WORD/NUMBER/POSITION for the view of that number, from 1, at a position in a list of
photos, of which all but the first are there for what is random; values, whole numbers up to 255, are BF16
`[16, 16, 3]`. PROPORTIONS is `squash` (the photo becomes a square, bilinear) or `keep` (crop .875, bicubic).
What is random is drawn as Tutti draws it, by `philox.py`: seed 0, epoch 0, the stream of step k of view n
being 256·(2¹⁴·n + k) + 4.
"""

import pathlib

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file
from torchvision.transforms import InterpolationMode
from torchvision.transforms.v2 import functional as F

import philox

here = pathlib.Path(__file__).parent
photo = Image.open(here / "images" / "420-odd.ppm")
SIZE, LARGE = 16, 18  # ⌊16 / .875⌋
BILINEAR = InterpolationMode.BILINEAR
found = {}


class Draws:
    def __init__(self, view, step, position):
        stream = 256 * (2**14 * view + step) + 4
        counter = np.zeros((4, 4), dtype=np.uint64)
        counter[:, 0] = np.arange(4)
        counter[:, 1:] = (position, 0, stream)
        self.bits = philox.block(counter, (0, 0)).reshape(-1)

    def uniform(self, index, low, high):
        return low + (high - low) * float(int(self.bits[index]) >> 8) / 2**24

    def integer(self, index, below):
        return int(self.bits[index]) * below >> 32

    def order(self, count):
        order = list(range(count))
        for place in range(count - 1, 0, -1):
            other = self.integer(count - 1 - place, place + 1)
            order[place], order[other] = order[other], order[place]
        return order


def jittered(image, draws):
    operations = [F.adjust_brightness, F.adjust_contrast, F.adjust_saturation]
    for part in draws.order(4):
        if part < 3:
            image = operations[part](image, draws.uniform(3 + part, 0.9, 1.1))
    return image


def random_crop(image, draws):
    width, height = image.size
    return F.crop(image, draws.integer(0, height - SIZE + 1), draws.integer(1, width - SIZE + 1), SIZE, SIZE)


large = {
    "squash": F.resize(photo, [LARGE, LARGE], BILINEAR),
    "keep": F.resize(photo, [LARGE], InterpolationMode.BICUBIC),
}
plain = {
    "squash": F.resize(photo, [SIZE, SIZE], BILINEAR),
    "keep": F.center_crop(large["keep"], [SIZE, SIZE]),
}
for kind, image in plain.items():
    for position in (0, 1, 77):
        eight = [
            image, F.horizontal_flip(image), F.rotate(image, 5, BILINEAR), F.rotate(image, -5, BILINEAR),
            F.affine(image, 0, [0, 0], 0.95, [0, 0], BILINEAR), F.affine(image, 0, [0, 0], 1.05, [0, 0], BILINEAR),
            jittered(image, Draws(7, 1, position)), random_crop(large[kind], Draws(8, 0, position)),
        ]
        for word, views in [("eight", eight), ("five-crop", F.five_crop(large[kind], [SIZE, SIZE]))]:
            for number, view in enumerate(views, start=1):
                if position > 0 and (word, number) not in [("eight", 7), ("eight", 8)]:
                    continue
                values = torch.from_numpy(np.array(view)).to(torch.bfloat16)
                found[f"{kind}/{word}/{number}/{position}"] = values.contiguous()
save_file(found, here / "views.safetensors")
print(len(found), (here / "views.safetensors").stat().st_size)
