"""Golden values of how often photos are drawn for their class, by scikit-learn, NumPy and PyTorch.

balance.json has cases of class sizes ("counts") with, for each photo of a class, its factor compared with the
mean photo: "inverse" is compute_class_weight("balanced"), "effective" the formula of Cui et al. with β = 0.99 in
NumPy. "distinct" is the share of an epoch's photos that one of PyTorch's WeightedRandomSampler has, the mean of
200 epochs with "inverse".
"""

import json
from pathlib import Path

import numpy as np
import torch
from sklearn.utils.class_weight import compute_class_weight
from torch.utils.data import WeightedRandomSampler

cases = []
for counts in ([40, 10], [5, 5, 5], [120, 31, 7, 1]):
    counts = np.array(counts)
    labels = np.repeat(np.arange(len(counts)), counts)

    def scaled(factors):
        return (factors / np.mean(factors[labels])).tolist()

    inverse = compute_class_weight("balanced", classes=np.arange(len(counts)), y=labels)
    torch.manual_seed(1)
    weights = torch.tensor(inverse)[torch.tensor(labels)]
    distinct = [len(set(WeightedRandomSampler(weights, len(labels)))) / len(labels) for _ in range(200)]
    cases.append({
        "counts": counts.tolist(),
        "inverse": scaled(inverse),
        "root": scaled(1 / np.sqrt(counts)),
        "effective": scaled((1 - 0.99) / (1 - 0.99 ** counts)),
        "distinct": float(np.mean(distinct)),
    })
(Path(__file__).parent / "balance.json").write_text(json.dumps(cases, indent=1) + "\n")
