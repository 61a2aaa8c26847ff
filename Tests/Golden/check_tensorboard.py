"""Reads runs with TensorBoard's own accumulator, and compares what it finds with their metrics.jsonl.

    python Tests/Golden/check_tensorboard.py RUN…
"""

import json
import math
import pathlib
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

compared = 0
for run in map(pathlib.Path, sys.argv[1:]):
    accumulator = EventAccumulator(str(run), size_guidance={"scalars": 0})
    accumulator.Reload()
    tags = accumulator.Tags()["scalars"]
    found = {tag: {event.step: event.value for event in accumulator.Scalars(tag)} for tag in tags}
    lines = [json.loads(line) for line in open(run / "metrics.jsonl")]
    expected = {tag: {} for tag in tags}
    for line in lines:
        step = line["step"]
        if line["kind"] == "step":
            for tag, key in [("train/loss", "loss"), ("train/accuracy", "accuracy"), ("train/learning_rate", "learning_rate"),
                             ("train/gradient_norm", "gradient_norm"), ("speed/images_per_second", "images_per_second")]:
                if line.get(key) is not None:
                    expected[tag][step] = line[key]
        elif line["kind"] == "epoch":
            for key in ["training_loss", "training_accuracy"]:
                if line.get(key) is not None:
                    expected[f"epoch/{key}"][step] = line[key]
            for group in ["validation", "validation_of_average"]:
                scores = line.get(group)
                if scores is None:
                    continue
                for key, value in scores.items():
                    if isinstance(value, (int, float)) and f"{group}/{key}" in expected:
                        expected[f"{group}/{key}"][step] = value
                for score in scores["per_class"]:
                    expected[f"{group}_f1/{score['name']}"][step] = score["f1"]
    for tag, values in expected.items():
        if tag.split("/")[0] in ("memory", "speed") and tag != "speed/images_per_second" or tag in ("epoch/number", "epoch/clipped_share"):
            continue
        assert values, f"{run}: nothing in metrics.jsonl is {tag}"
        assert values.keys() == found[tag].keys(), f"{run}: {tag} has other steps"
        for step, value in values.items():
            assert math.isclose(found[tag][step], value, rel_tol=1e-6, abs_tol=1e-12), f"{run}: {tag} at {step}"
            compared += 1
print(f"{compared} values of {len(sys.argv) - 1} runs agree")
