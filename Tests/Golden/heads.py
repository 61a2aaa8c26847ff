"""Golden values of the heads by themselves, on a map of 32 channels at 3x3 positions; 5 classes.

Tensors in heads.safetensors: input [8, 3, 3, 32], labels [8] (I64), and of each head, regularised
and attention, the tensors that resnet18.py lists, each name preceded by the head's:

regularised.  nn.Sequential over the mean of the map, its dropout off
attention.    a learned token attends to itself and all positions through 8 heads; a linear layer
"""

import torch
from torch import nn
from torch.nn import functional as F

from golden import deterministic, save
from resnet18 import CLASSES, numbers, values

SEED = 5
CHANNELS = 32


class Regularised(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Sequential(
            nn.BatchNorm1d(CHANNELS), nn.Dropout(0), nn.Linear(CHANNELS, CHANNELS // 2), nn.ReLU(),
            nn.BatchNorm1d(CHANNELS // 2), nn.Dropout(0), nn.Linear(CHANNELS // 2, CLASSES))

    def forward(self, x):
        return self.fc(x.mean(dim=(2, 3)))


class ClassAttention(nn.Module):
    def __init__(self):
        super().__init__()
        self.cls_token = nn.Parameter(torch.randn(1, 1, CHANNELS))
        self.norm = nn.LayerNorm(CHANNELS, eps=1e-6)
        self.qkv = nn.Linear(CHANNELS, 3 * CHANNELS)
        self.proj = nn.Linear(CHANNELS, CHANNELS)

    def forward(self, x):
        tokens = x.flatten(2).transpose(1, 2)
        token = self.cls_token.expand(len(x), -1, -1)
        qkv = self.qkv(self.norm(torch.cat([token, tokens], dim=1)))
        q, k, v = (part.unflatten(-1, (8, -1)).transpose(1, 2) for part in qkv.chunk(3, dim=-1))
        return self.proj(F.scaled_dot_product_attention(q[:, :, :1], k, v).flatten(1))


class AttentionPooled(nn.Module):
    def __init__(self):
        super().__init__()
        self.attn_pool = ClassAttention()
        self.fc = nn.Linear(CHANNELS, CLASSES)

    def forward(self, x):
        return self.fc(self.attn_pool(x))


def main():
    tensors = {}
    for name, make in (("regularised", Regularised), ("attention", AttentionPooled)):
        generator = deterministic(SEED)
        input = 0.5 + torch.randn((8, CHANNELS, 3, 3), generator=generator)
        labels = torch.tensor([0, 3, 1, 4, 2, 2, 0, 1])
        model = make()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter += 0.2 * torch.randn(parameter.shape, generator=generator)
            model.train()(input + torch.randn(input.shape, generator=generator))
        tensors |= {"input": input.permute(0, 2, 3, 1), "labels": labels}
        state = {f"state.{key}": value.clone() for key, value in numbers(model.state_dict()).items()}
        tensors |= {
            f"{name}.{key}": value for key, value in (state | values(model, input, labels)).items()}
    save(__file__, tensors)


if __name__ == "__main__":
    main()
