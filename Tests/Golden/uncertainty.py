"""Intervals of shares, tests of paired differences and bootstrapped intervals, by SciPy and scikit-learn.

    python uncertainty.py > uncertainty.json
"""
import json
import numpy as np
from scipy.stats import binomtest
from sklearn.metrics import accuracy_score, f1_score

intervals = []
for hits, count in [(0, 10), (1, 10), (9, 10), (10, 10), (5, 10), (311, 341), (3, 3), (1, 1000), (49_000, 50_000)]:
    interval = binomtest(hits, count).proportion_ci(0.95, method="wilson")
    intervals.append({"hits": hits, "count": count, "lower": interval.low, "upper": interval.high})

tests = [{"first": b, "second": c, "p": binomtest(min(b, c), b + c).pvalue}
         for b, c in [(1, 0), (5, 15), (15, 5), (10, 10), (3, 20), (200, 260), (40_000, 40_500)]]

# Photos of five classes that two models agree on more often than not.
random = np.random.default_rng(1)
labels = random.integers(0, 5, 341)
first = np.where(random.random(341) < 0.8, labels, random.integers(0, 5, 341))
second = np.where(random.random(341) < 0.85, first, np.where(random.random(341) < 0.9, labels, random.integers(0, 5, 341)))


def macro(labels, predicted):
    return f1_score(labels, predicted, average="macro")


def bootstrap(is_paired):
    differences = []
    for _ in range(5_000):
        rows = random.integers(0, 341, 341)
        others = rows if is_paired else random.integers(0, 341, 341)
        differences.append((accuracy_score(labels[others], second[others]) - accuracy_score(labels[rows], first[rows]),
                            macro(labels[others], second[others]) - macro(labels[rows], first[rows])))
    lower, upper = np.percentile(differences, [2.5, 97.5], axis=0)
    return {"accuracy": [lower[0], upper[0]], "macro_f1": [lower[1], upper[1]]}


print(json.dumps({
    "intervals": intervals, "tests": tests, "labels": labels.tolist(), "first": first.tolist(),
    "second": second.tolist(),
    "accuracy": [accuracy_score(labels, first), accuracy_score(labels, second)],
    "macro_f1": [macro(labels, first), macro(labels, second)],
    "paired": bootstrap(True), "unpaired": bootstrap(False),
}))
