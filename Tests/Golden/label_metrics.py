"""Writes label_metrics.json: photos with several labels, probabilities, thresholds, and what scikit-learn 1.9 says of them.

    python Tests/Golden/label_metrics.py
"""

import json
import warnings
from pathlib import Path

import numpy
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    f1_score,
    hamming_loss,
    log_loss,
    multilabel_confusion_matrix,
    precision_recall_curve,
    precision_recall_fscore_support,
    roc_auc_score,
)

random = numpy.random.default_rng(5)
many = (random.random((300, 7)) < [0.5, 0.3, 0.1, 0.05, 0.7, 0.02, 0.9]).astype(int)
noisy = numpy.clip(0.5 + (many - 0.5) * 0.6 + 0.3 * random.standard_normal((300, 7)), 0.001, 0.999)
cases = {
    "perfect": ([[1, 0], [1, 1], [0, 0]], [[0.9, 0.1], [0.6, 0.8], [0.2, 0.3]], [0.5, 0.5]),
    "all wrong": ([[1, 0], [0, 1]], [[0.1, 0.9], [0.8, 0.2]], [0.5, 0.5]),
    "ties, and one at the threshold": (
        [[1, 0, 1], [0, 1, 1], [1, 1, 0], [0, 0, 0]],
        [[0.5, 0.25, 0.5], [0.5, 0.25, 0.75], [0.5, 0.75, 0.5], [0.25, 0.75, 0.25]], [0.5, 0.5, 0.75]),
    "a label without photos, and one that all have": (
        [[0, 1, 1], [0, 1, 0], [0, 1, 0]], [[0.2, 0.9, 0.4], [0.7, 0.4, 0.6], [0.1, 0.8, 0.3]], [0.5, 0.5, 0.5]),
    "nothing told": ([[1, 0], [0, 1]], [[0.1, 0.2], [0.3, 0.4]], [0.5, 0.5]),
    "seven uneven labels, rounded": (many.tolist(), numpy.round(noisy, 2).tolist(), [0.5] * 7),
    "thresholds of each label": (many.tolist(), noisy.tolist(), [0.5, 0.4, 0.3, 0.2, 0.6, 0.1, 0.7]),
}

golden = []
for name, (truth, p, thresholds) in cases.items():
    y, p = numpy.array(truth), numpy.array(p)
    told = (p >= thresholds).astype(int)
    precision, recall, f1, support = precision_recall_fscore_support(y, told, average=None, zero_division=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        average = [average_precision_score(y[:, k], p[:, k]) if support[k] else None for k in range(y.shape[1])]
    best = []
    for k in range(y.shape[1]):
        if not support[k]:
            best.append(None)
            continue
        ps, rs, at = precision_recall_curve(y[:, k], p[:, k])
        f = [2 * a * b / (a + b) if a + b else 0 for a, b in zip(ps[:-1], rs[:-1])]
        # The highest threshold of those with the largest F1.
        largest = max(f)
        best.append([max(t for t, value in zip(at, f) if value > largest - 1e-12), largest])
    known = [a for a in average if a is not None]
    areas = [roc_auc_score(y[:, k], p[:, k]) for k in range(y.shape[1]) if 0 < support[k] < len(y)]
    golden.append({
        "name": name, "truth": y.tolist(), "probabilities": p.tolist(), "thresholds": thresholds,
        "metrics": {
            "accuracy": accuracy_score(y, told),
            "macro_f1": f1_score(y, told, average="macro", zero_division=0),
            "micro_f1": f1_score(y, told, average="micro", zero_division=0),
            "weighted_f1": f1_score(y, told, average="weighted", zero_division=0),
            "mean_average_precision": sum(known) / len(known) if known else 0,
            **({"auroc": sum(areas) / len(areas)} if areas else {}),
            "hamming_loss": hamming_loss(y, told),
            "loss": numpy.mean([log_loss(y[:, k], p[:, k], labels=[0, 1]) for k in range(y.shape[1])]),
        },
        "precision": precision.tolist(), "recall": recall.tolist(), "f1": f1.tolist(), "support": support.tolist(),
        "averagePrecision": average, "best": best,
        "matrices": multilabel_confusion_matrix(y, told).tolist(),
    })

lines = ",\n".join(json.dumps(case) for case in golden)
(Path(__file__).parent / "label_metrics.json").write_text(f"[\n{lines}\n]\n")
