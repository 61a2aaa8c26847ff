"""Golden values of a narrow ResNet-18: 4 channels instead of 64, 5 classes, 4 images of 48x48.

Tensors in resnet18.safetensors:

state.NAME           parameters and BatchNorm's running statistics by torchvision's names, the
                     statistics from a calibration pass; num_batches_tracked is left out
input [4, 48, 48, 3], labels [4] (I64)
eval_logits [4, 5]   with the running statistics
train_logits [4, 5]  with the batch's statistics
loss_sum, loss_mean  cross-entropy of train_logits, label smoothing 0.1
gradient.NAME        of loss_mean with respect to each parameter
running.NAME         running statistics after that one forward pass, momentum 0.1

Prints how far PyTorch is off its own float64, which bounds what a comparison can show.
"""

import copy

import torch
import torchvision
from torch import nn
from torch.nn import functional as F

import philox
from golden import deterministic, nchw, save

SEED = 2
WIDTH = 4
CLASSES = 5
SIDE = 48
SMOOTHING = 0.1


class Block(nn.Module):
    """Two 3x3 convolutions beside a shortcut; the first one may stride."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet18(nn.Module):
    """torchvision's ResNet-18 with the number of channels left open."""

    def __init__(self, width, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.layer1 = nn.Sequential(Block(width, width, 1), Block(width, width, 1))
        self.layer2 = nn.Sequential(Block(width, 2 * width, 2), Block(2 * width, 2 * width, 1))
        self.layer3 = nn.Sequential(Block(2 * width, 4 * width, 2), Block(4 * width, 4 * width, 1))
        self.layer4 = nn.Sequential(Block(4 * width, 8 * width, 2), Block(8 * width, 8 * width, 1))
        self.fc = nn.Linear(8 * width, classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean(dim=(2, 3)))


def check_against_torchvision():
    """At width 64 the class above is torchvision's, in initialisation and in what it computes."""
    torch.manual_seed(SEED)
    theirs = torchvision.models.resnet18(num_classes=CLASSES)
    torch.manual_seed(SEED)
    ours = ResNet18(64, CLASSES)
    assert ours.state_dict().keys() == theirs.state_dict().keys()
    for name, value in theirs.state_dict().items():
        assert torch.equal(value, ours.state_dict()[name]), name
    images = torch.randn(2, 3, SIDE, SIDE)
    for training in (True, False):
        a, b = (model.train(training)(images) for model in (ours, theirs))
        assert torch.allclose(a, b, rtol=1e-5, atol=1e-5), "not torchvision's resnet18"


def images(batch, count):
    """A batch of random images in PyTorch's layout."""
    return nchw(torch.from_numpy(philox.images(SEED, batch, count, SIDE)))


def initial_model():
    """The narrow net: torchvision's initialisation, norms near 1 and 0, calibrated statistics."""
    generator = deterministic(SEED)
    model = ResNet18(WIDTH, CLASSES)
    norms = [module for module in model.modules() if isinstance(module, nn.BatchNorm2d)]
    with torch.no_grad():
        for norm in norms:
            norm.weight.copy_(1 + 0.2 * torch.randn(norm.weight.shape, generator=generator))
            norm.bias.copy_(0.1 * torch.randn(norm.bias.shape, generator=generator))
            norm.momentum = 1.0  # the statistics become those of the calibration batch
        model.train()(images(batch=1000, count=16))
    for norm in norms:
        norm.momentum = 0.1
    return model


def numbers(state):
    """A state dict without the counters of batches."""
    return {name: value for name, value in state.items() if value.is_floating_point()}


def values(model, input, labels):
    """All that is stored but the state and the inputs. The model's statistics are updated."""
    result = {"eval_logits": model.eval()(input).detach()}
    logits = model.train()(input)
    result["train_logits"] = logits
    for reduction in ("sum", "mean"):
        result[f"loss_{reduction}"] = F.cross_entropy(
            logits, labels, label_smoothing=SMOOTHING, reduction=reduction)
    result["loss_mean"].backward()
    for name, parameter in model.named_parameters():
        result[f"gradient.{name}"] = parameter.grad
    for name, value in numbers(dict(model.named_buffers())).items():
        result[f"running.{name}"] = value
    return {name: value.detach().clone() for name, value in result.items()}


def main():
    check_against_torchvision()
    model = initial_model()
    tensors = {f"state.{name}": value.clone() for name, value in numbers(model.state_dict()).items()}
    input, labels = images(batch=0, count=4), torch.tensor([0, 3, 1, 4])
    exact = values(copy.deepcopy(model).double(), input.double(), labels)
    golden = values(model, input, labels)
    distance = {
        name: ((golden[name] - exact[name]).norm() / exact[name].norm()).item() for name in golden}
    for kind in ("eval_logits", "train_logits", "loss", "gradient", "running"):
        worst = max((name for name in golden if name.startswith(kind)), key=distance.get)
        print(f"{kind:13} off float64 by at most {distance[worst]:.1e} ({worst})")
    tensors |= {"input": input.permute(0, 2, 3, 1), "labels": labels} | golden
    save(__file__, tensors)


if __name__ == "__main__":
    main()
