"""Writes folds.json: how scikit-learn 1.9 spreads labels over folds.

    python Tests/Golden/folds.py

For plain folds: the number of items for each fold and class. For folds of groups: the root mean
square of (items of a class in a fold) / (items of the class) - 1 / folds, over folds and classes.
"""

import json
from pathlib import Path

import numpy
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

random = numpy.random.default_rng(1)


def counts(labels, split, classes):
    return [
        numpy.bincount(labels[held_out], minlength=classes).tolist()
        for _, held_out in split
    ]


plain = []
for classes, size, folds in [(2, 10, 2), (3, 31, 5), (4, 97, 4), (8, 203, 5), (8, 150, 10)]:
    weights = random.dirichlet(numpy.full(classes, 3.0))
    # Each class at least as often as there are folds, in an order that is not that of classes.
    labels = numpy.concatenate(
        [numpy.repeat(numpy.arange(classes), folds),
         random.choice(classes, max(0, size - classes * folds), p=weights)])
    labels = random.permutation(labels)
    split = StratifiedKFold(folds, shuffle=True, random_state=1).split(labels, labels)
    plain.append({
        "labels": labels.tolist(), "folds": folds, "counts": counts(labels, split, classes)})

grouped = []
for classes, groups, largest, folds in [(2, 20, 4, 2), (4, 60, 6, 5), (8, 90, 9, 5), (3, 40, 12, 4)]:
    sizes = random.integers(1, largest + 1, groups)
    members = numpy.repeat(numpy.arange(groups), sizes)
    # Half of the groups lean to one class, as a photographer's photos do.
    leaning = random.integers(0, classes, groups)[members]
    labels = numpy.where(random.random(len(members)) < 0.5, leaning,
                         random.integers(0, classes, len(members)))
    order = random.permutation(len(members))
    labels, members = labels[order], members[order]
    spreads = []
    for seed in range(10):
        split = StratifiedGroupKFold(folds, shuffle=True, random_state=seed).split(
            labels, labels, members)
        share = numpy.array(counts(labels, split, classes)) / numpy.bincount(labels)
        spreads.append(float(numpy.sqrt(numpy.mean((share - 1 / folds) ** 2))))
    grouped.append({
        "labels": labels.tolist(), "groups": members.tolist(), "folds": folds,
        "spread": float(numpy.mean(spreads))})

path = Path(__file__).with_suffix(".json")
path.write_text(json.dumps({"plain": plain, "grouped": grouped}) + "\n")
print(f"{path.name}: {path.stat().st_size} bytes")
