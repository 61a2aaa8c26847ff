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



def segment(marker, contents):
    return b"\xff" + bytes([marker]) + (len(contents) + 2).to_bytes(2, "big") + contents


def app1(*blocks):
    """The small photo with APP1 markers, in front of JFIF's, as Photoshop writes them."""
    bare = encoded(small)
    return bare[:2] + b"".join(segment(0xE1, block) for block in blocks) + bare[2:]


def xmp(text):
    return b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta><rdf:Description " + text + b"</x:xmpmeta>"


def tiff(kind, count, value, order="little"):
    """An EXIF block whose only tag is the orientation."""
    entry = b"".join(
        number.to_bytes(size, order)
        for number, size in [(8, 4), (1, 2), (0x0112, 2), (kind, 2), (count, 4)])
    start = b"II*\0" if order == "little" else b"MM\0*"
    width = {3: 2, 8: 2}.get(kind, 4)
    return start + entry + value.to_bytes(width, order).ljust(4, b"\0") + b"\0\0\0\0"


six = exif(6)
attribute, element = xmp(b'tiff:Orientation="6"/>'), xmp(b"><tiff:Orientation>8</tiff:Orientation>")
keep("xmp-attribute", app1(attribute))
keep("xmp-element", app1(element))
keep("xmp-last-packet", app1(attribute, element))
keep("xmp-first-value", app1(xmp(b'tiff:Orientation="16" tiff:Orientation="8"/>')))
keep("xmp-single-quotes", app1(xmp(b"tiff:Orientation='6'/>")))
keep("xmp-nine", app1(xmp(b'tiff:Orientation="9"/>')))
keep("xmp-behind-empty-exif", app1(b"Exif\0\0", attribute))
keep("xmp-behind-other-tags", app1(six.replace(b"\x01\x12", b"\x01\x13"), attribute))
keep("xmp-and-exif", app1(attribute, b"Exif\0\0" + tiff(3, 1, 8)))
keep("xmp-and-upright-exif", app1(b"Exif\0\0" + tiff(3, 1, 1), attribute))
keep("xmp-and-unknown-exif", app1(b"Exif\0\0" + tiff(3, 1, 0), attribute))
keep("exif-behind-empty-exif", app1(b"Exif\0\0", six))
keep("exif-in-two-blocks", app1(six[:15], b"Exif\0\0" + six[15:]))
keep("exif-named-twice", app1(b"Exif\0\0" + six))
for kind in [1, 3, 4, 8, 9, 13]:
    keep(f"exif-type-{kind}", app1(b"Exif\0\0" + tiff(kind, 1, 6, "big" if kind > 4 else "little")))
keep("exif-no-value", app1(b"Exif\0\0" + tiff(3, 0, 6), attribute))
keep("exif-two-values", app1(b"Exif\0\0" + tiff(3, 2, 6), attribute))
keep("exif-other-42", app1(b"Exif\0\0II\0*" + tiff(3, 1, 6)[4:]))
# More rows than are turned together.
high = picture(5, 150)
for orientation in [3, 5, 6, 7, 8]:
    keep(f"high-orientation-{orientation}", encoded(high, exif=exif(orientation)))

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
