"""Golden values of losses with weights of classes, focal losses and logit adjustment.

Logits, labels, shares and weights of samples are those of losses.safetensors. Tensors in
weighted_losses.safetensors:

class_weights [5]
TARGETS.LOSS.(sum | divisor | logits_gradient), where TARGETS are hard (labels), mixed (half of each label and half of its
second one) or soft (the soft labels), and LOSS is
    weighted, weighted_smooth   PyTorch's cross_entropy with these weights, smoothing 0 and 0.1; of soft targets the
                                sum over the classes as PyTorch has it, and the divisor of our rule, sum of weights times targets
    focal, focal_smooth         Keras' CategoricalFocalCrossentropy, alpha = 0.25 * class_weights, gamma = 2
    focal_half                  the same with gamma = 0.5 and no weights
    photo, photo_smooth         0.25 (1 - exp(-c))^2 c with c = cross_entropy(weight=..., reduction="none"), of the labels of a
                                photo mixed as its target
adjusted.(sum | logits_gradient)
    cross_entropy of logits + 1.5 log(prior), hard labels; the prior is [10, 1, 4, 3, 2] / 20
"""

import os

os.environ["KERAS_BACKEND"] = "torch"
import keras
import torch
from torch.nn import functional as F

from golden import deterministic, save

generator = deterministic(7)
classes = 5
logits = 2 * torch.randn((7, classes), generator=generator)
labels = torch.tensor([0, 4, 2, 2, 1, 3, 0])
second = torch.tensor([3, 1, 2, 0, 4, 2, 1])
votes = torch.tensor([
    [3, 0, 1, 0, 0], [0, 0, 0, 0, 1], [2, 2, 1, 0, 0], [1, 1, 1, 1, 1], [0, 5, 0, 0, 0],
    [0.1, 0.2, 0.3, 0.35, 0.05], [1, 0, 0, 6, 0]])
weights = torch.tensor([0.5, 2.0, 1.25, 0.0, 3.0])
tensors = {"class_weights": weights}

onehot = F.one_hot(labels, classes).double()
targets = {
    "hard": onehot, "mixed": 0.5 * onehot + 0.5 * F.one_hot(second, classes),
    "soft": (votes / votes.sum(1, keepdim=True)).double()}
w = weights.double()


def add(name, x, loss, divisor):
    loss.backward()
    tensors[f"{name}.sum"] = loss.float()
    tensors[f"{name}.divisor"] = torch.as_tensor(divisor).float()
    tensors[f"{name}.logits_gradient"] = x.grad.float()


def leaf():
    return logits.double().requires_grad_()


for name, target in targets.items():
    for suffix, smoothing in [("", 0.0), ("_smooth", 0.1)]:
        x = leaf()
        loss = F.cross_entropy(
            x, labels if name == "hard" else target, weight=w, label_smoothing=smoothing, reduction="sum")
        add(f"{name}.weighted{suffix}", x, loss, (w * target).sum())
        x = leaf()
        focal = keras.losses.CategoricalFocalCrossentropy(
            alpha=(0.25 * w).tolist(), gamma=2.0, from_logits=True, label_smoothing=smoothing, reduction="sum", dtype="float64")
        add(f"{name}.focal{suffix}", x, focal(target, x), 7)
        x = leaf()
        loss = 0
        for k in range(classes):
            c = F.cross_entropy(
                x, torch.full((7,), k), weight=w, label_smoothing=smoothing, reduction="none")
            loss = loss + (target[:, k] * 0.25 * (1 - torch.exp(-c)) ** 2 * c).sum()
        add(f"{name}.photo{suffix}", x, loss, 7)
    x = leaf()
    focal = keras.losses.CategoricalFocalCrossentropy(
        alpha=1.0, gamma=0.5, from_logits=True, reduction="sum", dtype="float64")
    add(f"{name}.focal_half", x, focal(target, x), 7)

x = leaf()
prior = torch.tensor([10, 1, 4, 3, 2]).double() / 20
add("adjusted", x, F.cross_entropy(x + 1.5 * prior.log(), labels, reduction="sum"), 7)

save(__file__, tensors)
