"""Golden values of what pretrained weights go through on their way into a net.

Tensors in adaptation.safetensors:

pos_embed           [1, 50, 6]: a class token's row and 7x7 others
pos_embed.N         timm's resample_abs_pos_embed of it to NxN, [1, 1 + N*N, 6]
filters             [4, 3, 2, 2]
filters.C           timm's adapt_input_conv of them to C channels

and in names.json the names and shapes of tensors by other libraries than those whose names Tutti
has, but for num_batches_tracked: {NET: {LIBRARY: {name: shape}}}.
"""

import json
import pathlib

import torch
import torchvision
from timm.layers import resample_abs_pos_embed
from timm.models import adapt_input_conv, create_model

from check_weights import to_efficientnet_pytorch
from golden import deterministic, save


def shapes(state):
    return {
        name: list(value.shape) for name, value in state.items()
        if not name.endswith("num_batches_tracked")}


def main():
    generator = deterministic(5)
    embedding = torch.randn((1, 50, 6), generator=generator)
    filters = torch.randn((4, 3, 2, 2), generator=generator)
    tensors = {"pos_embed": embedding, "filters": filters}
    for side in (3, 7, 10, 14):
        tensors[f"pos_embed.{side}"] = resample_abs_pos_embed(embedding, [side, side])
    for channels in (1, 2, 4):
        tensors[f"filters.{channels}"] = adapt_input_conv(channels, filters)
    save(__file__, tensors)

    lite = shapes(create_model("tf_efficientnet_lite0").state_dict())
    names = to_efficientnet_pytorch(lite)
    nets = {
        "efficientnet-lite0": {
            "efficientnet_pytorch": {names[name]: shape for name, shape in lite.items()}},
        "efficientnet-b0": {
            "torchvision": shapes(torchvision.models.efficientnet_b0().state_dict())},
        "convnext-tiny": {
            "torchvision": shapes(torchvision.models.convnext_tiny().state_dict())},
        "vit-b16": {"torchvision": shapes(torchvision.models.vit_b_16().state_dict())},
    }
    path = pathlib.Path(__file__).with_name("names.json")
    path.write_text(json.dumps(nets, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
