"""Checks that PyTorch reads the file that Tutti wrote, torch_files/written.pt.

    python Tests/Golden/check_torch_files.py

The tests compare what Tutti writes with that file's bytes.
"""

import struct
import zipfile
from collections import OrderedDict
from pathlib import Path

import torch

path = Path(__file__).parent / "torch_files" / "written.pt"
state = torch.load(path, weights_only=True)
assert type(state) is OrderedDict

# Each entry holds its places in the flat store minus a half, in Tutti's layout.
def places(start, *shape):
    count = torch.Size(shape).numel()
    return (torch.arange(start, start + count, dtype=torch.float32) - 0.5).reshape(shape)


expected = OrderedDict(
    {
        "bn.num_batches_tracked": torch.tensor(7),
        "conv.weight": places(0, 2, 2, 2, 3).permute(3, 2, 0, 1),  # [R, S, C, K] to [K, C, R, S]
        "bn.weight": places(32, 3),
        "höher 🎻.weight": places(48, 5, 2).T,
        "empty": places(64, 0, 3),
        "bn.running_mean": places(64, 3),
    }
)
assert state.keys() == expected.keys(), state.keys()
for name, value in expected.items():
    assert state[name].dtype == value.dtype and state[name].is_contiguous(), name
    assert torch.equal(state[name], value), (name, state[name])

mapped = torch.load(path, weights_only=True, mmap=True)
assert all(torch.equal(mapped[name], value) for name, value in expected.items())

with zipfile.ZipFile(path) as archive:
    assert archive.testzip() is None
    for member in archive.infolist():
        header = path.read_bytes()[member.header_offset :][:30]
        start = member.header_offset + 30 + sum(struct.unpack("<HH", header[26:]))
        assert start % 64 == 0, member.filename

print(f"{path}: {len(state)} tensors as expected")
