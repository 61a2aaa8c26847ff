"""Golden values of binary cross-entropy, of one label a photo and of several.

Logits, labels, shares and weights of samples are those of losses.safetensors. Tensors in
binary_losses.safetensors:

pos_weight [5], label_sets [7, 5] (0 and 1: rows with several, one and no labels), shares [7, 5] (of each class by itself)
TARGETS.LOSS.(sum | logits_gradient), where TARGETS are
    hard     the labels                                     timm's BinaryCrossEntropy, which takes labels and smooths them
    mixed    half of each label and half of its second one  the same, given the targets that timm's Mixup makes with smoothing
    soft     the soft labels                                torch's binary_cross_entropy_with_logits of (1 - e) q + e / K
    several  label_sets, or shares of each class            Keras' BinaryCrossentropy, which smooths with e / 2, and torch's where
    shares                                                  there are weights of positives
    pairs    half of each row of label_sets and half of the next one's
and LOSS is plain, smooth (e = 0.1), weighted (pos_weight, e = 0.1) or summed (sum over classes, no smoothing), the sum over
the samples of the mean over the classes; photos.LOSS.* have the weights of samples besides, of the targets `several`.
"""

import os

os.environ["KERAS_BACKEND"] = "torch"
import keras
import torch
from timm.loss import BinaryCrossEntropy
from torch.nn import functional as F

from golden import deterministic, save
from safetensors.torch import load_file
from pathlib import Path

deterministic(11)
golden = load_file(Path(__file__).with_name("losses.safetensors"))
logits, labels, second = golden["logits"], golden["labels"].long(), golden["second_labels"].long()
classes = logits.shape[1]
pos_weight = torch.tensor([0.5, 2.0, 1.25, 0.25, 3.0])
label_sets = torch.tensor([
    [1, 1, 0, 0, 0], [0, 0, 0, 0, 0], [0, 0, 1, 0, 0], [1, 1, 1, 1, 1], [0, 1, 0, 0, 1], [1, 0, 0, 1, 0],
    [0, 0, 0, 0, 1]]).float()
shares = torch.tensor([
    [1, 0.75, 0, 0, 0.25], [0, 0, 0, 0, 0], [0.5, 0.5, 0.5, 0.5, 0.5], [1, 1, 1, 1, 1],
    [0.125, 0, 0.875, 1, 0], [0, 0, 0, 0, 1], [0.25, 0, 0, 0.5, 0.75]])
tensors = {"pos_weight": pos_weight, "label_sets": label_sets, "shares": shares}
cases = {"plain": (0.0, None, False), "smooth": (0.1, None, False), "weighted": (0.1, pos_weight, False),
         "summed": (0.0, None, True)}


def timm_loss(x, target, smoothing, weight, summed):
    """timm's mean over samples, and over classes unless summed, as a sum over samples."""
    loss = BinaryCrossEntropy(
        smoothing=smoothing, sum_classes=summed, pos_weight=None if weight is None else weight.double())
    return loss(x, target) * len(x)


def torch_loss(x, target, weight, summed):
    each = F.binary_cross_entropy_with_logits(
        x, target, pos_weight=None if weight is None else weight.double(), reduction="none")
    return each.sum(1) if summed else each.mean(1)


def keras_loss(x, target, smoothing):
    loss = keras.losses.BinaryCrossentropy(
        from_logits=True, label_smoothing=smoothing, reduction=None, dtype="float64")
    return loss(target, x)


for name in ["hard", "mixed", "soft", "several", "shares", "pairs", "photos"]:
    for case, (smoothing, weight, summed) in cases.items():
        x = logits.double().requires_grad_()
        if name == "hard":
            loss = timm_loss(x, labels, smoothing, weight, summed)
        elif name == "mixed":
            # As timm's Mixup: smoothing is in the targets, and the loss has none.
            off = smoothing / classes
            target = torch.zeros(len(labels), classes).double()
            for row, (a, b) in enumerate(zip(labels, second)):
                for label in (a, b):
                    part = torch.full((classes,), off).double()
                    part[label] = 1 - smoothing + off
                    target[row] += 0.5 * part
            loss = timm_loss(x, target, 0.0, weight, summed)
        elif name == "soft":
            target = (1 - smoothing) * golden["soft_labels"].double() + smoothing / classes
            loss = torch_loss(x, target, weight, summed).sum()
        else:
            target = {"shares": shares, "pairs": 0.5 * label_sets + 0.5 * label_sets.roll(-1, 0)}.get(
                name, label_sets).double()
            if weight is None and not summed:
                each = keras_loss(x, target, smoothing)
            else:
                each = torch_loss(x, target * (1 - smoothing) + 0.5 * smoothing, weight, summed)
            loss = (each * (golden["sample_weights"].double() if name == "photos" else 1)).sum()
        loss.backward()
        tensors[f"{name}.{case}.sum"] = loss.float()
        tensors[f"{name}.{case}.logits_gradient"] = x.grad.float()

save(__file__, tensors)
