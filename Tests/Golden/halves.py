"""Golden values of PyTorch's bfloat16 and float16 of floats.

Tensors in halves.safetensors:

values [N]
    floats: of all sizes, halfway between two neighbours, too large, too small, infinite, no numbers
bf16, fp16 [N]
    the same as the nearest number of 16 bits, as a float again
"""

import torch

from golden import deterministic, save

deterministic(0)
random = torch.randn(400) * torch.exp(torch.empty(400).uniform_(-20, 12))
# Between two neighbours of either format: exactly halfway, and one bit of a float beside it.
bits = torch.tensor(
    [word + low for word in (0x3F800000, 0x3F810000, 0xC2FF0000, 0x477FC000, 0x477FF000, 0x38800000)
     for low in (0, 0x0FFF, 0x1000, 0x1001, 0x2FFF, 0x3000, 0x3001, 0x7FFF, 0x8000, 0x8001)],
    dtype=torch.int64).to(torch.int32).view(torch.float32)
special = torch.tensor([
    0.0, -0.0, 65504.0, 65519.996, 65520.0, -7e4, 2.0**-14, 2.0**-24, 2.0**-25, 2.0**-26, 3.3e38, 3.4028e38,
    float("inf"), float("-inf"), float("nan")])
values = torch.cat([special, bits, random])
values = values[: len(values) - (len(values) - 3) % 16]
assert len(values) % 16 == 3
save(__file__, {
    "values": values, "bf16": values.bfloat16().float(), "fp16": values.half().float()})
