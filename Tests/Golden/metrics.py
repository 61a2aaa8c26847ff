"""Writes metrics.json: confusion matrices and what scikit-learn 1.9 says of them.

    python Tests/Golden/metrics.py
"""

import json
from pathlib import Path

import numpy
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    cohen_kappa_score,
    confusion_matrix,
    f1_score,
    matthews_corrcoef,
    precision_recall_fscore_support,
)

random = numpy.random.default_rng(1)
many = random.integers(0, 8, 500)
cases = {
    "perfect": (3, [0, 1, 2, 2], [0, 1, 2, 2]),
    "all wrong": (2, [0, 1, 1], [1, 0, 0]),
    "a class never predicted": (3, [0, 1, 2, 2, 1], [0, 1, 1, 0, 1]),
    "a class without photos": (3, [0, 1, 1, 0], [0, 2, 1, 0]),
    "a class that is in neither": (4, [0, 1, 1, 3], [0, 3, 1, 3]),
    "one photo": (2, [1], [1]),
    "eight uneven classes": (
        8,
        numpy.minimum(many, random.integers(0, 8, 500)).tolist(),
        numpy.where(random.random(500) < 0.6, many, random.integers(0, 8, 500)).tolist(),
    ),
}

golden = []
for name, (classes, labels, predictions) in cases.items():
    every = list(range(classes))
    precision, recall, f1, support = precision_recall_fscore_support(
        labels, predictions, labels=every, zero_division=0
    )
    golden.append(
        {
            "name": name,
            "classes": classes,
            "labels": labels,
            "predictions": predictions,
            "metrics": {
                "accuracy": accuracy_score(labels, predictions),
                "balanced_accuracy": balanced_accuracy_score(labels, predictions),
                "macro_f1": f1_score(labels, predictions, average="macro", zero_division=0),
                "weighted_f1": f1_score(
                    labels, predictions, labels=every, average="weighted", zero_division=0
                ),
                "cohen_kappa": cohen_kappa_score(
                    labels, predictions, labels=every, replace_undefined_by=0.0
                ),
                "matthews_correlation": matthews_corrcoef(labels, predictions),
            },
            "precision": precision.tolist(),
            "recall": recall.tolist(),
            "f1": f1.tolist(),
            "support": support.tolist(),
            "confusionMatrix": confusion_matrix(labels, predictions, labels=every).tolist(),
        }
    )

lines = ",\n".join(json.dumps(case) for case in golden)
(Path(__file__).parent / "metrics.json").write_text(f"[\n{lines}\n]\n")
