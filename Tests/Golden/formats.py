"""Makes formats/: small PNGs and WebPs of every kind, and what Pillow decodes them to.

Run beside itself with Pillow and numpy. NAME.png or NAME.webp is the input, NAME.ppm the pixels after
exif_transpose, over white where they are transparent, after convert("RGB"). Inputs without a .ppm must be
refused. PNGs are written here, since Pillow writes few of their kinds.

Pillow clips 16 bits of grey to 8, and misses a transparent colour of 2, 4 or 16 bits: there the upper 8 bits
are expected, as Pillow takes them of colours, and the transparency that the file says.
"""

import io
import pathlib
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps

folder = pathlib.Path(__file__).with_suffix("")
folder.mkdir(exist_ok=True)
random = np.random.default_rng(1)
height, width = 11, 13
channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def chunk(name, contents):
    body = name + contents
    return struct.pack(">I", len(contents)) + body + struct.pack(">I", zlib.crc32(body))


def packed(rows, bits):
    """Rows of samples as PNG stores them, each behind its filter, of which all five take turns."""
    out, before = b"", None
    for number, row in enumerate(rows):
        if row.size == 0:
            return b""
        if bits == 16:
            line = row.astype(">u2").tobytes()
        elif bits == 8:
            line = row.astype(np.uint8).tobytes()
        else:
            digits = "".join(f"{value:0{bits}b}" for value in row.ravel())
            digits += "0" * (-len(digits) % 8)
            line = bytes(int(digits[i : i + 8], 2) for i in range(0, len(digits), 8))
        step = max(1, bits * row.shape[-1] // 8)
        line = np.frombuffer(line, np.uint8).astype(int)
        above = np.zeros_like(line) if before is None else before
        left = np.concatenate([np.zeros(step, int), line[:-step]])[: len(line)]
        corner = np.concatenate([np.zeros(step, int), above[:-step]])[: len(line)]
        guess = left + above - corner
        near = np.where(
            (abs(guess - left) <= abs(guess - above)) & (abs(guess - left) <= abs(guess - corner)), left,
            np.where(abs(guess - above) <= abs(guess - corner), above, corner))
        kind = number % 5
        prediction = [0, left, above, (left + above) // 2, near][kind]
        out += bytes([kind]) + ((line - prediction) % 256).astype(np.uint8).tobytes()
        before = line
    return out


passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]


def png(samples, kind, bits, interlaced=False, before=(), behind=(), parts=1):
    """samples: [H, W, C]; before and behind: chunks before and behind the pixels."""
    header = struct.pack(
        ">IIBBBBB", samples.shape[1], samples.shape[0], bits, kind, 0, 0, int(interlaced))
    if interlaced:
        raw = b"".join(packed(samples[y::dy, x::dx], bits) for y, x, dy, dx in passes)
    else:
        raw = packed(samples, bits)
    data = zlib.compress(raw)
    cut = -(-len(data) // parts)
    pixels = [chunk(b"IDAT", data[i : i + cut]) for i in range(0, len(data), cut)]
    return b"".join(
        [b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", header), *before, *pixels, *behind, chunk(b"IEND", b"")])


def keep(name, data, expected=None):
    suffix = "webp" if data[:4] == b"RIFF" else "png"
    (folder / f"{name}.{suffix}").write_bytes(data)
    if expected is None:
        expected = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
        if expected.has_transparency_data:
            expected = over(expected.convert("RGBA"))
        expected = expected.convert("RGB")
    expected.save(folder / f"{name}.ppm")


def over(image, colour=(255, 255, 255)):
    return Image.alpha_composite(Image.new("RGBA", image.size, (*colour, 255)), image)


def samples(kind, bits):
    """Gradients and noise, with both extremes."""
    count, top = channels[kind], 2**bits - 1
    y, x = np.mgrid[0:height, 0:width]
    planes = [x / (width - 1), y / (height - 1), (x + y) / (height + width - 2), ((x * y) % 7) / 6]
    values = np.stack(planes[-count:] if count in (1, 2) else planes[:count], axis=2)
    noise = random.normal(0, 0.1, values.shape)
    return np.rint((values + noise).clip(0, 1) * top).astype(int)


def upper(values, kind, bits, clear=None):
    """What is expected in 8 bits, with `clear` transparent."""
    bytes_ = (values >> 8 if bits == 16 else values * (255 // (2**bits - 1))).astype(np.uint8)
    if kind in (0, 4):
        bytes_ = np.concatenate([bytes_[..., :1]] * 3 + [bytes_[..., 1:]], axis=2)
    if clear is not None:
        alpha = np.where((values == clear).all(axis=2, keepdims=True), 0, 255).astype(np.uint8)
        bytes_ = np.concatenate([bytes_, alpha], axis=2)
    if bytes_.shape[2] == 3:
        return Image.fromarray(bytes_)
    return over(Image.fromarray(bytes_)).convert("RGB")


kinds = {"grey": 0, "rgb": 2, "palette": 3, "grey-alpha": 4, "rgba": 6}
depths = {"grey": [1, 2, 4, 8, 16], "rgb": [8, 16], "palette": [1, 2, 4, 8], "grey-alpha": [8, 16], "rgba": [8, 16]}
for word, kind in kinds.items():
    for bits in depths[word]:
        palette = random.integers(0, 256, (min(2**bits, 200), 3))
        values = samples(kind, bits)
        if kind == 3:
            values = values.clip(0, len(palette) - 1)
        table = [chunk(b"PLTE", palette.astype(np.uint8).tobytes())] if kind == 3 else []
        expected = upper(values, kind, bits) if bits == 16 else None
        for interlaced in (False, True):
            name = f"{word}-{bits}" + ("-interlaced" if interlaced else "")
            keep(name, png(values, kind, bits, interlaced, table), expected)
        if kind in (0, 2):
            # A transparent colour.
            clear = values[5, 6]
            values[2:4, 3:9] = clear
            mark = chunk(b"tRNS", b"".join(struct.pack(">H", value) for value in clear))
            expected = None if bits in (1, 8) else upper(values, kind, bits, clear)
            keep(f"{word}-{bits}-clear", png(values, kind, bits, before=[mark]), expected)
        if kind == 3:
            # Fewer alphas than colours.
            alphas = random.integers(0, 256, max(1, len(palette) - 1)).astype(np.uint8)
            keep(
                f"{word}-{bits}-clear",
                png(values, kind, bits, before=[*table, chunk(b"tRNS", alphas.tobytes())]))

colour = samples(2, 8)
keep("parts", png(colour, 2, 8, parts=9))
keep("one-pixel", png(colour[:1, :1], 2, 8))
keep("one-pixel-interlaced", png(colour[:1, :1], 2, 8, interlaced=True))
profile = chunk(b"iCCP", b"name\0\0" + zlib.compress(b"no profile"))
others = [
    chunk(b"gAMA", struct.pack(">I", 100000)), chunk(b"sBIT", b"\5\6\5"), chunk(b"bKGD", b"\0\1\0\2\0\3"),
    chunk(b"pHYs", struct.pack(">IIB", 1, 2, 0)), chunk(b"tIME", struct.pack(">HBBBBB", 2024, 1, 2, 3, 4, 5)),
    chunk(b"abCd", b"unknown"), chunk(b"tEXt", b"Comment\0a"), profile]
keep("other-chunks", png(colour, 2, 8, before=others))
spoilt = chunk(b"tEXt", b"Comment\0a")
(folder / "spoilt-comment.png").write_bytes(png(colour, 2, 8, before=[spoilt[:-1] + b"?"]))
Image.open(io.BytesIO(png(colour, 2, 8))).save(folder / "spoilt-comment.ppm")
# An animation whose first picture is also its still one.
control = struct.pack(">IIIIIHHBB", 0, width, height, 0, 0, 1, 1, 0, 0)
second = struct.pack(">I", 2) + zlib.compress(packed(samples(2, 8), 8))
keep("animated", png(
    colour, 2, 8, before=[chunk(b"acTL", struct.pack(">II", 2, 0)), chunk(b"fcTL", control)],
    behind=[chunk(b"fcTL", struct.pack(">I", 1) + control[4:]), chunk(b"fdAT", second)]))

tags = Image.Exif()
small = colour[:5, :9]
for orientation in range(1, 9):
    tags[0x0112] = orientation
    exif = tags.tobytes().removeprefix(b"Exif\0\0")
    keep(f"exif-{orientation}", png(small, 2, 8, before=[chunk(b"eXIf", exif)]))
tags[0x0112] = 6
exif = tags.tobytes()
keep("exif-behind", png(small, 2, 8, behind=[chunk(b"eXIf", exif.removeprefix(b"Exif\0\0"))]))
digits = exif.hex()
lines = "\n".join(digits[i : i + 72] for i in range(0, len(digits), 72))
text = f"\nexif\n{len(exif):8}\n{lines}\n".encode()
named = b"Raw profile type exif\0\0"
keep("exif-in-text", png(small, 2, 8, before=[chunk(b"zTXt", named + zlib.compress(text))]))
packet = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a tiff:Orientation="8"/></x:xmpmeta>'
xmp = chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet)
keep("xmp", png(small, 2, 8, before=[xmp]))
keep("xmp-and-exif", png(small, 2, 8, before=[xmp, chunk(b"eXIf", exif.removeprefix(b"Exif\0\0"))]))

whole = png(colour, 2, 8, parts=2)
(folder / "cut.png").write_bytes(whole[: whole.rindex(b"IDAT") + 20])
(folder / "without-end.png").write_bytes(whole[:-12])
(folder / "spoilt-pixels.png").write_bytes(whole[:60] + b"????" + whole[64:])
short = png(colour, 2, 8)
place = short.index(b"IHDR") + 4
for name, *size in (("missing-row", width, height + 1), ("absurd-size", 10000, 10000), ("long-side", 70000, 1)):
    header = chunk(b"IHDR", struct.pack(">II", *size) + short[place + 8 : place + 13])
    (folder / f"{name}.png").write_bytes(short[: place - 8] + header + short[place + 17 :])


def webp(image, **options):
    stream = io.BytesIO()
    image.save(stream, "WEBP", **options)
    return stream.getvalue()


picture = Image.fromarray(colour.astype(np.uint8))
clear = Image.fromarray(samples(6, 8).astype(np.uint8))
tags[0x0112] = 1
keep("lossy", webp(picture, quality=60))
keep("lossy-best", webp(picture, quality=100, method=6))
keep("lossless", webp(picture, lossless=True))
keep("lossless-extended", webp(picture, lossless=True, exif=tags))
keep("lossy-clear", webp(clear, quality=60))
keep("lossless-clear", webp(clear, lossless=True))
keep("lossless-exact", webp(clear, lossless=True, exact=True))
keep("lossy-one-pixel", webp(picture.crop((0, 0, 1, 1))))
keep("grey", webp(picture.convert("L"), quality=80))
for orientation in range(1, 9):
    tags[0x0112] = orientation
    keep(f"webp-exif-{orientation}", webp(picture.crop((0, 0, 9, 5)), lossless=True, exif=tags))
keep("webp-xmp", webp(picture.crop((0, 0, 9, 5)), lossless=True, xmp=packet))
others = [Image.fromarray(samples(2, 8).astype(np.uint8)) for _ in range(2)]
keep("webp-animated", webp(picture, save_all=True, append_images=others, lossless=True))
keep("webp-animated-clear", webp(
    clear, save_all=True, append_images=[Image.fromarray(samples(6, 8).astype(np.uint8))], lossless=True))
# An animation whose first picture covers a part of the canvas, in which nothing else is seen.
frame = webp(clear.crop((0, 0, 5, 4)), lossless=True)
parts = struct.pack("<I", (2 // 2) | 0)[:3] + struct.pack("<I", 4 // 2)[:3]
sizes = struct.pack("<I", 4)[:3] + struct.pack("<I", 3)[:3] + struct.pack("<I", 100)[:3] + b"\0"
body = frame[12:]
if body[:4] == b"VP8X":
    body = body[18:]
anmf = parts + sizes + body
for name, flags in (("webp-part", 0x12), ("webp-part-opaque", 0x02)):
    contents = b"WEBP" + b"VP8X" + struct.pack("<I", 10) + struct.pack("<I", flags)
    contents += struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    contents += b"ANIM" + struct.pack("<IIH", 6, 0xFFFFFFFF, 0)
    contents += b"ANMF" + struct.pack("<I", len(anmf)) + anmf
    keep(name, b"RIFF" + struct.pack("<I", len(contents)) + contents)
whole = webp(picture, quality=60)
(folder / "cut.webp").write_bytes(whole[: len(whole) // 2])
(folder / "spoilt.webp").write_bytes(whole[:24] + b"????" + whole[28:])

# What Pillow makes of pixels that are written as a JPEG.
picture = Image.open(folder / "rgb-8.ppm")
picture.save(folder / "rgb-8-saved.jpg", quality=75)

# Over another background.
blue = over(clear, (10, 20, 200)).convert("RGB")
(folder / "blue.webp").write_bytes(webp(clear, lossless=True, exact=True))
blue.save(folder / "blue.ppm")
