"""change_labels.py PHOTOS MANIFEST CHANGED SHARE SEED: a manifest in which a share of the labels are others.

Photos are in class folders, directly in PHOTOS or below its folders of splits, which are forgotten. CHANGED gets the
paths of the photos whose label was changed.
"""

import csv
import pathlib
import random
import sys

photos, manifest, changed, share, seed = sys.argv[1:]
files = sorted(file for file in pathlib.Path(photos).rglob("*.jpg"))
labels = [file.parent.name for file in files]
classes = sorted(set(labels))
draw = random.Random(int(seed))
chosen = set(draw.sample(range(len(files)), round(float(share) * len(files))))
with open(manifest, "w", newline="") as stream:
    rows = csv.writer(stream)
    rows.writerow(["path", "label"])
    for index, (file, label) in enumerate(zip(files, labels)):
        if index in chosen:
            label = draw.choice([other for other in classes if other != label])
        rows.writerow([file, label])
pathlib.Path(changed).write_text("".join(f"{files[index]}\n" for index in sorted(chosen)))
