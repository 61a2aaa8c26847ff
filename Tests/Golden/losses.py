"""Golden values of losses of micro-batches whose samples are two photos mixed, or have soft labels.

Tensors in losses.safetensors:

logits [7,5], labels (I64), second_labels (I64), first_shares, sample_weights
    Sample i is first_shares[i] its label and 1 - first_shares[i] its second label. Among the shares
    are one, zero and a half, one sample has the same label twice, and one weighs nothing.
cross_entropy.CASE with CASE = (plain | smooth).(unweighted | weighted)
    .sum .sum_logits_gradient
    Of F.cross_entropy with these shares as the classes' probabilities. smooth is label smoothing
    0.1. weighted multiplies each sample's loss by its weight.
soft_labels [7,5], and soft_cross_entropy.CASE with the same cases
    The same of soft labels. Two rows are 0 and 1, one has two equal shares, one is even.
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
votes = torch.tensor([
    [3, 0, 1, 0, 0], [0, 0, 0, 0, 1], [2, 2, 1, 0, 0], [1, 1, 1, 1, 1], [0, 5, 0, 0, 0],
    [0.1, 0.2, 0.3, 0.35, 0.05], [1, 0, 0, 6, 0]])
soft_labels = votes / votes.sum(1, keepdim=True)
tensors["soft_labels"] = soft_labels

for kind, targets in [("cross_entropy", probabilities), ("soft_cross_entropy", soft_labels)]:
    for smoothing_name, smoothing in [("plain", 0.0), ("smooth", 0.1)]:
        for weights_name, w in [("unweighted", torch.ones(7)), ("weighted", weights)]:
            x = logits.clone().requires_grad_()
            each = F.cross_entropy(x, targets, label_smoothing=smoothing, reduction="none")
            loss = (w * each).sum()
            loss.backward()
            case = f"{kind}.{smoothing_name}.{weights_name}"
            tensors[f"{case}.sum"] = loss
            tensors[f"{case}.sum_logits_gradient"] = x.grad

save(__file__, tensors)
