"""Writes seeds.json: two ways to train with three seeds each, and where numpy's bootstrap over groups and seeds says that
the difference of their accuracies and macro F1 lies.

    python Tests/Golden/seeds.py

`lower` and `upper` are means over 20 runs of 2000 draws, `noise` what one such run scatters by.
"""

import json
from pathlib import Path

import numpy
from sklearn.metrics import accuracy_score, f1_score

random = numpy.random.default_rng(7)
PHOTOS, CLASSES, SEEDS = 150, 3, 3
groups = numpy.unique(random.integers(0, 50, PHOTOS), return_inverse=True)[1]
labels = random.integers(0, CLASSES, PHOTOS)
hard = random.normal(size=int(groups.max()) + 1)[groups]


def answers(gain):
    z = random.normal(size=(PHOTOS, CLASSES))
    z[numpy.arange(PHOTOS), labels] += gain + hard
    e = numpy.exp(z)
    return (e / e.sum(axis=1, keepdims=True)).round(4)


# The luck of a seed is as large as what is gained.
first = [answers(0.7 + luck) for luck in (-0.4, 0, 0.5)]
second = [answers(1.1 + luck) for luck in (0.3, -0.5, 0.2)]


def gains(weights, seeds):
    def mean(models):
        said = [models[s].argmax(axis=1) for s in seeds]
        return numpy.mean(
            [[accuracy_score(labels, p, sample_weight=weights),
              f1_score(labels, p, average="macro", sample_weight=weights)] for p in said], axis=0)
    return mean(second) - mean(first)


bounds = []
for run in range(20):
    draw = numpy.random.default_rng(run)
    found = []
    for _ in range(2000):
        times = numpy.bincount(draw.integers(0, groups.max() + 1, groups.max() + 1), minlength=groups.max() + 1)
        found.append(gains(times[groups], draw.integers(0, SEEDS, SEEDS)))
    bounds.append(numpy.percentile(found, [2.5, 97.5], axis=0))
mean, noise = numpy.mean(bounds, axis=0), numpy.std(bounds, axis=0, ddof=1)
(Path(__file__).parent / "seeds.json").write_text(json.dumps({
    "labels": labels.tolist(), "groups": groups.tolist(),
    "first": [p.tolist() for p in first], "second": [p.tolist() for p in second],
    "difference": gains(numpy.ones(PHOTOS), range(SEEDS)).tolist(),
    "lower": mean[0].tolist(), "upper": mean[1].tolist(), "noise": noise.tolist(),
}) + "\n")
