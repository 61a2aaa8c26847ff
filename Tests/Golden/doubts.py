"""Makes doubts.json: what cleanlab thinks of labels, by probabilities of photos of four classes.

Run beside itself with numpy and cleanlab. Labels of 240 photos, some of them wrong, their probabilities, and of
cleanlab: the thresholds of the classes, the calibrated confident joint, the doubtful photos (pruned by noise rate)
and all photos by their label's probability.
"""

import json
import pathlib

import numpy as np
from cleanlab.count import compute_confident_joint, get_confident_thresholds
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores

random = np.random.default_rng(1)
classes, photos = 4, 240
truth = random.choice(classes, photos, p=[0.4, 0.3, 0.2, 0.1])
# Some are easily taken for others, and class 1 more often for 2.
strength = random.uniform(0.5, 4, (photos, 1))
logits = random.normal(0, 1, (photos, classes)) + strength * np.eye(classes)[truth]
logits[truth == 1, 2] += 1
probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
probabilities = probabilities.round(4)
labels = truth.copy()
wrong = random.choice(photos, 20, replace=False)
labels[wrong] = (labels[wrong] + random.integers(1, classes, len(wrong))) % classes

scores = get_label_quality_scores(labels, probabilities, method="self_confidence")
reference = {
    "labels": labels.tolist(),
    "probabilities": probabilities.tolist(),
    "thresholds": get_confident_thresholds(labels, probabilities).tolist(),
    "joint": compute_confident_joint(labels, probabilities).tolist(),
    "doubtful": np.flatnonzero(find_label_issues(labels, probabilities)).tolist(),
    "order": np.argsort(scores, kind="stable").tolist(),
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(reference) + "\n")
