"""score_doubts.py OOF DOUBTS CHANGED SHARE: how many changed labels are found, beside cleanlab.

Prints precision and recall of the first SHARE of the photos of each ranking, and of what each calls doubtful.
"""

import csv
import sys

import numpy as np
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores

oof, doubts, changed, share = sys.argv[1:]
rows = list(csv.DictReader(open(oof)))
classes = [name[2:] for name in rows[0] if name.startswith("p_")]
labels = np.array([classes.index(row["label"]) for row in rows])
probabilities = np.array([[float(row[f"p_{name}"]) for name in classes] for row in rows])
paths = [row["path"] for row in rows]
wrong = set(open(changed).read().split("\n")) - {""}
wrong = {path for path in paths if any(other.endswith(path) for other in wrong)}


def report(name, ranked, doubtful):
    first = round(float(share) * len(paths))
    for what, chosen in ((f"first {first}", ranked[:first]), ("doubtful", doubtful)):
        hits = sum(path in wrong for path in chosen)
        print(
            f"{name:32} {what:10} {len(chosen):5}  precision {hits / max(1, len(chosen)):.3f}  "
            f"recall {hits / len(wrong):.3f}")


own = list(csv.DictReader(open(doubts)))
report("tutti data doubts", [row["path"] for row in own], [row["path"] for row in own if row["doubtful"] == "yes"])
for method in ("self_confidence", "normalized_margin"):
    issues = find_label_issues(labels, probabilities, return_indices_ranked_by=method)
    scores = get_label_quality_scores(labels, probabilities, method=method)
    report(
        f"cleanlab, {method}", [paths[index] for index in np.argsort(scores, kind="stable")],
        [paths[index] for index in issues])
print(f"{len(paths)} photos, {len(wrong)} labels changed")
