"""Writes the files that the tests of Interchange read, with safetensors-python 0.8 and PyTorch 2.15.

    python Tests/Golden/safetensors_files.py
"""

from pathlib import Path

import torch
from safetensors.torch import save_file

folder = Path(__file__).parent / "safetensors_files"

# Every type that is read, an empty tensor, a scalar, and a name that JSON has to escape.
values = torch.tensor([[0.0, -1.5, 2.25], [1e-3, 65504.0, -0.0]], dtype=torch.float64)
save_file(
    {
        "f64": values,
        "f32": values.float(),
        "f16": values.half(),
        "bf16": values.bfloat16(),
        "i64": torch.tensor([-(2**63), -1, 0, 2**63 - 1]),
        "u8": torch.tensor([1, 2, 3], dtype=torch.uint8),
        "scalar": torch.tensor(7),
        "empty": torch.zeros(0, 3),
        'quote " back \\ line \n höher 🎻': torch.tensor([4.0]),
    },
    folder / "types.safetensors",
    metadata={"format": "pt", "quote \"": "line\n"},
)

# A model's state as PyTorch has it, and beside it (ours.NAME) what is expected in memory.
convolution = torch.arange(3 * 2 * 2 * 4, dtype=torch.float32).reshape(3, 2, 2, 4)  # [K, C, R, S]
linear = torch.arange(10, dtype=torch.float32).reshape(2, 5)  # [out, in]
norm = torch.nn.BatchNorm2d(3)
norm(torch.arange(48, dtype=torch.float32).reshape(1, 3, 4, 4))
state = {
    "conv.weight": convolution,
    "fc.weight": linear,
    "fc.bias": torch.tensor([0.5, -0.5]),
    **{f"bn.{name}": value for name, value in norm.state_dict().items()},
}
save_file(state, folder / "model.safetensors")
save_file(
    {
        "conv.weight": convolution.permute(2, 3, 1, 0).contiguous(),  # [R, S, C, K]
        "fc.weight": linear.T.contiguous(),  # [in, out]
    },
    folder / "ours.safetensors",
)
