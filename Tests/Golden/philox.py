"""Philox4x32-10 in numpy, number for number as `Sources/Tensors/Philox.swift` draws it.

    key     = (seed's low 32 bits, seed's high 32 bits)
    counter = (index / 4, position, epoch, stream);   lane = index mod 4
"""

import numpy as np

MASK = np.uint64(0xFFFFFFFF)
AUGMENTATION = 4  # the stream of that name in Swift


def block(counter, key):
    """Ten rounds. counter [..., 4] and key [2] hold 32-bit numbers; returns [..., 4] as uint64."""
    c = [np.asarray(counter, dtype=np.uint64)[..., lane] for lane in range(4)]
    k = [np.uint64(key[0]), np.uint64(key[1])]
    for round in range(10):
        if round > 0:
            k = [(k[0] + np.uint64(0x9E3779B9)) & MASK, (k[1] + np.uint64(0xBB67AE85)) & MASK]
        first = np.uint64(0xD2511F53) * c[0]
        second = np.uint64(0xCD9E8D57) * c[2]
        c = [
            (second >> np.uint64(32)) ^ c[1] ^ k[0],
            second & MASK,
            (first >> np.uint64(32)) ^ c[3] ^ k[1],
            first & MASK,
        ]
    return np.stack(c, axis=-1)


def uniform(seed, stream, epoch, position, count):
    """The draws with index 0..<count at one position: float32 in [0, 1), multiples of 2^-24."""
    counter = np.zeros(((count + 3) // 4, 4), dtype=np.uint64)
    counter[:, 0] = np.arange(len(counter))
    counter[:, 1:] = (position, epoch, stream)
    bits = block(counter, (seed & 0xFFFFFFFF, seed >> 32)).reshape(-1)[:count]
    return (bits >> np.uint64(8)).astype(np.float32) * np.float32(2.0**-24)


def images(seed, batch, count, side):
    """A batch of random images [count, side, side, 3] that differ from each other as photos do:
    coarse blocks of 8x8 pixels, with noise on them so that no two pixels are equal.

    With u(n, i) = uniform(seed, stream AUGMENTATION, epoch = batch, position = n, index = i),
    coarse = 3·(side/8)², and all arithmetic in float32:

        image[n, y, x, c] = (4·u(n, ((y/8)·(side/8) + x/8)·3 + c) − 2)
                          + (u(n, coarse + (y·side + x)·3 + c) − 0.5)
    """
    blocks = side // 8
    coarse = 3 * blocks * blocks
    result = np.empty((count, side, side, 3), dtype=np.float32)
    for n in range(count):
        u = uniform(seed, AUGMENTATION, batch, n, coarse + 3 * side * side)
        rough = np.float32(4) * u[:coarse].reshape(blocks, blocks, 3) - np.float32(2)
        fine = u[coarse:].reshape(side, side, 3) - np.float32(0.5)
        result[n] = rough.repeat(8, axis=0).repeat(8, axis=1) + fine
    return result


# The known-answer vectors of Random123 1.14 (tests/kat_vectors), checked at each import.
for _counter, _key, _expected in [
    ("00000000 00000000 00000000 00000000", "00000000 00000000",
     "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff",
     "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0",
     "d16cfe09 94fdcceb 5001e420 24126ea1"),
]:
    _words = [[int(word, 16) for word in text.split()] for text in (_counter, _key, _expected)]
    assert block(_words[0], _words[1]).tolist() == _words[2], "Philox is not Philox4x32-10"
