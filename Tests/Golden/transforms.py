"""Makes transforms.safetensors: what torchvision and Pillow make of images/420-odd.ppm (33 × 25) and of a
grey and an extreme one, for every operation at fixed parameters.

Run beside itself with torch, torchvision and Pillow. Geometry, enhancements and levels are Pillow's (what
torchvision does with PIL images); hue and blur are torchvision's of tensors, which is its own rule. Names
are IMAGE/OPERATION/PARAMETERS; values, whole numbers up to 255, are BF16 `[H, W, C]`. `size/…` are Pillow's
of other sizes.
"""

import pathlib

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file
from torchvision.transforms import InterpolationMode
from torchvision.transforms.v2 import functional as F

here = pathlib.Path(__file__).parent
random = np.random.default_rng(7)
photo = Image.open(here / "images" / "420-odd.ppm")
images = {
    "photo": photo,
    "grey": photo.convert("L"),
    # Black, white and nothing between: factors leave 0 … 255, tables have steps of a whole range.
    "extreme": Image.fromarray((random.integers(0, 2, (9, 14, 3)) * 255).astype(np.uint8)),
}
modes = {
    "nearest": InterpolationMode.NEAREST, "bilinear": InterpolationMode.BILINEAR,
    "bicubic": InterpolationMode.BICUBIC,
}
found = {}


def keep(name, image):
    values = image if isinstance(image, torch.Tensor) else torch.from_numpy(np.array(image))
    if values.ndim == 2:
        values = values[:, :, None]
    found[name] = values.contiguous().to(torch.bfloat16)


def of_tensor(image, operation):
    pixels = torch.from_numpy(np.array(image))
    pixels = pixels[None] if pixels.ndim == 2 else pixels.permute(2, 0, 1)
    return operation(pixels).permute(1, 2, 0)


for name, image in images.items():
    keep(f"{name}/original", image)
    width, height = image.size
    for mode, interpolation in modes.items():
        for degrees in (0, 13.5, -88, 90, 180, 270):
            keep(f"{name}/rotate/{mode}/{degrees}", F.rotate(image, degrees, interpolation, fill=0))
        for number, (degrees, move, scale, shear) in enumerate(
            [(0, (3, -2), 1, (0, 0)), (10, (0, 0), 0.9, (0, 0)), (-20, (1, 2), 1.2, (12, -7)),
             (0, (0, 0), 0.7, (0, 0))]
        ):
            keep(f"{name}/affine/{mode}/{number}",
                 F.affine(image, degrees, list(move), scale, list(shear), interpolation, fill=0))
        keep(f"{name}/shear-x/{mode}",
             F.affine(image, 0, [0, 0], 1, [17, 0], interpolation, fill=0, center=[0, 0]))
        start = [[0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]]
        end = [[2, 1], [width - 3, 0], [width - 1, height - 3], [1, height - 2]]
        keep(f"{name}/perspective/{mode}", F.perspective(image, start, end, interpolation, fill=0))
    for factor in (0, 0.3, 0.95, 1, 1.7):
        keep(f"{name}/brightness/{factor}", F.adjust_brightness(image, factor))
        keep(f"{name}/contrast/{factor}", F.adjust_contrast(image, factor))
        keep(f"{name}/saturation/{factor}", F.adjust_saturation(image, factor))
        keep(f"{name}/sharpness/{factor}", F.adjust_sharpness(image, factor))
    for shift in (-0.5, -0.1, 0.07, 0.33):
        keep(f"{name}/hue/{shift}", of_tensor(image, lambda pixels: F.adjust_hue(pixels, shift)))
    for kernel, sigma in ((3, 0.5), (5, 2.0), (7, 1.3)):
        keep(f"{name}/blur/{kernel}/{sigma}",
             of_tensor(image, lambda pixels: F.gaussian_blur(pixels, [kernel, kernel], [sigma, sigma])))
    for bits in (1, 4, 7):
        keep(f"{name}/posterize/{bits}", F.posterize(image, bits))
    for threshold in (0, 128, 200.5, 255):
        keep(f"{name}/solarize/{threshold}", F.solarize(image, threshold))
    keep(f"{name}/auto-contrast", F.autocontrast(image))
    keep(f"{name}/equalize", F.equalize(image))
    keep(f"{name}/invert", F.invert(image))
    keep(f"{name}/grayscale", F.to_grayscale(image, num_output_channels=len(image.getbands())))
    for size in (8, 12, 30):
        keep(f"{name}/center-crop/{size}", F.center_crop(image, [size, size]))
keep("photo/rotate-red", F.rotate(photo, 30, InterpolationMode.NEAREST, fill=[200, 30, 7]))
save_file(found, here / "transforms.safetensors")
print(len(found), (here / "transforms.safetensors").stat().st_size)
