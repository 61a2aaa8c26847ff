"""Golden values of narrow nets, one of each family: 5 classes, 4 images of 48x48.

Tensors in nets.safetensors, each name preceded by its net's, the nets being

resnet50             torchvision's with 2 channels instead of 64 and one block in each stage
efficientnet-b0      timm's, 0.05 times as wide and 0.4 times as deep
efficientnet-lite0   timm's, likewise, with 32 instead of 1280 features
mobilenetv3          timm's with 8 to 24 channels, 5 blocks, 32 instead of 1280 features
convnext             timm's with 8, 12, 16 and 20 channels and 5 blocks
vit                  timm's with patches of 8x8, 24 channels, 3 heads, 2 blocks

and the tensors as in resnet18.safetensors: state.NAME, input, labels, eval_logits, train_logits,
loss_sum, loss_mean, gradient.NAME, running.NAME; the input is stored once, without a net's name.

Weights are PyTorch's own first values, norms near 1 and 0, statistics from a calibration pass; but
the vision transformer's are ten times as large, so that its attention isn't even, and ConvNeXt's
biases and layer scales are random. Prints how far PyTorch is off its own float64.
"""

import copy
from functools import partial

import torch
from timm.models._efficientnet_blocks import SqueezeExcite
from timm.models._efficientnet_builder import decode_arch_def, round_channels
from timm.models.convnext import ConvNeXt
from timm.models.efficientnet import EfficientNet
from timm.models.mobilenetv3 import MobileNetV3
from timm.models.vision_transformer import VisionTransformer
from torch import nn
from torchvision.models.resnet import Bottleneck, ResNet

from golden import deterministic, save
from resnet18 import images, numbers, values

SEED = 3
CLASSES = 5
STAGES = [
    "ds_r1_k3_s1_e1_c16", "ir_r2_k3_s2_e6_c24", "ir_r2_k5_s2_e6_c40", "ir_r3_k3_s2_e6_c80",
    "ir_r3_k5_s1_e6_c112", "ir_r4_k5_s2_e6_c192", "ir_r1_k3_s1_e6_c320",
]


class NarrowResNet(ResNet):
    """torchvision's bottleneck net, every layer divided by 32."""

    def __init__(self, blocks, classes):
        super().__init__(Bottleneck, blocks, classes)
        self.conv1 = nn.Conv2d(3, 2, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(2)
        self.fc = nn.Linear(self.inplanes, classes)

    def _make_layer(self, block, planes, blocks, **options):
        if planes == 64:
            self.inplanes = 2
        return super()._make_layer(block, planes // 32, blocks, **options)


def efficient_net(lite):
    """timm's net at width 0.05 and depth 0.4."""
    rounded = partial(round_channels, multiplier=0.05)
    stages = [[stage if lite else stage + "_se0.25"] for stage in STAGES]
    return EfficientNet(
        decode_arch_def(stages, 0.4, fix_first_last=lite), CLASSES,
        num_features=32 if lite else rounded(1280), stem_size=32, fix_stem=lite,
        pad_type="same" if lite else "", act_layer=nn.ReLU6 if lite else nn.SiLU,
        norm_layer=partial(nn.BatchNorm2d, eps=1e-3 if lite else 1e-5), round_chs_fn=rounded)


def vision_transformer():
    model = VisionTransformer(
        img_size=48, patch_size=8, num_classes=CLASSES, embed_dim=24, depth=2, num_heads=3)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(10)
    return model


def mobile_net():
    """timm's net with a block of each kind: with and without expansion, squeeze-and-excitation and
    shortcut, both activations."""
    stages = [
        ["ds_r1_k3_s1_e1_c16_se0.25_nre"], ["ir_r1_k3_s2_e2_c8_nre", "ir_r1_k5_s1_e3_c8_se0.25_nre"],
        ["ir_r1_k5_s2_e4_c16_se0.25", "ir_r1_k3_s1_e2.5_c16"], ["cn_r1_k1_s1_c24"],
    ]
    excite = partial(
        SqueezeExcite, gate_layer="hard_sigmoid", force_act_layer=nn.ReLU,
        rd_round_fn=round_channels)
    return MobileNetV3(
        decode_arch_def(stages), CLASSES, num_features=32, act_layer=nn.Hardswish, se_layer=excite)


def conv_next():
    generator = torch.Generator().manual_seed(SEED)
    model = ConvNeXt(num_classes=CLASSES, depths=(1, 1, 2, 1), dims=(8, 12, 16, 20))
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith(("bias", "gamma")):
                parameter.copy_(0.5 * torch.randn(parameter.shape, generator=generator))
            else:
                parameter.mul_(10)
    return model


NETS = {
    "resnet50": lambda: NarrowResNet([1, 1, 1, 1], CLASSES),
    "efficientnet-b0": lambda: efficient_net(lite=False),
    "efficientnet-lite0": lambda: efficient_net(lite=True),
    "mobilenetv3": mobile_net,
    "convnext": conv_next,
    "vit": vision_transformer,
}


def prepared(model, generator):
    """Norms near 1 and 0, statistics from a calibration pass."""
    norms = [
        module for module in model.modules() if isinstance(module, (nn.BatchNorm2d, nn.LayerNorm))]
    with torch.no_grad():
        for norm in norms:
            norm.weight.copy_(1 + 0.2 * torch.randn(norm.weight.shape, generator=generator))
            norm.bias.copy_(0.1 * torch.randn(norm.bias.shape, generator=generator))
            norm.momentum = 1.0
        model.train()(images(batch=1000, count=16))
    for norm in norms:
        norm.momentum = 0.1
    return model


def main():
    input, labels = images(batch=0, count=4), torch.tensor([0, 3, 1, 4])
    tensors = {"input": input.permute(0, 2, 3, 1), "labels": labels}
    for net, make in NETS.items():
        generator = deterministic(SEED)
        model = prepared(make(), generator)
        state = {f"state.{name}": value.clone() for name, value in numbers(model.state_dict()).items()}
        exact = values(copy.deepcopy(model).double(), input.double(), labels)
        golden = values(model, input, labels)
        largest = max(value.norm() for name, value in exact.items() if name.startswith("gradient"))
        for kind in ("eval_logits", "train_logits", "loss", "gradient", "running"):
            floor = 1e-3 * largest if kind == "gradient" else 0
            distances = {
                name: ((golden[name] - exact[name]).norm() / max(exact[name].norm(), floor)).item()
                for name in golden if name.startswith(kind)}
            if distances:
                worst = max(distances, key=distances.get)
                print(f"{net}: {kind:13} off float64 by at most {distances[worst]:.1e} ({worst})")
        tensors |= {f"{net}.{name}": value for name, value in (state | golden).items()}
    save(__file__, tensors)


if __name__ == "__main__":
    main()
