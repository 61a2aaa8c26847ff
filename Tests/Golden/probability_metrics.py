"""Writes probability_metrics.json: probabilities of photos with one label each, and what scikit-learn 1.9 says of them.

    python Tests/Golden/probability_metrics.py
"""

import json
from pathlib import Path

import numpy
from sklearn.metrics import (
    average_precision_score,
    brier_score_loss,
    log_loss,
    matthews_corrcoef,
    roc_auc_score,
    top_k_accuracy_score,
)

random = numpy.random.default_rng(21)
EMOTIONS = ["amusement", "anger", "awe", "contentment", "disgust", "excitement", "fear", "sadness"]
WHEEL = ["amusement", "contentment", "awe", "excitement", "fear", "sadness", "disgust", "anger"]


def softmax(z):
    e = numpy.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def drawn(photos, classes, labels=None, gain=1.0):
    """Probabilities that lean to the label."""
    if labels is None:
        labels = random.integers(0, classes, photos)
    z = random.normal(size=(photos, classes))
    z[numpy.arange(photos), labels] += gain
    return labels, softmax(z)


def tied(photos, classes):
    """Quarters: many photos, and many classes of one photo, are equally probable."""
    labels = random.integers(0, classes, photos)
    p = numpy.zeros((photos, classes))
    for row in range(photos):
        for _ in range(4):
            p[row, labels[row] if random.random() < 0.4 else random.integers(0, classes)] += 0.25
    return labels, p


cases = {
    "two classes": drawn(60, 2),
    "two classes, ties": tied(60, 2),
    "three classes": drawn(50, 3),
    "four classes, ties": tied(80, 4),
    "eight emotions": drawn(400, 8, gain=1.5),
    "eight emotions, ties": tied(300, 8),
    "eight classes, two without photos": drawn(90, 8, labels=random.choice([0, 2, 3, 4, 6, 7], 90)),
    "twelve classes": drawn(250, 12),
    "all photos of one class": drawn(20, 3, labels=numpy.ones(20, int)),
    "all certain, some wrongly": (numpy.array([0, 1, 2, 2, 1]), numpy.eye(3)[[0, 1, 2, 0, 1]]),
    "all alike": (numpy.array([0, 1, 2, 3, 4, 5] * 3), numpy.full((18, 6), 1 / 6)),
    "borders of bins": (
        numpy.array([0, 1, 1, 0, 0]), numpy.array([[k / 15, 1 - k / 15] for k in (9, 10, 12, 15, 8)])),
}

golden = []
for name, (labels, p) in cases.items():
    classes = p.shape[1]
    every = list(range(classes))
    told = p.argmax(axis=1)  # The first of equals.
    known = [k for k in every if 0 < (labels == k).sum() < len(labels)]
    metrics = {"matthews_correlation": matthews_corrcoef(labels, told)}
    # scikit-learn takes the last of equals first: in the opposite order of the classes that is our first.
    for k in (3, 5):
        if classes > k:
            metrics[f"top_{k}_accuracy"] = top_k_accuracy_score(
                classes - 1 - labels, p[:, ::-1], k=k, labels=every)
    if known:
        metrics["auroc"] = numpy.mean([roc_auc_score(labels == k, p[:, k]) for k in known])
        if len(known) == classes > 2:
            assert abs(metrics["auroc"] - roc_auc_score(labels, p, multi_class="ovr")) < 1e-12
    metrics["mean_average_precision"] = numpy.mean(
        [average_precision_score(labels == k, p[:, k]) for k in every if (labels == k).any()])
    metrics["brier_score"] = brier_score_loss(labels, p, labels=every, scale_by_half=False)
    if (p[numpy.arange(len(labels)), labels] > 0).all():  # scikit-learn takes 2⁻⁵² for 0.
        metrics["loss"] = log_loss(labels, p, labels=every)
    # The bins of Guo et al. (2017): ((b)/15, (b + 1)/15].
    confidence, right = p.max(axis=1), told == labels
    borders = numpy.arange(16) / 15
    bins, error = [], 0.0
    for low, high in zip(borders[:-1], borders[1:]):
        own = (confidence > low) & (confidence <= high)
        bins.append({"photos": int(own.sum())})
        if own.any():
            bins[-1] |= {"confidence": confidence[own].mean(), "accuracy": right[own].mean()}
            error += own.mean() * abs(bins[-1]["confidence"] - bins[-1]["accuracy"])
    metrics["calibration_error"] = error
    names = EMOTIONS if name.startswith("eight emotions") else [f"class {k}" for k in every]
    if names is EMOTIONS:
        place = numpy.array([WHEEL.index(emotion) for emotion in EMOTIONS])
        way = numpy.abs(place[labels] - place[told])
        metrics["wheel_distance"] = numpy.minimum(way, 8 - way).mean()
        metrics["polarity_accuracy"] = ((place[labels] < 4) == (place[told] < 4)).mean()
    golden.append({
        "name": name, "classes": names, "labels": labels.tolist(), "probabilities": p.tolist(),
        "metrics": {key: float(value) for key, value in metrics.items()}, "bins": bins,
    })

lines = ",\n".join(json.dumps(case) for case in golden)
(Path(__file__).parent / "probability_metrics.json").write_text(f"[\n{lines}\n]\n")
