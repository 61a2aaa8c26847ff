"""Golden values of losses of micro-batches whose samples are two photos mixed.

Tensors in losses.safetensors:

logits [7,5], labels (I64), second_labels (I64), first_shares, sample_weights
    Sample i is first_shares[i] its label and 1 - first_shares[i] its second label. Among the shares
    are one, zero and a half, one sample has the same label twice, and one weighs nothing.
cross_entropy.CASE with CASE = (plain | smooth).(unweighted | weighted)
    .sum .sum_logits_gradient
    Of F.cross_entropy with these shares as the classes' probabilities. smooth is label smoothing
    0.1. weighted multiplies each sample's loss by its weight.
"""

import torch
from torch.nn import functional as F

from golden import deterministic, save

generator = deterministic(7)
classes = 5

logits = 2 * torch.randn((7, classes), generator=generator)
labels = torch.tensor([0, 4, 2, 2, 1, 3, 0])
second_labels = torch.tensor([3, 1, 2, 0, 4, 2, 1])
first_shares = torch.tensor([0.7, 0.25, 0.4, 1, 0, 0.5, 0.9])
weights = torch.tensor([1, 0.25, 2, 1.5, 0.7, 0, 3])
tensors = {
    "logits": logits, "labels": labels, "second_labels": second_labels,
    "first_shares": first_shares, "sample_weights": weights}

share = first_shares[:, None]
probabilities = share * F.one_hot(labels, classes) + (1 - share) * F.one_hot(second_labels, classes)
for smoothing_name, smoothing in [("plain", 0.0), ("smooth", 0.1)]:
    for weights_name, w in [("unweighted", torch.ones(7)), ("weighted", weights)]:
        x = logits.clone().requires_grad_()
        each = F.cross_entropy(x, probabilities, label_smoothing=smoothing, reduction="none")
        loss = (w * each).sum()
        loss.backward()
        case = f"cross_entropy.{smoothing_name}.{weights_name}"
        tensors[f"{case}.sum"] = loss
        tensors[f"{case}.sum_logits_gradient"] = x.grad

save(__file__, tensors)
