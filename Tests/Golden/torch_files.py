"""Writes the PyTorch files that the tests of Interchange read, with PyTorch 2.15.

    python Tests/Golden/torch_files.py

The same checkpoint in both formats, zip.pt and legacy.pt, and what its tensors hold in
expected.safetensors (F32 for floats; I64); files that have to be refused; and what training programs
write.
"""

import argparse
import copy
import os
from collections import Counter, OrderedDict
from pathlib import Path

import numpy
import torch
from safetensors.torch import save_file

folder = Path(__file__).parent / "torch_files"
folder.mkdir(exist_ok=True)

net = torch.nn.Sequential(torch.nn.Conv2d(2, 4, 3), torch.nn.BatchNorm2d(4))
with torch.no_grad():
    net[0].weight.copy_(torch.arange(72.0).reshape(4, 2, 3, 3) / 8)
    net[0].bias.copy_(torch.tensor([0.5, -0.0, 1e-30, 65504.0]))
    net(torch.arange(64.0).reshape(1, 2, 4, 8))
plain = net.state_dict()
shared = torch.arange(24.0).reshape(4, 6)
state = OrderedDict(
    {
        **{f"module.{name}": value for name, value in plain.items()},
        "parameter": net[0].weight,
        "channels_last": plain["0.weight"].clone(memory_format=torch.channels_last),
        "shared": shared,
        "transposed": shared.T,
        "column": shared[:, 2],
        "window": shared[1:3, 2:5],
        "every_second": shared[::2, ::3],
        "half": shared[1].half() / 3,
        "bfloat16": shared[1].bfloat16() / 3,
        "double": shared[1].double() / 3,
        "half_transposed": (shared.half() / 7).T,
        "scalar": torch.tensor(2.5),
        "empty": torch.zeros(0, 3),
        "höher 🎻": torch.tensor([4.0]),
    }
)
checkpoint = {
    "epoch": 3,
    "best": 0.75,
    "large": 2**80,
    "best_tensor": torch.tensor(0.5),
    "done": True,
    "nothing": None,
    "names": ["amusement", ("awe", -300)],
    "sizes": torch.Size([3, 4]),
    "device": torch.device("cpu"),
    "milestones": Counter([30, 60]),
    "state_dict": state,
}
torch.save(checkpoint, folder / "zip.pt")
# The older format has no types beyond storages, so its checkpoint lacks none of the above.
torch.save(checkpoint, folder / "legacy.pt", _use_new_zipfile_serialization=False)
save_file(
    {
        name: value.detach().contiguous().clone()
        if value.dtype == torch.int64
        else value.detach().float().contiguous().clone()
        for name, value in state.items()
    },
    folder / "expected.safetensors",
)

# The third version of the function that puts tensors together, which names the type.
torch.save({"u16": torch.tensor([1, 65535], dtype=torch.uint16)}, folder / "typed.pt")


class Hostile:
    def __reduce__(self):
        return os.system, ("echo this must never run",)


torch.save({"state_dict": {"weight": torch.zeros(2)}, "extra": Hostile()}, folder / "os.pt")
torch.save(
    {"weight": torch.zeros(2), "extra": Hostile()},
    folder / "os-legacy.pt",
    _use_new_zipfile_serialization=False,
)
# A whole module names its class, which isn't needed to find its tensors.
torch.save(torch.nn.Linear(2, 1), folder / "module.pt")
torch.jit.save(torch.jit.trace(torch.nn.Linear(2, 1), torch.zeros(1, 2)), folder / "script.pt")
torch.save({"state_dict": {}, "epoch": 1, "name": "none"}, folder / "none.pt")
torch.save({"negated": torch.zeros(2, dtype=torch.complex64).conj().imag}, folder / "negated.pt")


# What training programs write: optimizer, arguments and other objects beside raw and averaged weights,
# which are the raw ones plus one; in PyTorch's protocol and in one of Python's newer ones.
class Options:
    def __init__(self):
        self.rate, self.words, self.inner = 0.1, {"a", "b"}, self


optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
net(torch.ones(1, 2, 4, 8)).sum().backward()
optimizer.step()
raw = {name: value.detach().clone() for name, value in net.state_dict().items()}
averaged = {
    f"module.{name}": value + 1 if value.is_floating_point() else value
    for name, value in raw.items()
}
trained = {
    "epoch": 3,
    "arch": "net",
    "model": raw,
    "optimizer": optimizer.state_dict(),
    "lr_scheduler": torch.optim.lr_scheduler.StepLR(optimizer, 3).state_dict(),
    "args": argparse.Namespace(data=Path("photos"), rate=0.1, sizes=(1, 2)),
    "options": Options(),
    "metric": numpy.float64(0.75),
    "history": numpy.arange(3),
    "seen": frozenset([1, 2]),
    "model_ema": {"n_averaged": torch.tensor(7), **averaged},
}
torch.save(trained, folder / "trained.pt")
torch.save(trained, folder / "trained4.pt", pickle_protocol=4)
torch.save(
    {"model": None, "ema": copy.deepcopy(net).half(), "train_args": {"imgsz": 32}},
    folder / "whole.pt",
)
