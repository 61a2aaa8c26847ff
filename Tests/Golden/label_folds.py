"""Writes label_folds.json: label sets, and how evenly iterative-stratification 0.1.9 deals them out to folds.

    pip install iterative-stratification
    python Tests/Golden/label_folds.py

`spread` is the mean over labels and folds of |n - N / k|, of the n of the label's N photos that a fold of k has, over ten
seeds; `spreads` are those of each seed.
"""

import json
from pathlib import Path

import numpy
from iterstrat.ml_stratifiers import MultilabelStratifiedKFold

random = numpy.random.default_rng(3)
cases = []
for photos, shares, folds in [
    (200, [0.5, 0.3, 0.1, 0.05], 5), (300, [0.04] * 12, 4), (150, [0.9, 0.8, 0.02, 0.5, 0.2, 0.03], 3),
    (500, [0.4 / (1 + k) for k in range(20)], 10),
]:
    y = (random.random((photos, len(shares))) < shares).astype(int)
    # Labels that go together.
    y[:, 1] |= y[:, 0] & (random.random(photos) < 0.5)
    spreads = []
    for seed in range(10):
        split = MultilabelStratifiedKFold(n_splits=folds, shuffle=True, random_state=seed)
        counts = numpy.array([y[held].sum(0) for _, held in split.split(numpy.zeros(photos), y)])
        spreads.append(float(numpy.abs(counts - y.sum(0) / folds).mean()))
    cases.append({
        "labels": [numpy.flatnonzero(row).tolist() for row in y], "classes": y.shape[1], "folds": folds,
        "spread": float(numpy.mean(spreads)), "spreads": spreads})
    print(photos, folds, cases[-1]["spread"])

(Path(__file__).parent / "label_folds.json").write_text("[\n" + ",\n".join(map(json.dumps, cases)) + "\n]\n")
