"""Makes images/: small JPEGs and what Pillow decodes, resizes and normalises them to.

Run beside itself with Pillow, numpy, torch and torchvision. NAME.jpg is the input, NAME.ppm the
pixels after exif_transpose and convert("RGB"), NAME-SIZE.ppm the same after
Resize((SIZE, SIZE)), normalized.f32 the 256 grey values through ToTensor and Normalize, [256, 3].
Inputs without a .ppm must be refused.
"""

import io
import pathlib

import numpy as np
import torch
from PIL import Image, ImageOps
from torchvision import transforms

folder = pathlib.Path(__file__).with_suffix("")
folder.mkdir(exist_ok=True)
random = np.random.default_rng(1)


def picture(width, height):
    """Gradients that differ in all directions, a hard edge and some noise."""
    y, x = np.mgrid[0:height, 0:width]
    red = 255 * x / (width - 1)
    green = 255 * y / (height - 1)
    blue = np.where(x + y < (width + height) / 3, 220, 30)
    pixels = np.stack([red, green, blue], axis=2) + random.normal(0, 12, (height, width, 3))
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def encoded(image, **options):
    stream = io.BytesIO()
    image.save(stream, "JPEG", **({"quality": 85} | options))
    return stream.getvalue()


def exif(orientation):
    tags = Image.Exif()
    tags[0x0112] = orientation
    return tags.tobytes()


def keep(name, jpeg, sizes=()):
    (folder / f"{name}.jpg").write_bytes(jpeg)
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(jpeg))).convert("RGB")
    image.save(folder / f"{name}.ppm")
    for size in sizes:
        transforms.Resize((size, size))(image).save(folder / f"{name}-{size}.ppm")


def refuse(name, data):
    (folder / f"{name}.jpg").write_bytes(data)


photo = picture(33, 25)
plain = encoded(photo)
keep("420-odd", plain, [7, 16, 25, 33, 40])
keep("444", encoded(photo, subsampling=0), [20])
keep("422", encoded(photo, subsampling=1))
keep("progressive", encoded(photo, progressive=True))
keep("rgb", encoded(photo, keep_rgb=True))
keep("grey", encoded(photo.convert("L")), [16])
keep("cmyk", encoded(photo.convert("CMYK")))
keep("one-pixel", encoded(photo.crop((3, 3, 4, 4))), [3])
keep("wide", encoded(picture(160, 9)), [24])
keep("tall", encoded(picture(19, 64)), [14, 19])
small = picture(11, 6)
for orientation in range(1, 9):
    keep(f"orientation-{orientation}", encoded(small, exif=exif(orientation)))
upright = encoded(small, exif=exif(6))
place = upright.index(b"Exif\0\0") + 6
keep("exif-offset-beyond", upright[: place + 4] + b"\xff" * 4 + upright[place + 8 :])
keep("exif-byte-order", upright[:place] + b"??" + upright[place + 2 :])

scan = plain.index(b"\xff\xda")
keep("junk-before-marker", plain[:scan] + b"junk" + plain[scan:])
keep("junk-after-end", plain + b"junk after the end \xff\xd8")
refuse("junk-before-start", b"junk" + plain)
refuse("truncated", plain[: scan + (len(plain) - scan) // 2])
refuse("truncated-header", plain[: scan // 2])
refuse("without-end", plain[:-2])
# All pixels are there, but what follows them is cut.
refuse("comment-without-end", plain[:-2] + b"\xff\xfe\x00\x06more")
refuse("truncated-progressive", encoded(photo, progressive=True)[:-120])
# The scan's second half goes missing, the end marker stays.
refuse("hole", plain[: scan + (len(plain) - scan) // 2] + b"\xff\xd9")
frame = plain.index(b"\xff\xc0")
refuse("absurd-size", plain[: frame + 5] + b"\xff\xdc\xff\xdc" + plain[frame + 9 :])

mean, std = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
values = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)
tensor = transforms.Normalize(mean, std)(transforms.ToTensor()(Image.fromarray(values)))
tensor[:, 0, :].T.contiguous().numpy().astype("<f4").tofile(folder / "normalized.f32")
