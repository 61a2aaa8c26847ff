"""Writes bootstrap.json: intervals by scipy.stats.bootstrap, with their noise, tests by statsmodels and Student's t by SciPy.

    python Tests/Golden/bootstrap.py

`lower` and `upper` are means over runs of 2000 resamples with other seeds, `noise` what one such run scatters by.
"""

import json
import math
from pathlib import Path

import numpy
from scipy import stats
from sklearn.metrics import f1_score, roc_auc_score
from statsmodels.stats.contingency_tables import mcnemar

random = numpy.random.default_rng(4)
PHOTOS, CLASSES = 300, 4
groups = numpy.unique(random.integers(0, 60, PHOTOS), return_inverse=True)[1]
GROUPS = int(groups.max()) + 1
labels = (groups * 7 % CLASSES + (random.random(PHOTOS) < 0.3)) % CLASSES
# What is difficult in a group is so for all of its photos, and for both models.
hard = random.normal(size=GROUPS)[groups] * 1.5


def answers(gain):
    z = random.normal(size=(PHOTOS, CLASSES))
    z[numpy.arange(PHOTOS), labels] += gain + hard
    e = numpy.exp(z)
    return e / e.sum(axis=1, keepdims=True)


first, second = answers(0.8), answers(1.1)


def measured(statistic, units, runs):
    """Of a function of the weights of the units, a row of numbers."""
    bounds = []
    for seed in range(runs):
        found = stats.bootstrap(
            (numpy.arange(units),), lambda drawn: statistic(numpy.bincount(drawn, minlength=units)),
            n_resamples=2000, vectorized=False, method="percentile", random_state=seed)
        bounds.append([found.confidence_interval.low, found.confidence_interval.high])
    mean, noise = numpy.mean(bounds, axis=0), numpy.std(bounds, axis=0, ddof=1)
    return [{"lower": a, "upper": b, "noise": [c, d]} for a, b, c, d in zip(*mean.tolist(), *noise.tolist())]


owns = numpy.eye(CLASSES)[labels]


def class_figures(weights, p=first):
    said = numpy.eye(CLASSES)[p.argmax(axis=1)]
    own, told, hits = weights @ owns, weights @ said, weights @ (owns * said)
    figures = [
        numpy.divide(a, b, out=numpy.zeros(CLASSES), where=b > 0)
        for a, b in [(hits, told), (hits, own), (2 * hits, own + told)]]
    return numpy.stack(figures, axis=1).ravel()


# Of each class, whether a photo is told before another; half where neither.
wins = [[(p[:, None, k] > p[None, :, k]) + (p[:, None, k] == p[None, :, k]) / 2 for k in range(CLASSES)]
        for p in (first, second)]


def metrics(weights):
    values = []
    for p, win in zip((first, second), wins):
        areas = []
        for k in range(CLASSES):
            own, other = weights * owns[:, k], weights * (1 - owns[:, k])
            areas.append(own @ win[k] @ other / (own.sum() * other.sum()))
        brier = weights @ ((p - owns) ** 2).sum(axis=1) / weights.sum()
        values.append([class_figures(weights, p)[2::3].mean(), numpy.mean(areas), brier])
    return numpy.array(values[1]) - numpy.array(values[0])


some = random.integers(0, 3, PHOTOS)
expected = [
    [f1_score(labels, p.argmax(axis=1), average="macro", sample_weight=some),
     numpy.mean([roc_auc_score(labels == k, p[:, k], sample_weight=some) for k in range(CLASSES)])]
    for p in (first, second)]
assert numpy.allclose(metrics(some)[:2], numpy.subtract(*expected[::-1]), atol=1e-12)


def by_groups(statistic):
    return lambda weights: statistic(weights[groups])


golden = {
    "labels": labels.tolist(), "groups": groups.tolist(), "first": first.tolist(),
    "second": second.tolist(),
    # precision, recall and F1 of each class
    "classes": measured(class_figures, PHOTOS, 20),
    "classes_by_groups": measured(by_groups(class_figures), GROUPS, 20),
    # macro F1, AUROC and Brier score, the second's less the first's
    "metrics": measured(metrics, PHOTOS, 8),
    "metrics_by_groups": measured(by_groups(metrics), GROUPS, 8),
    "tests": [
        {"first": b, "second": c, "p": mcnemar([[50, b], [c, 20]], exact=True).pvalue}
        for b, c in [(0, 1), (3, 9), (9, 3), (25, 25), (40, 71), (150, 200)]
    ],
    "quantiles": [
        {"freedom": k, "t": stats.t.ppf(0.975, k)} for k in [1, 2, 3, 4, 5, 9, 14, 29, 99, 999]
    ],
}

# Nadeau and Bengio: variance · (1/k + n_test/n_train), Student's t with k − 1 degrees of freedom.
golden["folded"] = []
for differences, share in [([0.02, 0.03, 0.01, 0.05, 0.02], 0.25), ([0.1, -0.1], 1), ([0.01] * 9 + [0.04], 1 / 9)]:
    k = len(differences)
    error = math.sqrt(numpy.var(differences, ddof=1) * (1 / k + share))
    low, high = stats.t.interval(0.95, k - 1, loc=numpy.mean(differences), scale=error)
    golden["folded"].append({"differences": differences, "share": share, "lower": low, "upper": high})

(Path(__file__).parent / "bootstrap.json").write_text(json.dumps(golden) + "\n")
