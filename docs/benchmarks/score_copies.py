"""score_copies.py OUT.csv INSPECT.json: which planted copies `tutti data inspect --duplicates --json` found.

A copy is found when it is in its original's group. What else is called a copy is counted as `other`.
"""

import collections
import csv
import json
import sys

planted = list(csv.DictReader(open(sys.argv[1])))
found = json.load(open(sys.argv[2]))["duplicates"]
group = {path: number for number, paths in enumerate(found["groups"]) for path in paths}
hits, all_ = collections.Counter(), collections.Counter()
for row in planted:
    all_[row["way"]] += 1
    same = group.get(row["copy"]), group.get(row["original"])
    hits[row["way"]] += same[0] is not None and same[0] == same[1]
origin = {row["copy"]: row["original"] for row in planted}
for way in all_:
    print(f"{way:16} {hits[way]:4} of {all_[way]}")
others = [
    copy for copy in found["copies"]
    if origin.get(copy["first"], copy["first"]) != origin.get(copy["second"], copy["second"])]
print(f"other pairs      {len(others):4}")
for copy in others[:10]:
    print(f"    {copy['first']} {copy['second']} {copy['correlation']:.3f}")
